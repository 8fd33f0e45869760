import Coinvent
import HTTPServer
import JSON

/// What curators do with a conversation: `PUT` and `DELETE` of `/v1/comments/{id}/removal`,
/// `…/official` and `/v1/ideas/{id}/comments/lock`.
enum CurateCommentsAPI {
  static func remove(_ id: CommentID, _ removed: Bool, _ call: Call) async throws -> Response {
    let reason = try reason(call)
    return try await call.write { tx in
      let outcome = try await RemoveComment.run(
        id, removed: removed, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .done(let comment):
        return .json(try await CommentDetails(of: [comment], for: call, in: tx).json(comment))
      case .unknown: throw Problem.notFound("such comment")
      case .deleted:
        throw Problem.conflict("comment-deleted", "Its author has taken the comment back.")
      }
    }
  }

  static func official(_ id: CommentID, _ official: Bool, _ call: Call) async throws -> Response {
    try await call.write { tx in
      let outcome = try await MarkOfficial.run(
        id, official: official, by: call.member.member, in: tx)
      switch outcome {
      case .done(let comment):
        return .json(try await CommentDetails(of: [comment], for: call, in: tx).json(comment))
      case .unknown: throw Problem.notFound("such comment")
      case .notCurator:
        throw Problem.conflict("not-curator", "Only what a curator says can be an official answer.")
      }
    }
  }

  static func lock(
    _ id: IdeaID, in project: ProjectID? = nil, _ locked: Bool, _ call: Call
  ) async throws -> Response {
    let reason = try reason(call)
    return try await call.write { tx in
      let outcome = try await LockConversation.run(
        id, project: project, locked: locked, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .done:
        return .json(
          JSONWriter.object {
            $0.field("idea_id", id)
            $0.field("project_id", project?.description)
            $0.field("locked", locked)
          })
      case .unknown: throw Problem.notFound("such \(project == nil ? "idea" : "project")")
      }
    }
  }

  /// In the body of a PUT, and in the query of a DELETE, whose body would get lost on the way.
  static func reason(_ call: Call) throws -> String {
    guard call.request.method != .delete else { return call.request.query["reason"] ?? "" }
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return reason
  }
}
