import Coinvent
import HTTPServer

enum SettlementsAPI {
  static func settle(_ call: Call) async throws -> Response { throw Problem.notYet }
}
