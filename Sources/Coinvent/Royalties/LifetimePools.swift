import Postgres

/// The pools that follow from the lifetime sums: exact sums, truncated once.
enum LifetimePools {
  /// Leaves every pool whose lifetime sum is not what is posted in the temporary table
  /// `plan (product_id, contract_version, share_version, currency, before, after)`.
  ///
  /// `counted` is as far as the stored sums have counted; nil reads everything.
  static func find(in scope: Scope, since counted: Scope?, in tx: Transaction) async throws {
    try await LifetimeSums.find(in: scope, since: counted, in: tx)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE plan ON COMMIT DROP AS
      SELECT product_id, contract_version, share_version, currency,
        coalesce(p.settled, 0) AS before, coalesce(l.pool, 0) AS after
      FROM (
        SELECT product_id, contract_version, share_version, currency,
          div(sum(earned), 1000000000000)::bigint AS pool
        FROM sums GROUP BY product_id, contract_version, share_version, currency
      ) AS l
      FULL JOIN (
        SELECT product_id, contract_version, share_version, currency, settled
        FROM pools JOIN summed USING (product_id)
      ) AS p USING (product_id, contract_version, share_version, currency)
      WHERE coalesce(p.settled, 0) <> coalesce(l.pool, 0)
      """)
    try await ExtendedPlan.find(in: scope, since: counted, in: tx)
  }
}
