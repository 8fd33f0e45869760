import Coinvent
import HTTPServer
import JSON

/// `PUT` and `DELETE /v1/ideas/{id}/vote`.
enum VotesAPI {
  /// The wish travels with whatever other votes arrive now; the answer comes after the commit.
  static func set(_ id: IdeaID, voted: Bool, _ call: Call) async throws -> Response {
    guard let secret = try call.request.tokenSecret() else { throw Problem.noToken }
    let mark = try await call.application.marks.mark(
      address: call.request.remoteAddress, token: secret.id)
    let wish = CastVotes.Wish(idea: id, voter: .holder(of: secret), voted: voted, mark: mark)
    var answer = try await call.application.votes.current.answer(wish)
    if answer.outcome == .missingScope,
      let principal = try await call.application.principal(of: call.request),
      try await call.application.mayVoteAgain(principal)
    {
      answer = try await call.application.votes.current.answer(wish)
    }
    guard answer.outcome == .done else { throw refusal(answer.outcome) }
    return .json(
      JSONWriter.object(reserving: 160) {
        $0.field("idea_id", id)
        $0.field("votes", answer.votes)
        $0.field("voted", answer.voted)
        $0.field("standing", answer.standing?.rawValue)
        $0.field("votes_left", answer.left)
      })
  }

  static func refusal(_ outcome: CastVotes.Outcome) -> Problem {
    switch outcome {
    case .noBudget:
      .conflict(
        "no-votes-left", "Your votes are spent; GET /v1/me/votes tells which, and until when.")
    case .badToken: .badToken
    case .missingScope: .missingScope(.votes)
    case .done, .unknownIdea: .notFound("such idea")
    case .ownIdea: .forbidden("Nobody votes on an idea of their own.", as: "own-idea")
    case .closedIdea:
      .conflict("idea-closed", "The idea is decided; votes are no longer taken.")
    }
  }
}
