import Ledger
import Postgres

/// Chains steps of payouts that are not chained: those of times before there was a chain.
enum ChainPayouts {
  private static let batch: Int64 = 500

  /// - Returns: how many were missing.
  static func run(in pool: Pool) async throws -> Int {
    var chained = 0
    while true {
      let missing = try await missing(limit: batch, in: pool)
      if missing.isEmpty { return chained }
      try await pool.transaction { tx in
        for step in missing { try await AppendToChain.run(step.entry, in: tx) }
      }
      chained += missing.count
    }
  }

  static func missing(limit: Int64, in db: some Queryable) async throws -> [ChainPayout] {
    try await db.all(
      """
      SELECT \(columns)
      FROM payout_events v JOIN payouts p ON p.member_id = v.member_id AND p.id = v.payout_id
      WHERE v.to_state IN ('paid', 'failed', 'returned') AND NOT EXISTS (
        SELECT FROM proof_entries e
        WHERE e.kind = 'payout' AND e.thing = v.payout_id AND e.step = v.number)
      ORDER BY v.at, v.payout_id, v.number LIMIT \(limit)
      """, of: ChainPayout.self)
  }

  /// Of `payout_events` as v and `payouts` as p.
  static let columns: Query = """
    v.payout_id, v.number, v.member_id, v.rail::text, v.from_state::text, v.to_state::text,
    p.currency, p.amount, v.at
    """
}

extension ChainPayout: RowDecodable {
  init(row: inout RowReader) throws {
    payout = PayoutID(uuid: try row.next(UUID.self))
    step = Int(try row.next(Int32.self))
    member = MemberID(uuid: try row.next(UUID.self))
    rail = try row.known()
    from = try row.known()
    to = try row.known()
    amount = try row.amount()
    moment = try row.next(Timestamp.self)
  }
}
