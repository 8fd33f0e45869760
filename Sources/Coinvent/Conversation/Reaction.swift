import Postgres

/// What a member can show with one sign; one of each kind per member and comment.
public enum Reaction: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
  case thumbsUp = "thumbs_up"
  case heart, tada, laugh, thinking, confused
}

/// Shows a reaction to a comment, or takes it back.
public enum ReactToComment {
  public enum Outcome: Sendable, Equatable {
    /// So it is now, or was already.
    case done
    /// There is no such comment, or it is not to be seen any more.
    case unknown
  }

  public static func run(
    _ reaction: Reaction, to comment: Comment, shown: Bool, by member: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    // Its row is held, so that the counts follow one reaction after the other.
    let state = try await tx.first(
      """
      SELECT state FROM comments
      WHERE idea_id = \(comment.idea.uuid) AND id = \(comment.id.uuid) FOR NO KEY UPDATE
      """, as: Comment.State.self)
    guard state == .visible else { return .unknown }
    let changed =
      shown
      ? try await add(reaction, to: comment, by: member, at: now, in: tx)
      : try await take(reaction, from: comment, by: member, in: tx)
    if changed { try await count(reaction, of: comment, shown ? 1 : -1, in: tx) }
    return .done
  }

  private static func add(
    _ reaction: Reaction, to comment: Comment, by member: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Bool {
    try await tx.execute(
      """
      INSERT INTO reactions (idea_id, comment_id, member_id, kind, reacted_at)
      VALUES (\(comment.idea.uuid), \(comment.id.uuid), \(member.uuid), \(reaction), \(now))
      ON CONFLICT DO NOTHING
      """) == 1
  }

  private static func take(
    _ reaction: Reaction, from comment: Comment, by member: MemberID, in tx: Transaction
  ) async throws -> Bool {
    try await tx.execute(
      """
      DELETE FROM reactions
      WHERE idea_id = \(comment.idea.uuid) AND comment_id = \(comment.id.uuid)
        AND member_id = \(member.uuid) AND kind = \(reaction)
      """) == 1
  }

  private static func count(
    _ reaction: Reaction, of comment: Comment, _ change: Int64, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO reaction_counts (idea_id, comment_id, kind, count)
      VALUES (\(comment.idea.uuid), \(comment.id.uuid), \(reaction), greatest(0, \(change)))
      ON CONFLICT (idea_id, comment_id, kind) DO UPDATE
        SET count = reaction_counts.count + \(change)
      """)
    try await tx.execute(
      """
      UPDATE comments SET reactions = reactions + \(change)
      WHERE idea_id = \(comment.idea.uuid) AND id = \(comment.id.uuid)
      """)
  }

  /// How many of each kind comments have; kinds that nobody has shown are not there.
  public static func counts(of comments: [Comment], in db: some Queryable) async throws
    -> [CommentID: [Reaction: Int64]]
  {
    let reacted = comments.filter { $0.reactions > 0 }
    if reacted.isEmpty { return [:] }
    let rows = try await db.all(
      """
      SELECT comment_id, kind, count FROM reaction_counts
      WHERE idea_id = ANY(\(Array(Set(reacted.map(\.idea.uuid)))))
        AND comment_id = ANY(\(reacted.map(\.id.uuid))) AND count > 0
      """, as: (UUID, Reaction, Int64).self)
    var counts: [CommentID: [Reaction: Int64]] = [:]
    for (comment, kind, count) in rows {
      counts[CommentID(uuid: comment), default: [:]][kind] = count
    }
    return counts
  }

  /// What a member has shown.
  public static func shown(by member: MemberID, on comments: [Comment], in db: some Queryable)
    async throws -> [CommentID: Set<Reaction>]
  {
    let reacted = comments.filter { $0.reactions > 0 }
    if reacted.isEmpty { return [:] }
    let rows = try await db.all(
      """
      SELECT comment_id, kind FROM reactions
      WHERE idea_id = ANY(\(Array(Set(reacted.map(\.idea.uuid)))))
        AND comment_id = ANY(\(reacted.map(\.id.uuid))) AND member_id = \(member.uuid)
      """, as: (UUID, Reaction).self)
    var shown: [CommentID: Set<Reaction>] = [:]
    for (comment, kind) in rows { shown[CommentID(uuid: comment), default: []].insert(kind) }
    return shown
  }
}
