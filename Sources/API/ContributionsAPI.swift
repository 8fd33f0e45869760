import Coinvent
import HTTPServer

enum ContributionsAPI {
  static func record(_ id: ProductID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
