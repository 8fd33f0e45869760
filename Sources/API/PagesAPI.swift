import Coinvent
import HTTPServer
import Postgres
import Web

/// The public pages: `/products`, and one for each product.
enum PagesRoute: FeatureRoute {
  case products, product(ProductID), style, solvency

  static func at(_ path: Path) -> [(method: Method, route: PagesRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("products", nil, nil): [(.get, .products)]
    case ("solvency", nil, nil): [(.get, .solvency)]
    case ("products", "style.css", nil): [(.get, .style)]
    case ("products", let id?, nil): with(id) { [(.get, .product($0))] }
    default: []
    }
  }

  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .products: try await PagesAPI.products(call)
    case .product(let id): try await PagesAPI.product(id, call)
    case .solvency: try await PagesAPI.solvency(call)
    case .style: PagesAPI.page(Style.bytes, type: "text/css; charset=utf-8", call)
    }
  }

  static let operations = [
    Operation(
      .get, "/products", "pageOfProducts", "The products, for people",
      query: [Operation.Parameter.cursor],
      answers: [.bytes(200, "A page", type: "text/html")]),
    Operation(
      .get, "/solvency", "pageOfSolvency",
      "What members are owed and what is set aside, for people",
      answers: [.bytes(200, "A page", type: "text/html")]),
    Operation(
      .get, "/products/style.css", "styleOfPages", "The style sheet of the pages",
      answers: [.bytes(200, "CSS", type: "text/css")]),
    Operation(
      .get, "/products/{product_id}", "pageOfProduct", "Who holds what of a product, for people",
      query: [.init("page", .whole(1...1_000_000), "Of the holders; 1 unless given")],
      answers: [.bytes(200, "A page", type: "text/html")]),
  ]
}

enum PagesAPI {
  static func products(_ call: Call) async throws -> Response {
    let query = try PageQuery(call.request.query)
    let found = try await ListProducts.run(
      limit: query.limit, after: query.cursor, in: call.pool)
    return page(
      ProductListPage(products: found.products, next: found.next?.text).bytes,
      type: "text/html; charset=utf-8", call)
  }

  /// The last thirteen months.
  static func solvency(_ call: Call) async throws -> Response {
    let today = Timestamp.now.day
    let solvency = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await Solvency.of(
        since: today.adding(days: -395), until: today, step: .month, in: $0)
    }
    return page(SolvencyPage(solvency).bytes, type: "text/html; charset=utf-8", call)
  }

  static func product(_ id: ProductID, _ call: Call) async throws -> Response {
    let text = call.request.query["page"] ?? "1"
    guard let number = Int(text), (1...1_000_000).contains(number) else {
      throw Invalid("/page", "must be a whole number from 1 on")
    }
    guard let influence = try await InfluenceAPI.now(id, call) else {
      throw Problem.notFound("such page")
    }
    let found = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      guard let product = try await Product.find(id, in: tx) else { return nil as ProductPage? }
      let holders = try await Holder.all(of: influence.shares, in: tx)
      guard number <= ProductPage.pages(of: holders.count) else { return nil }
      return ProductPage(
        product: product, influence: influence, holders: holders, number: number)
    }
    guard let found else { throw Problem.notFound("such page") }
    return page(found.bytes, type: "text/html; charset=utf-8", call)
  }

  /// Nothing on a page comes from elsewhere, and nothing of it runs.
  static func page(_ bytes: [UInt8], type: String, _ call: Call) -> Response {
    var response = Response.json(bytes, type: type).tagged(for: call.request)
    response.headers.add(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'")
    response.headers.add("X-Content-Type-Options", "nosniff")
    response.headers.add("Referrer-Policy", "no-referrer")
    return response
  }
}
