import Postgres

/// How far a provider's list of changes has been read. It only moves forward, and only after what
/// was read is recorded; reading something twice does no harm.
public enum PayoutFeed {
  public static func position(of provider: String, in db: some Queryable) async throws -> Int64 {
    try await db.first(
      "SELECT position FROM payout_feeds WHERE provider = \(provider)", as: Int64.self) ?? 0
  }

  public static func advance(_ provider: String, to position: Int64, in db: some Queryable)
    async throws
  {
    try await db.execute(
      """
      INSERT INTO payout_feeds AS f (provider, position) VALUES (\(provider), \(position))
      ON CONFLICT (provider) DO UPDATE SET position = excluded.position
      WHERE f.position < excluded.position
      """)
  }
}
