import Postgres

/// Orders what a settlement counts against the moment at which it is planned.
///
/// Sales, contracts and locked shares go in under the shared side; a plan takes the exclusive side
/// just long enough to read the last arrival and the clock. What was written before is then
/// committed and counts; what comes later has a higher arrival or a later moment and does not. So
/// `verify` can tell afterwards exactly what a plan has seen.
enum SettlementGate {
  private static let key: Int64 = 0x636f_696e_0001

  /// Held to the end of the transaction; any number at once.
  static func pass(in tx: Transaction) async throws {
    try await tx.execute("SELECT pg_advisory_xact_lock_shared(\(key))")
  }

  /// Waits for those inside; held to the end of the transaction.
  static func close(in tx: Transaction) async throws {
    try await tx.execute("SELECT pg_advisory_xact_lock(\(key))")
  }
}
