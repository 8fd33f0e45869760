import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/products/{id}`.
enum ProductsAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    let product = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await Product.find(id, in: $0)
    }
    guard let product else { throw Problem.notFound("such product") }
    return Response.json(product.json.bytes()).tagged(for: call.request)
  }
}
