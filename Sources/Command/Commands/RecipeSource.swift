import Coinvent
import JSON
import Postgres

/// Where a recipe command takes a recipe from: a file, or a version of a product or the default.
enum RecipeSource {
  case file(String)
  case version(Int)

  /// A number is a version; anything else a path.
  init(_ text: String) {
    if let version = Int(text), version >= 0, "\(version)" == text {
      self = .version(version)
    } else {
      self = .file(text)
    }
  }

  /// The recipe that a file holds.
  /// - Throws: `Failure` with every mistake at its place.
  static func read(_ path: String) throws -> Recipe {
    try JSONDocument.read(path, as: "recipe", page: "recipes.md") { json throws(Invalid) in
      try Recipe(json: json)
    }
  }

  /// - Parameter product: whose versions are meant; nil for the default's.
  func recipe(of product: ProductID?, in db: some Queryable) async throws -> Recipe {
    switch self {
    case .file(let path): return try RecipeSource.read(path)
    case .version(let version):
      if let product {
        if let found = try await DatedRecipe.find(version, of: product, in: db) {
          return found.recipe
        }
        throw Failure(.error, "\(product) has no recipe \(version).")
      }
      if let found = try await DefaultRecipe.find(version, in: db) { return found.recipe }
      throw Failure(.error, "There is no default recipe \(version).")
    }
  }

  static let product = Option.value("product", "ID", "Of this product, not the default.")

  static func productID(_ context: Context) throws -> ProductID? {
    try context.value(product, expecting: "a product's id like prod_01…") { ProductID($0) }
  }
}

/// Recipes as lines for people.
enum RecipeText {
  static func part(_ part: Recipe.Part) -> String {
    var text = "\(Recipe.percent(part.ppb)) %  \(part.ppb) ppb  \(part.policy.rawValue)"
    if let step = part.step { text += ", step \(step)" }
    if let tolerance = part.tolerancePPM { text += ", tolerance \(tolerance) ppm" }
    if let minimum = part.minimum { text += ", at least \(minimum) ppb" }
    if let cap = part.cap { text += ", at most \(cap) ppb" }
    return text
  }

  static func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(1, 24 - name.count))
  }

  static func lines(_ recipe: Recipe) -> [String] {
    recipe.parts.map { "  \(padded($0.name))\(part($0))" }
      + ["  what nobody earns: \(recipe.unclaimed.rawValue)"]
  }

  static func lines(_ diff: RecipeDiff) -> [String] {
    var lines = diff.changes.map { change in
      let sign = change.growth > 0 ? "+" : ""
      return "  \(padded(change.name))\(sign)\(Recipe.percent(change.growth)) %  "
        + "\(sign)\(change.growth) ppb: \(change.before.map(part) ?? "nothing") → "
        + "\(change.after.map(part) ?? "nothing")"
    }
    if diff.unclaimed.before != diff.unclaimed.after {
      lines.append(
        "  what nobody earns: \(diff.unclaimed.before.rawValue) → "
          + diff.unclaimed.after.rawValue)
    }
    return lines.isEmpty ? ["  The recipes are the same."] : lines
  }
}
