import Postgres

/// One settlement, preview, approval or publication at a time.
enum SettlementLock {
  static let key: Int64 = 0x636f_696e_0002

  /// - Parameter key: of another kind of work of the same length.
  /// - Returns: nil when another holds it.
  static func run<Value: Sendable>(
    _ pool: Pool, key: Int64 = key, _ body: @Sendable (Session) async throws -> Value
  ) async throws -> Value? {
    try await pool.session { session in
      guard try await session.one("SELECT pg_try_advisory_lock(\(key))", as: Bool.self) else {
        return nil
      }
      try await SettlementJobs.prepare(session)
      do {
        let value = try await body(session)
        try await session.execute("SELECT pg_advisory_unlock(\(key))")
        return value
      } catch {
        // A connection that is gone has given its lock back by itself.
        do { try await session.execute("SELECT pg_advisory_unlock(\(key))") } catch {}
        throw error
      }
    }
  }
}
