import Postgres

/// Follows an idea, and stops following it.
public enum FollowIdea {
  public enum Outcome: Sendable, Equatable {
    /// It is followed now, or was already.
    case followed
    /// There is none, or it is a draft of somebody else.
    case unknown
  }

  public static func run(
    _ idea: IdeaID, by member: MemberID, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    let known = try await db.first(
      """
      SELECT true FROM ideas
      WHERE id = \(idea.uuid) AND (state <> 'draft' OR author_id = \(member.uuid))
      """, as: Bool.self)
    if known == nil { return .unknown }
    try await add(member, to: idea, at: now, in: db)
    return .followed
  }

  /// Who takes part in an idea follows it: its author, and who comments on it.
  public static func add(
    _ member: MemberID, to idea: IdeaID, at now: Timestamp = .now, in db: some Queryable
  ) async throws {
    try await db.execute(
      """
      INSERT INTO idea_followers (idea_id, member_id, followed_at)
      VALUES (\(idea.uuid), \(member.uuid), \(now)) ON CONFLICT DO NOTHING
      """)
  }

  /// Stops; not following it already is fine.
  public static func stop(_ idea: IdeaID, by member: MemberID, in db: some Queryable) async throws {
    try await db.execute(
      """
      DELETE FROM idea_followers WHERE idea_id = \(idea.uuid) AND member_id = \(member.uuid)
      """)
  }
}
