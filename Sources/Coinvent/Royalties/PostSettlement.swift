import Ledger
import Postgres

/// Posts a planned settlement's pools and credits, some products to a transaction.
enum PostSettlement {
  /// Products in one transaction: enough to amortise the commit, few enough to restart cheaply.
  private static let batch: Int64 = 50

  /// Posts one batch; false when everything is posted. A crash leaves whole batches.
  static func step(_ settlement: UUID, in session: Session) async throws -> Bool {
    try await session.transaction { tx in
      try await tx.execute("SELECT 1 FROM settlements WHERE id = \(settlement) FOR UPDATE")
      let products = try await tx.all(
        """
        SELECT DISTINCT product_id FROM pool_changes
        WHERE settlement_id = \(settlement) AND NOT posted ORDER BY product_id LIMIT \(batch)
        """, as: UUID.self)
      if products.isEmpty { return false }
      try await postPools(settlement, products, in: tx)
      try await postCredits(settlement, products, in: tx)
      try await PostReferrals.step(settlement, products, in: tx)
      try await tx.execute(
        """
        UPDATE pool_changes SET posted = true
        WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
        """)
      return true
    }
  }

  private static func postPools(_ settlement: UUID, _ products: [UUID], in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      INSERT INTO pools (product_id, contract_version, share_version, currency, settled, referred)
      SELECT product_id, contract_version, share_version, currency, after, referred_after
      FROM pool_changes
      WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
      ON CONFLICT (product_id, contract_version, share_version, currency)
        DO UPDATE SET settled = excluded.settled, referred = excluded.referred
      """)
    try await tx.execute(
      """
      INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                             currency, amount, posted_at)
      SELECT product_id, cause, 'pool',
        CASE WHEN after > before THEN 'channel_revenue' ELSE 'product_pool' END::account_kind,
        product_id,
        CASE WHEN after > before THEN 'product_pool' ELSE 'channel_revenue' END::account_kind,
        product_id, currency, abs(after - before), clock_timestamp()
      FROM pool_changes
      WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
        AND after <> before
      """)
  }

  /// One transfer a holder: what is due now of the pool without referrers' parts, less what was due
  /// before. Shares of
  /// a locked version never change, so nothing needs to be looked up in the books.
  private static func postCredits(_ settlement: UUID, _ products: [UUID], in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                             currency, amount, posted_at)
      SELECT product_id, cause, 'credit',
        CASE WHEN delta > 0 THEN 'product_pool' ELSE kind END::account_kind,
        CASE WHEN delta > 0 THEN product_id ELSE member_id END,
        CASE WHEN delta > 0 THEN kind ELSE 'product_pool' END::account_kind,
        CASE WHEN delta > 0 THEN member_id ELSE product_id END,
        currency, abs(delta), clock_timestamp()
      FROM (
        SELECT c.product_id, c.cause, c.currency, t.member_id,
          CASE WHEN t.member_id = \(Account.operator) THEN 'house' ELSE 'clearing' END AS kind,
          ((after / 1000000000) * ppb + (after % 1000000000) * ppb / 1000000000)
          - ((before / 1000000000) * ppb + (before % 1000000000) * ppb / 1000000000) AS delta
        FROM (
          SELECT product_id, share_version, cause, currency, before - referred_before AS before,
            after - referred_after AS after
          FROM pool_changes
          WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
        ) AS c
        JOIN share_totals t ON t.product_id = c.product_id AND t.version = c.share_version
      ) AS due
      WHERE delta <> 0
      """)
  }
}
