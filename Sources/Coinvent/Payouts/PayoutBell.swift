import Postgres

/// Tells sleeping workers that there is something to do.
public enum PayoutBell {
  public static let channel = "coinvent_payouts"

  public static func ring(in tx: Transaction) async throws {
    try await tx.execute("SELECT pg_notify(\(channel), '')")
  }
}
