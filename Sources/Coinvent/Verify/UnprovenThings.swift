import Postgres

/// What is final and has no entry in the chain, no tree or no hash yet.
public struct UnprovenThings: Sendable, Equatable {
  public let settlements: Int64
  public let payouts: Int64
  public let statements: Int64

  /// Nil when everything is proven.
  public var sentence: String? {
    let parts = [(settlements, "settlement"), (payouts, "payout step"), (statements, "statement")]
      .filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
    if parts.isEmpty { return nil }
    return "Not sealed yet: \(parts.joined(separator: ", ")); a worker or coinvent proof seal "
      + "does it."
  }

  static func count(in db: some Queryable) async throws -> UnprovenThings {
    let (settlements, payouts, statements) = try await db.one(
      """
      SELECT
        (SELECT count(*) FROM settlements s
         WHERE s.done_at IS NOT NULL AND NOT EXISTS (
           SELECT FROM proof_entries e WHERE e.kind = 'lines' AND e.thing = s.id)),
        (SELECT count(*) FROM payout_events v
         WHERE v.to_state IN ('paid', 'failed', 'returned') AND NOT EXISTS (
           SELECT FROM proof_entries e
           WHERE e.kind = 'payout' AND e.thing = v.payout_id AND e.step = v.number)),
        (SELECT coalesce(sum(made - (
           SELECT count(*) FROM statement_seals s
           WHERE s.period_id = u.period_id AND s.version = u.version)), 0)::bigint
         FROM publications u WHERE u.done_at IS NOT NULL AND NOT u.sealed)
      """, as: (Int64, Int64, Int64).self)
    return UnprovenThings(settlements: settlements, payouts: payouts, statements: statements)
  }
}
