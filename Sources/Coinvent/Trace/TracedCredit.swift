import Ledger
import Postgres

/// What one settlement credited a member of one pool, and all that makes the amount.
public struct TracedCredit: Sendable {
  public let settlement: SettlementID
  public let settledAt: Timestamp
  public let product: ProductID
  public let contractVersion: Int
  public let shareVersion: Int
  public let currency: Currency
  /// The lifetime pool of the shares, in nanos; for a referrer, the lifetime part itself.
  public let before: Int64
  public let after: Int64
  /// The member's share in ppb; all of it for a referrer's part.
  public let ppb: Int64
  public let isReferral: Bool

  /// In nanos; below zero after returns.
  public var amount: Int64 {
    Due.of(pool: after, ppb: ppb) - Due.of(pool: before, ppb: ppb)
  }

  /// Of settlements that are done, the first first.
  static func all(of member: MemberID, in db: some Queryable) async throws -> [TracedCredit] {
    let rows = try await db.all(
      """
      SELECT * FROM (
        SELECT c.settlement_id, s.planned_at, c.product_id, c.contract_version, c.share_version,
          c.currency, c.before - c.referred_before, c.after - c.referred_after, t.ppb,
          false AS refers
        FROM share_totals t
        JOIN pool_changes c ON c.product_id = t.product_id AND c.share_version = t.version
        JOIN settlements s ON s.id = c.settlement_id
        WHERE t.member_id = \(member.uuid) AND s.state = 'done'
        UNION ALL
        SELECT r.settlement_id, s.planned_at, r.product_id, r.contract_version, r.share_version,
          r.currency, r.before, r.after, \(Recipe.whole), true
        FROM referral_changes r
        JOIN settlements s ON s.id = r.settlement_id
        WHERE r.member_id = \(member.uuid) AND s.state = 'done'
      ) AS credit
      ORDER BY planned_at, product_id, contract_version, share_version, refers
      """,
      as: (UUID, Timestamp, UUID, Int32, Int32, String, Int64, Int64, Int64, Bool).self)
    return rows.compactMap { row in
      Currency(row.5).map {
        TracedCredit(
          settlement: SettlementID(uuid: row.0), settledAt: row.1, product: ProductID(uuid: row.2),
          contractVersion: Int(row.3), shareVersion: Int(row.4), currency: $0, before: row.6,
          after: row.7, ppb: row.8, isReferral: row.9)
      }
    }.filter { $0.amount != 0 }
  }
}
