import Coinvent
import HTTPServer

enum InfluenceAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
