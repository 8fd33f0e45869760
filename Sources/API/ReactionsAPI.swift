import Coinvent
import HTTPServer
import JSON

/// `PUT` and `DELETE` of `/v1/comments/{id}/helpful` and `…/reactions/{reaction}`.
enum ReactionsAPI {
  static func react(_ id: CommentID, _ reaction: Reaction, _ shown: Bool, _ call: Call) async throws
    -> Response
  {
    let comment = try await CommentsAPI.readable(id, call)
    return try await call.write { tx in
      let outcome = try await ReactToComment.run(
        reaction, to: comment, shown: shown, by: call.member.member, in: tx)
      guard outcome == .done, let now = try await Comment.find(id, in: tx) else {
        throw Problem.notFound("such comment")
      }
      return .json(try await CommentDetails(of: [now], for: call, in: tx).json(now))
    }
  }

  static func mark(_ id: CommentID, _ marked: Bool, _ call: Call) async throws -> Response {
    _ = try await CommentsAPI.readable(id, call)
    return try await call.write { tx in
      let outcome = try await MarkHelpful.run(
        id, marked: marked, by: call.member.member, role: call.member.role, in: tx)
      switch outcome {
      case .done(let comment):
        return .json(try await CommentDetails(of: [comment], for: call, in: tx).json(comment))
      case .unknown: throw Problem.notFound("such comment")
      case .notAllowed:
        throw Problem.forbidden(
          "Only the idea's author and curators mark comments helpful.", as: "not-author")
      case .ownComment:
        throw Problem.forbidden("Nobody marks a comment of their own.", as: "own-comment")
      case .counted:
        throw Problem.conflict(
          "mark-counted", "The idea is a product now, and the mark has earned its part.")
      case .sharesFrozen:
        throw Problem.conflict(
          "shares-frozen", "The product's shares are proposed or locked; nothing is added to them.")
      case .noSlice:
        throw Problem.conflict(
          "no-such-slice", "The product's recipe gives nothing to the discussion of its idea.")
      }
    }
  }
}
