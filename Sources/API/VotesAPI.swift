import Coinvent
import HTTPServer
import JSON

/// `PUT` and `DELETE /v1/ideas/{id}/vote`.
enum VotesAPI {
  /// The wish travels with whatever other votes arrive now; the answer comes after the commit.
  static func set(_ id: IdeaID, voted: Bool, _ call: Call) async throws -> Response {
    guard let secret = try call.request.tokenSecret() else { throw Problem.noToken }
    let wish = CastVotes.Wish(idea: id, voter: .holder(of: secret), voted: voted)
    let answer = try await call.application.votes.current.answer(wish)
    guard answer.outcome == .done else { throw refusal(answer.outcome) }
    return .json(
      JSONWriter.object(reserving: 96) {
        $0.field("idea_id", id)
        $0.field("votes", answer.votes)
        $0.field("voted", answer.voted)
      })
  }

  static func refusal(_ outcome: CastVotes.Outcome) -> Problem {
    switch outcome {
    case .badToken: .badToken
    case .missingScope: .missingScope(.votes)
    case .done, .unknownIdea: .notFound("such idea")
    case .ownIdea: .forbidden("Nobody votes on an idea of their own.", as: "own-idea")
    case .closedIdea:
      .conflict("idea-closed", "The idea is decided; votes are no longer taken.")
    }
  }
}
