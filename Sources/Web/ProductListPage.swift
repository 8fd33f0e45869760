import Coinvent

/// The products of the community, the newest first.
public struct ProductListPage: Sendable {
  let products: [ListProducts.Entry]
  /// The cursor of the next page.
  let next: String?

  public init(products: [ListProducts.Entry], next: String?) {
    self.products = products
    self.next = next
  }

  public var bytes: [UInt8] {
    let rows = products.map { product -> HTML in
      """
      <li><a href="\("/products/\(product.id)")">\(product.name)</a>, \
      shares \(product.state.rawValue)</li>

      """
    }
    let list: HTML = rows.isEmpty ? "<p>There is none yet.</p>" : "<ul>\n\(rows)</ul>"
    let more: HTML =
      next.map {
        """
        <nav aria-label="More"><a rel="next" href="/products?cursor=\($0)">Older products</a></nav>
        """
      } ?? ""
    return HTML.page(
      "Products",
      """
      <h1>Products</h1>
      \(list)
      \(more)
      """)
  }
}
