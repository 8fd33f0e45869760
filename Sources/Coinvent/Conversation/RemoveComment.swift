import JSON
import Postgres

/// A curator takes a comment out of sight, with a reason for everybody, or puts it back.
public enum RemoveComment {
  public enum Outcome: Sendable {
    case done(Comment)
    case unknown
    /// Its author has taken it back.
    case deleted
  }

  /// - Parameter removed: false puts it back. What is so already stays as it is.
  /// - Throws: `Invalid` for the reason.
  public static func run(
    _ id: CommentID, removed: Bool, reason: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let comment = try await Comment.hold(id, in: tx) else { return .unknown }
    if comment.state == .deleted { return .deleted }
    let state: Comment.State = removed ? .removed : .visible
    if comment.state == state { return .done(comment) }
    try await comment.move(to: state, reason: removed ? reason.trimmed : nil, in: tx)
    try await Audit.record(
      removed ? "comment_removed" : "comment_restored", on: id.description, reason: reason,
      before: ["state": .string(comment.state.rawValue), "text": .string(comment.text)],
      after: ["state": .string(state.rawValue)], by: curator, at: now, in: tx)
    try await Notify.post(
      .moderation, about: comment.idea, subject: id.uuid,
      detail: (removed ? "Your comment was removed: " : "Your comment is back: ") + reason.trimmed,
      by: curator, to: .members([comment.author]), at: now, in: tx)
    return try await Comment.find(id, in: tx).map(Outcome.done) ?? .unknown
  }
}
