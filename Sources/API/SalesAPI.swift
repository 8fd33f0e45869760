import Coinvent
import HTTPServer

enum SalesAPI {
  static func record(_ call: Call) async throws -> Response { throw Problem.notYet }
}
