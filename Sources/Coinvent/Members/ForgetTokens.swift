import Postgres

/// Takes out sessions that ended long ago; tokens stay, so that their owner sees what there was.
public enum ForgetTokens {
  /// - Returns: how many.
  @discardableResult
  public static func run(endedBefore time: Timestamp, in db: some Queryable) async throws -> Int {
    try await db.execute(
      """
      DELETE FROM tokens
      WHERE kind = 'session' AND (expires_at < \(time) OR revoked_at < \(time))
      """)
  }
}
