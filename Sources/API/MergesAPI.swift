import Coinvent
import HTTPServer
import JSON

/// `PUT` and `DELETE /v1/ideas/{id}/merge`.
enum MergesAPI {
  static func merge(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let original = fields.id("into", as: IdeaID.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await MergeIdeas.run(
        id, into: original, reason: reason, by: call.member.member, in: tx)
      if case .merged(let idea, let moved, let already) = outcome {
        return .json(
          JSONWriter.object {
            $0.field("duplicate_id", id)
            $0.field("original_id", idea.id)
            $0.field("votes", idea.votes)
            $0.field("votes_moved", moved)
            $0.field("votes_already_there", already)
          })
      }
      throw refusal(outcome)
    }
  }

  private static func refusal(_ outcome: MergeIdeas.Outcome) -> Problem {
    switch outcome {
    case .merged, .unknown: .notFound("such idea")
    case .itself: .conflict("merge-with-itself", "An idea is no duplicate of itself.")
    case .mergedAlready(let into): .conflict("merged-already", "It is a duplicate of \(into).")
    case .circular:
      .conflict(
        "merge-circle", "That one is a duplicate of this one; take that merge back first.")
    case .chained(let into):
      .conflict("merge-chain", "That one is a duplicate of \(into); merge into it instead.")
    case .hasDuplicates:
      .conflict(
        "has-duplicates", "Other ideas are merged into this one; take those merges back first.")
    case .laterOriginal:
      .conflict(
        "later-original", "The earlier submitter keeps the idea; merge the other way round.")
    case .wrongState(let idea, let state):
      .conflict("wrong-state", "\(idea) is \(state.rawValue), and not merged any more.")
    }
  }

  static func unmerge(_ id: IdeaID, _ call: Call) async throws -> Response {
    let reason = call.request.query["reason"] ?? "The merge was taken back."
    return try await call.write { tx in
      let outcome = try await UnmergeIdeas.run(id, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .unmerged(let idea): return .json(JSONWriter.object { IdeasAPI.write(idea, &$0) })
      case .unknown: throw Problem.notFound("such idea")
      case .notMerged: throw Problem.conflict("not-merged", "The idea is no duplicate.")
      case .originalDecided(let state):
        throw Problem.conflict(
          "wrong-state", "The original is \(state.rawValue); what was counted there stays.")
      }
    }
  }
}
