import Coinvent
import HTTPServer

enum EarningsAPI {
  static func read(_ id: MemberID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
