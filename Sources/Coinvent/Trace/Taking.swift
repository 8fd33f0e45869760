import Ledger
import Postgres

/// What left a member's balance for good, or is on its way out.
public struct Taking: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case payout
    /// A submission fee that was paid from the balance and not refunded.
    case fee
    /// What a member who has left gave to the house.
    case gift
    /// What was credited and taken back, because units came back.
    case returned
  }

  public let kind: Kind
  /// For a payout.
  public let payout: PayoutID?
  public let currency: Currency
  /// In nanos, above zero.
  public let amount: Int64
  public let at: Timestamp

  /// Payouts that failed or came back took nothing.
  static func all(of member: MemberID, in db: some Queryable) async throws -> [Taking] {
    let rows = try await db.all(
      """
      SELECT 'payout', id, currency, amount, created_at FROM payouts
      WHERE member_id = \(member.uuid) AND state NOT IN ('failed', 'returned')
      UNION ALL
      SELECT CASE t.reason WHEN 'give' THEN 'gift' ELSE 'fee' END, NULL, t.currency, t.amount,
        t.posted_at
      FROM transfers t
      WHERE t.home = \(member.uuid) AND t.from_kind = 'member_payable'
        AND (t.reason = 'give' OR t.reason = 'hold' AND NOT EXISTS (
          SELECT FROM transfers r
          WHERE r.home = t.home AND r.cause = t.cause AND r.reason = 'refund'))
      """, as: (String, UUID?, String, Int64, Timestamp).self)
    return rows.compactMap { kind, payout, code, amount, at in
      guard let kind = Kind(rawValue: kind), let currency = Currency(code) else { return nil }
      return Taking(
        kind: kind, payout: payout.map(PayoutID.init(uuid:)), currency: currency, amount: amount,
        at: at)
    }
  }
}
