import Postgres

/// What is final and has no entry in the chain, or no tree, yet.
public struct UnprovenThings: Sendable, Equatable {
  public let settlements: Int64
  public let payouts: Int64

  /// Nil when everything is proven.
  public var sentence: String? {
    if settlements == 0 && payouts == 0 { return nil }
    return "Not sealed yet: \(settlements) settlements, \(payouts) steps of payouts; a worker or "
      + "coinvent proof seal does it."
  }

  static func count(in db: some Queryable) async throws -> UnprovenThings {
    let (settlements, payouts) = try await db.one(
      """
      SELECT
        (SELECT count(*) FROM settlements s
         WHERE s.done_at IS NOT NULL AND NOT EXISTS (
           SELECT FROM proof_entries e WHERE e.kind = 'lines' AND e.thing = s.id)),
        (SELECT count(*) FROM payout_events v
         WHERE v.to_state IN ('paid', 'failed', 'returned') AND NOT EXISTS (
           SELECT FROM proof_entries e
           WHERE e.kind = 'payout' AND e.thing = v.payout_id AND e.step = v.number))
      """, as: (Int64, Int64).self)
    return UnprovenThings(settlements: settlements, payouts: payouts)
  }
}
