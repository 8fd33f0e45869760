import Ledger
import Postgres

/// Posts a planned settlement's pools and credits, some products to a transaction, on some
/// connections at once: products do not touch each other's rows.
enum PostSettlement {
  /// Products in one transaction at the most: enough to amortise the commit, few enough to restart
  /// cheaply.
  private static let limit = 25

  /// How far posting is, for people who wait.
  struct Progress {
    let posted: Int
    let of: Int
    /// By the pace so far.
    let remaining: Duration
  }

  /// Posts everything that is left; a crash leaves whole batches.
  /// - Parameter progress: called after each batch, by one caller at a time
  static func run(
    _ settlement: UUID, _ jobs: SettlementJobs, progress: @escaping @Sendable (Progress) -> Void
  ) async throws {
    let (all, left) = try await products(of: settlement, in: jobs.session)
    // Some batches for each connection, so that all end at about the same time.
    let parts = 2 * max(1, jobs.count)
    let batch = max(1, min(limit, (left.count + parts - 1) / parts))
    let batches = stride(from: 0, to: left.count, by: batch).map {
      Array(left[$0..<min(left.count, $0 + batch)])
    }
    let numbers = WorkQueue(count: batches.count)
    let began = ContinuousClock.now
    try await jobs.run(atMost: batches.count) { session in
      while let number = numbers.next() {
        try await post(settlement, batches[number], in: session)
        numbers.finish { finished in
          let waiting = max(0, left.count - finished * batch)
          progress(
            Progress(
              posted: all - waiting, of: all,
              remaining: (.now - began) * waiting / (finished * batch)))
        }
      }
    }
  }

  /// How many products the settlement changes, and those that are not posted, in order.
  static func products(of settlement: UUID, in session: Session) async throws
    -> (all: Int, left: [UUID])
  {
    let all = try await session.one(
      "SELECT count(DISTINCT product_id) FROM pool_changes WHERE settlement_id = \(settlement)",
      as: Int.self)
    let left = try await session.all(
      """
      SELECT DISTINCT product_id FROM pool_changes
      WHERE settlement_id = \(settlement) AND NOT posted ORDER BY product_id
      """, as: UUID.self)
    return (all, left)
  }

  /// Posts some products in one transaction; what is posted already stays as it is.
  static func post(_ settlement: UUID, _ products: [UUID], in session: Session) async throws {
    try await session.transaction { tx in
      // Another run may be at it when a connection, and the lock with it, was lost.
      let open = try await tx.all(
        """
        SELECT product_id FROM pool_changes
        WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
        ORDER BY product_id, contract_version, share_version, currency FOR UPDATE
        """, as: UUID.self)
      if open.isEmpty { return }
      try await postPools(settlement, products, in: tx)
      try await postCredits(settlement, products, in: tx)
      try await PostReferrals.step(settlement, products, in: tx)
      try await tx.execute(
        """
        UPDATE pool_changes SET posted = true
        WHERE settlement_id = \(settlement) AND product_id = ANY(\(products)) AND NOT posted
        """)
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
