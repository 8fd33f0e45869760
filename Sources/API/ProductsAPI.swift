import Coinvent
import HTTPServer

enum ProductsAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
