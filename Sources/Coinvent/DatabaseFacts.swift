import Postgres

/// What `doctor` wants to know of a server; reads no table of ours.
public struct DatabaseFacts: Sendable {
  /// 150020 for 15.20.
  public let version: Int
  public let versionText: String
  public let database: String
  public let user: String
  public let encoding: String
  /// True on a replica, or where somebody has made the database read-only.
  public let isReadOnly: Bool
  public let hasChecksums: Bool
  /// False where a power cut may lose what was committed.
  public let isDurable: Bool
  public let connections: Int
  public let connectionLimit: Int
  /// The server's clock when it answered.
  public let clock: Timestamp

  public static func read(from db: some Queryable) async throws -> DatabaseFacts {
    let (version, text, database, user, encoding, readOnly, checksums, durable) =
      try await db.one(
        """
        SELECT current_setting('server_version_num')::int8, current_setting('server_version'),
          current_database()::text, current_user::text, current_setting('server_encoding'),
          pg_is_in_recovery() OR current_setting('transaction_read_only')::bool,
          current_setting('data_checksums')::bool,
          current_setting('fsync')::bool AND current_setting('synchronous_commit') <> 'off'
        """, as: (Int, String, String, String, String, Bool, Bool, Bool).self)
    let (connections, limit, clock) = try await db.one(
      """
      SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
        current_setting('max_connections')::int8, clock_timestamp()
      """, as: (Int, Int, Timestamp).self)
    return DatabaseFacts(
      version: version, versionText: text, database: database, user: user, encoding: encoding,
      isReadOnly: readOnly, hasChecksums: checksums, isDurable: durable,
      connections: connections, connectionLimit: limit, clock: clock)
  }
}
