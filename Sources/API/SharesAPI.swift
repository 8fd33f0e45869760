import Coinvent
import HTTPServer

enum SharesAPI {
  static func propose(_ id: ProductID, _ call: Call) async throws -> Response { throw Problem.notYet }
  static func lock(_ id: ProductID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
