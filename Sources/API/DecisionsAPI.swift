import Coinvent
import HTTPServer

enum DecisionsAPI {
  static func decide(_ id: IdeaID, _ call: Call) async throws -> Response { throw Problem.notYet }
}
