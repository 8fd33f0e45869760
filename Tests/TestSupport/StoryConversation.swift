import Coinvent
import Postgres

extension Story {
  /// A comment, or a reply.
  @discardableResult
  public func comment(
    _ text: String, on idea: IdeaID, to parent: CommentID? = nil, official: Bool = false,
    by author: MemberID, role: Role = .member, at now: Timestamp = .now
  ) async throws -> Comment {
    let outcome = try await pool.transaction {
      try await PostComment.run(
        text, on: idea, to: parent, official: official, by: author, role: role, at: now, in: $0)
    }
    guard case .posted(let comment) = outcome else { throw Surprise("\(outcome)") }
    return comment
  }
}
