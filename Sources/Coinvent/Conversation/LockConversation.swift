import JSON
import Postgres

/// Ends the conversation about an idea, or in a project of its product, for all but curators, or
/// opens it again.
public enum LockConversation {
  public enum Outcome: Sendable, Equatable {
    case done
    case unknown
  }

  /// - Throws: `Invalid` for the reason.
  public static func run(
    _ idea: IdeaID, project: ProjectID? = nil, locked: Bool, reason: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    let state = try await tx.first(
      "SELECT state FROM ideas WHERE id = \(idea.uuid)", as: Idea.State.self)
    guard let state, state != .draft else { return .unknown }
    if let project, try await !PostComment.isTalkedAbout(project, of: idea, in: tx) {
      return .unknown
    }
    try await tx.execute(
      """
      INSERT INTO conversations (idea_id, thread_id) VALUES (\(idea.uuid), \(project.thread))
      ON CONFLICT DO NOTHING
      """)
    let changed = try await tx.execute(
      """
      UPDATE conversations
      SET locked_at = \(locked ? now : nil), locked_by = \(locked ? curator.uuid : nil),
        lock_reason = \(locked ? reason.trimmed : nil)
      WHERE idea_id = \(idea.uuid) AND thread_id = \(project.thread)
        AND (locked_at IS NOT NULL) <> \(locked)
      """)
    if changed == 0 { return .done }
    try await Audit.record(
      locked ? "conversation_locked" : "conversation_unlocked",
      on: project?.description ?? idea.description,
      reason: reason, before: ["locked": .bool(!locked)], after: ["locked": .bool(locked)],
      by: curator, at: now, in: tx)
    return .done
  }

  /// Why it is locked; nil when it is open.
  static func reason(on idea: IdeaID, _ project: ProjectID?, in db: some Queryable) async throws
    -> String?
  {
    try await db.first(
      """
      SELECT lock_reason FROM conversations
      WHERE idea_id = \(idea.uuid) AND thread_id = \(project.thread)
      """, as: String?.self) ?? nil
  }
}
