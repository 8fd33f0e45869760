import Ledger
import Postgres

/// Posts what a planned settlement changes of referrers' parts: one transfer each, from the pool to
/// the member's clearing account, as credits are.
enum PostReferrals {
  /// Of products that are being posted; nothing more is asked of those without referrers.
  static func step(_ settlement: UUID, _ products: [UUID], in tx: Transaction) async throws {
    let refer = try await tx.one(
      """
      SELECT EXISTS (
        SELECT FROM pool_changes
        WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
          AND referrals > 0)
      """, as: Bool.self)
    if !refer { return }
    try await tx.execute(
      """
      INSERT INTO referral_dues
        (product_id, contract_version, share_version, currency, member_id, settled)
      SELECT product_id, contract_version, share_version, currency, member_id, after
      FROM referral_changes
      WHERE settlement_id = \(settlement) AND product_id = ANY(\(products))
      ON CONFLICT (product_id, contract_version, share_version, currency, member_id)
        DO UPDATE SET settled = excluded.settled
      """)
    try await tx.execute(
      """
      INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                             currency, amount, posted_at)
      SELECT r.product_id, c.cause, 'refer',
        CASE WHEN r.after > r.before THEN 'product_pool' ELSE 'clearing' END::account_kind,
        CASE WHEN r.after > r.before THEN r.product_id ELSE r.member_id END,
        CASE WHEN r.after > r.before THEN 'clearing' ELSE 'product_pool' END::account_kind,
        CASE WHEN r.after > r.before THEN r.member_id ELSE r.product_id END,
        r.currency, abs(r.after - r.before), clock_timestamp()
      FROM referral_changes r
      JOIN pool_changes c
        USING (product_id, settlement_id, contract_version, share_version, currency)
      WHERE r.settlement_id = \(settlement) AND r.product_id = ANY(\(products))
        AND NOT c.posted
      """)
  }
}
