import Postgres

/// Reads proxy votes.
public enum ListProxyVotes {
  /// All of an idea, the newest first, rescinded and confirmed ones included; at most 1 000.
  public static func of(_ idea: IdeaID, in db: some Queryable) async throws -> [ProxyVote] {
    try await db.all(
      """
      SELECT \(ProxyVote.columns) FROM proxy_votes WHERE idea_id = \(idea.uuid)
      ORDER BY cast_at DESC, id DESC LIMIT 1000
      """, of: ProxyVote.self)
  }

  /// How many people's votes wait for them, those of an idea's duplicates included; who is named
  /// twice counts once.
  public static func count(of idea: IdeaID, in db: some Queryable) async throws -> Int64 {
    try await db.one(
      """
      SELECT count(DISTINCT lower(email)) FROM proxy_votes
      WHERE rescinded_at IS NULL AND confirmed_at IS NULL AND idea_id IN (
        SELECT \(idea.uuid)
        UNION ALL SELECT duplicate_id FROM idea_merges
        WHERE original_id = \(idea.uuid) AND undone_at IS NULL)
      """, as: Int64.self)
  }

  /// Those that wait for a member, by the member's address; at most 1 000.
  public static func waiting(for member: MemberID, in db: some Queryable) async throws
    -> [ProxyVote]
  {
    try await db.all(
      """
      SELECT \(ProxyVote.columns) FROM proxy_votes
      WHERE lower(email) = (SELECT lower(m.email) FROM members m WHERE m.id = \(member.uuid))
        AND rescinded_at IS NULL AND confirmed_at IS NULL
      ORDER BY cast_at DESC, id DESC LIMIT 1000
      """, of: ProxyVote.self)
  }
}
