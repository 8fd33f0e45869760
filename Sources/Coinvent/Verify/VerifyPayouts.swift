import Ledger
import Postgres

/// Compares each payout's state with the transfers that such a state must have left.
enum VerifyPayouts {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT p.id, p.state::text, p.currency, p.amount,
        concat_ws(', ', 'reserve ' || t.reserve, 'pay ' || t.pay, 'release ' || t.release,
                  'bounce ' || t.bounce)
      FROM payouts p
      LEFT JOIN LATERAL (
        SELECT sum(amount) FILTER (WHERE reason = 'reserve') AS reserve,
          sum(amount) FILTER (WHERE reason = 'pay') AS pay,
          sum(amount) FILTER (WHERE reason = 'release') AS release,
          sum(amount) FILTER (WHERE reason = 'bounce') AS bounce
        FROM transfers
        WHERE home = p.member_id AND cause = p.id AND currency = p.currency
      ) AS t ON true
      WHERE t.reserve IS DISTINCT FROM p.amount
        OR t.pay IS DISTINCT FROM CASE WHEN p.state IN ('paid', 'returned') THEN p.amount END
        OR t.release IS DISTINCT FROM CASE p.state WHEN 'failed' THEN p.amount END
        OR t.bounce IS DISTINCT FROM CASE p.state WHEN 'returned' THEN p.amount END
      ORDER BY p.id LIMIT 1
      """, as: (UUID, String, String, Int64, String).self)
    var finding = row.map { id, state, currency, amount, moved in
      Finding(
        check: "payouts",
        detail: "\(PayoutID(uuid: id)) is \(state) with \(amount) nanos \(currency); "
          + "its transfers are \(moved.isEmpty ? "missing" : moved)")
    }
    if finding == nil { finding = try await history(in: tx) }
    return Verify.Check(
      name: "payouts moved what their state says",
      rows: try await VerifyPostings.count("payouts", in: tx), finding: finding)
  }

  /// Each stands where the last step of its history led, on the same rail.
  private static func history(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT p.id, p.step, p.state::text, coalesce(v.number, 0),
        coalesce(v.to_state::text, 'nothing')
      FROM payouts p LEFT JOIN LATERAL (
        SELECT number, to_state, rail FROM payout_events v
        WHERE v.member_id = p.member_id AND v.payout_id = p.id ORDER BY number DESC LIMIT 1
      ) AS v ON true
      WHERE (p.step, p.state, p.rail) IS DISTINCT FROM (v.number, v.to_state, v.rail)
      ORDER BY p.id LIMIT 1
      """, as: (UUID, Int32, String, Int32, String).self)
    return row.map { id, step, state, number, led in
      Finding(
        check: "payouts",
        detail: "\(PayoutID(uuid: id)) stands at step \(step), \(state); its history leads to step "
          + "\(number), \(led), or to another rail")
    }
  }
}
