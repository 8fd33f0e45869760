import Postgres

/// Takes back one's own comment. Its place in the thread stays, without its text.
public enum DeleteComment {
  public enum Outcome: Sendable, Equatable {
    case deleted
    case unknown
    case notAuthor
  }

  public static func run(_ id: CommentID, by author: MemberID, in tx: Transaction) async throws
    -> Outcome
  {
    guard let comment = try await Comment.hold(id, in: tx) else { return .unknown }
    guard comment.author == author else { return .notAuthor }
    switch comment.state {
    case .deleted: return .deleted
    case .removed: return .unknown
    case .visible:
      try await comment.move(to: .deleted, reason: nil, in: tx)
      return .deleted
    }
  }
}

extension Comment {
  /// Changes the state of a held comment, and what is counted with it.
  func move(to state: State, reason: String?, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE comments
      SET state = \(state), reason = \(reason), official = official AND \(state == .visible)
      WHERE idea_id = \(idea.uuid) AND id = \(id.uuid)
      """)
    let change: Int64 = (state == .visible ? 1 : 0) - (self.state == .visible ? 1 : 0)
    if change != 0 {
      try await PostComment.count(change, on: idea, project, below: path.dropLast(), in: tx)
    }
  }
}
