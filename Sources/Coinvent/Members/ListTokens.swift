import Postgres

/// A member's tokens, the newest first.
public enum ListTokens {
  /// - Parameter all: also the ended ones.
  public static func run(
    of member: MemberID, all: Bool = false, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> [Token] {
    try await db.all(
      """
      SELECT \(Token.columns) FROM tokens
      WHERE member_id = \(member.uuid)
        AND (\(all) OR (revoked_at IS NULL AND expires_at > \(now)))
      ORDER BY id DESC LIMIT 1000
      """, of: Token.self)
  }
}
