import Coinvent

/// A recipe as a bar of its parts, drawn here and not by a script. The table beside it says the
/// same in words.
enum RecipePicture {
  /// As many colours as the style sheet has.
  static let colours = 12

  static func bar(_ recipe: Recipe) -> HTML {
    var start: Int64 = 0
    let parts = recipe.parts.enumerated().map { place, part -> HTML in
      defer { start += part.ppb }
      return """
        <rect class="\(colour(place))" x="\(start / 1_000_000)" y="0" \
        width="\((start + part.ppb) / 1_000_000 - start / 1_000_000)" height="60"></rect>
        """
    }
    let words = recipe.parts.map { "\($0.name) \(Recipe.percent($0.ppb)) %" }
    return """
      <svg class="recipe" viewBox="0 0 1000 60" preserveAspectRatio="none" role="img" \
      aria-label="\("The recipe: " + words.joined(separator: ", "))">\(parts)</svg>
      """
  }

  /// The square that stands before a part's name.
  static func mark(_ place: Int) -> HTML {
    """
    <svg class="mark" viewBox="0 0 10 10" aria-hidden="true">\
    <rect class="\(colour(place))" x="0" y="0" width="10" height="10"></rect></svg>
    """
  }

  private static func colour(_ place: Int) -> String { "part\(place % colours)" }
}
