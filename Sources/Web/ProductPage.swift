import Coinvent

/// Who holds what of a product, for everybody to read.
public struct ProductPage: Sendable {
  let product: Product
  let influence: Influence
  /// All of them; the page shows some.
  let holders: [Holder]
  /// From 1.
  let number: Int

  /// So many holders on a page.
  public static let size = 50

  public init(product: Product, influence: Influence, holders: [Holder], number: Int) {
    self.product = product
    self.influence = influence
    self.holders = holders
    self.number = number
  }

  public static func pages(of count: Int) -> Int { max(1, (count + size - 1) / size) }

  public var bytes: [UInt8] {
    HTML.page(
      product.name,
      """
      <h1>\(product.name)</h1>
      <p>Stage: \(product.stage.rawValue.words).</p>
      \(state)
      \(recipe)
      \(table)
      \(check)
      """)
  }

  private var state: HTML {
    switch influence.state {
    case .running:
      """
      <p><strong>Running:</strong> contributions are still coming in; this is what would be held \
      if the shares were proposed now.</p>
      """
    case .proposed:
      """
      <p><strong>Proposed:</strong> version \(version) may be disputed until \
      <time>\(influence.disputeUntil?.description ?? "it is locked")</time>.</p>
      """
    case .locked:
      """
      <p><strong>Locked:</strong> money moves on version \(version).</p>
      """
    }
  }

  private var version: Int64 { Int64(influence.version ?? 0) }

  private var recipe: HTML {
    let rows = product.recipe.parts.enumerated().map { place, part -> HTML in
      """
      <tr><th scope="row">\(RecipePicture.mark(place)) \(part.name.words)</th>\
      <td class="number">\(Recipe.percent(part.ppb)) %</td>\
      <td>\(part.policy.rawValue.words)</td></tr>

      """
    }
    return """
      <section aria-labelledby="recipe"><h2 id="recipe">What earns</h2>
      \(RecipePicture.bar(product.recipe))
      <table><caption>The parts of the community’s share</caption>
      <thead><tr><th scope="col">Part</th><th scope="col" class="number">Share</th>\
      <th scope="col">Divided</th></tr></thead>
      <tbody>
      \(rows)</tbody></table></section>
      """
  }

  private var table: HTML {
    let first = (number - 1) * ProductPage.size
    let shown = holders.dropFirst(first).prefix(ProductPage.size)
    let rows = shown.map { holder -> HTML in
      """
      <tr><th scope="row">\(name(holder))</th>\
      <td class="number">\(Recipe.percent(holder.ppb)) %</td>\
      <td>\(holder.parts.map(\.words).joined(separator: ", "))</td></tr>

      """
    }
    return """
      <section aria-labelledby="holders"><h2 id="holders">Who holds what</h2>
      <table><caption>\(Int64(holders.count)) holders, the greatest first; all together 100 % \
      </caption>
      <thead><tr><th scope="col">Holder</th><th scope="col" class="number">Holds</th>\
      <th scope="col">By</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      \(turning)</section>
      """
  }

  private func name(_ holder: Holder) -> String {
    switch holder.name {
    case .member(let name): name
    case .anonymous: "a member"
    case .house: "the house"
    }
  }

  private var turning: HTML {
    let pages = ProductPage.pages(of: holders.count)
    if pages == 1 { return "" }
    let here = "/products/\(product.id)"
    func link(_ rel: String, _ page: Int, _ words: String) -> HTML {
      if !(1...pages).contains(page) { return "" }
      return "<a rel=\"\(rel)\" href=\"\(here)?page=\(Int64(page))\">\(words)</a>"
    }
    return """
      <nav aria-label="Pages of holders">\(link("prev", number - 1, "Greater"))
      page \(Int64(number)) of \(Int64(pages))
      \(link("next", number + 1, "Smaller"))</nav>
      """
  }

  private var check: HTML {
    let api = "/v1/products/\(product.id)/influence"
    return """
      <section aria-labelledby="check"><h2 id="check">How to check it</h2>
      <p>The shares as data are at <a href="\(api)">\(api)</a>. Their SHA-256 is</p>
      <p><code>\(Digest.hex(influence.sha256))</code></p>
      <p>It is taken over one line for each share, in their order: part, holder’s id \
      (<code>house</code> for the house) and parts per billion, with a space between. Who is shown \
      as “a member” is in it by id, which members see of their own and the operator of all; \
      <code>coinvent verify</code> recounts every version from its contributions.</p></section>
      """
  }
}

extension String {
  /// A name of the API as people write it: `idea_votes` is “idea votes”.
  var words: String { String(map { $0 == "_" ? " " : $0 }) }
}
