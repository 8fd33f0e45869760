import JSON
import Postgres

/// Marks a comment helpful, which is what earns in the slice of the idea's discussion, or takes the
/// mark back.
///
/// The idea's author and curators mark, and nobody marks a comment of their own. The author's own
/// comments earn like any others when a curator marks them: money.md says that members earn whose
/// comments were marked helpful, and takes nobody out.
public enum MarkHelpful {
  public enum Outcome: Sendable {
    /// So it is now, or was already.
    case done(Comment)
    /// There is no such comment, or it is not to be seen any more.
    case unknown
    /// Only the idea's author and curators mark.
    case notAllowed
    case ownComment
    /// The idea is a product, and the mark has been counted.
    case counted
    /// The idea is a product whose shares are proposed or locked: nothing is added to them.
    case sharesFrozen
    /// The idea is a product whose recipe has no slice for the discussion.
    case noSlice
  }

  public static func run(
    _ id: CommentID, marked: Bool, by member: MemberID, role: Role = .member,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    guard let comment = try await Comment.find(id, in: tx) else { return .unknown }
    // Held against a decision meanwhile: a mark stands before it, or is a contribution after it.
    let idea = try await tx.one(
      "SELECT state, author_id FROM ideas WHERE id = \(comment.idea.uuid) FOR SHARE",
      as: (Idea.State, UUID).self)
    guard let held = try await Comment.hold(id, in: tx), held.state == .visible else {
      return .unknown
    }
    guard role.includes(.curator) || idea.1 == member.uuid else { return .notAllowed }
    guard comment.author != member else { return .ownComment }
    if try await isMarked(held, by: member, in: tx) == marked { return .done(held) }
    // What is said in a project is no part of the idea's discussion, and earns none of its slice.
    if idea.0 == .accepted && held.project == nil {
      guard marked else { return .counted }
      if let no = try await contribute(held, by: member, at: now, in: tx) { return no }
    }
    try await change(held, marked: marked, by: member, at: now, in: tx)
    return try await Comment.find(id, in: tx).map(Outcome.done) ?? .unknown
  }

  private static func isMarked(_ comment: Comment, by member: MemberID, in tx: Transaction)
    async throws -> Bool
  {
    try await tx.one(
      """
      SELECT EXISTS (SELECT FROM helpful_marks
                     WHERE idea_id = \(comment.idea.uuid) AND comment_id = \(comment.id.uuid)
                       AND member_id = \(member.uuid))
      """, as: Bool.self)
  }

  /// - Returns: why it cannot be.
  private static func contribute(
    _ comment: Comment, by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome? {
    let outcome = try await CreditDiscussion.later(comment, by: member, at: now, in: tx)
    return switch outcome {
    case .credited: nil
    case .sharesFrozen: .sharesFrozen
    case .noSlice: .noSlice
    }
  }

  private static func change(
    _ comment: Comment, marked: Bool, by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    if marked {
      try await tx.execute(
        """
        INSERT INTO helpful_marks (idea_id, comment_id, member_id, marked_at)
        VALUES (\(comment.idea.uuid), \(comment.id.uuid), \(member.uuid), \(now))
        """)
    } else {
      try await tx.execute(
        """
        DELETE FROM helpful_marks
        WHERE idea_id = \(comment.idea.uuid) AND comment_id = \(comment.id.uuid)
          AND member_id = \(member.uuid)
        """)
    }
    try await tx.execute(
      """
      UPDATE comments SET helpful = helpful + \(Int64(marked ? 1 : -1))
      WHERE idea_id = \(comment.idea.uuid) AND id = \(comment.id.uuid)
      """)
    try await Audit.record(
      marked ? "comment_marked_helpful" : "comment_unmarked", on: comment.id.description,
      before: ["marks": .int(comment.helpful)],
      after: ["marks": .int(comment.helpful + (marked ? 1 : -1))], by: member, at: now, in: tx)
    if marked {
      try await Notify.post(
        .helpful, about: comment.idea, subject: comment.id.uuid, detail: comment.text, by: member,
        to: .members([comment.author]), at: now, in: tx)
    }
  }

  /// Which of the comments a member has marked.
  public static func marked(by member: MemberID, of comments: [Comment], in db: some Queryable)
    async throws -> Set<CommentID>
  {
    let helpful = comments.filter { $0.helpful > 0 }
    if helpful.isEmpty { return [] }
    let rows = try await db.all(
      """
      SELECT comment_id FROM helpful_marks
      WHERE idea_id = ANY(\(Array(Set(helpful.map(\.idea.uuid)))))
        AND comment_id = ANY(\(helpful.map(\.id.uuid))) AND member_id = \(member.uuid)
      """, as: UUID.self)
    return Set(rows.map(CommentID.init(uuid:)))
  }
}
