import Postgres

/// Tells sleeping workers that there is something to do.
public enum PayoutBell {
  public static let channel = "coinvent_payouts"

  public static func ring(in db: some Queryable) async throws {
    try await db.execute("SELECT pg_notify(\(channel), '')")
  }
}
