import Postgres

/// The exact sums that pools are truncated from, as of a plan. They are left in temporary tables
/// that end with the transaction:
///
/// - `extended (product_id)`: products with a contract version that has terms; they are not summed
///   here but replayed line by line
/// - `summed (product_id)`: the products whose sums are in `sums`, complete; the sums of all others
///   stay as they are stored
/// - `sums`: with the columns of `earned_sums`
enum LifetimeSums {
  /// - Parameter counted: as far as the stored sums have counted, to read only what is new; nil
  ///   reads everything
  static func find(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws {
    // The planner knows nothing of spans of versions, takes them to leave few lines, and sorts what
    // is then all of them; hashing costs the same whatever their number. Rows that go straight into
    // a table are found by one processor, those of a new table by all.
    for setting in ["enable_sort = off", "enable_mergejoin = off", "work_mem = '64MB'"] {
      try await tx.execute("SET LOCAL \(unsafeSQL: setting)")
    }
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE extended ON COMMIT DROP AS
      SELECT DISTINCT product_id FROM contracts
      WHERE terms IS NOT NULL AND (version = 1 OR created_at <= \(scope.plannedAt))
      """)
    if let counted {
      try await findChanged(in: scope, since: counted, in: tx)
    } else {
      try await findAll(in: scope, in: tx)
    }
  }

  private static func findAll(in scope: LifetimePools.Scope, in tx: Transaction) async throws {
    let lines = try await LifetimeLines.grouped(in: scope, in: tx)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE sums ON COMMIT DROP AS
      SELECT * FROM (\(changes(in: scope, lines))) AS sum
      WHERE units <> 0 OR base <> 0 OR earned <> 0
      """)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
      SELECT id AS product_id FROM products p
      WHERE NOT EXISTS (SELECT FROM extended x WHERE x.product_id = p.id)
      """)
  }

  /// What lines change is added to what is stored.
  private static func findChanged(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope, in tx: Transaction
  ) async throws {
    try await CountedRules.findChanged(in: scope, in: tx)
    try await Withdrawals.findProducts(in: scope, since: counted, in: tx)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE sum_changes ON COMMIT DROP AS
      \(changes(in: scope, LifetimeLines.query(in: scope, since: counted)))
      """)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE summed ON COMMIT DROP AS
      SELECT product_id FROM sum_changes UNION SELECT product_id FROM recounted
      """)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE sums ON COMMIT DROP AS
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, month, sum(units)::bigint AS units, sum(base) AS base, sum(earned) AS earned
      FROM (
        SELECT * FROM sum_changes
        UNION ALL
        SELECT product_id, contract_version, share_version, currency, channel, territory, format,
          rate_ppm, month, units, base, earned
        FROM earned_sums JOIN summed USING (product_id)
        WHERE NOT EXISTS (
          SELECT FROM recounted n WHERE n.product_id = earned_sums.product_id)
      ) AS part
      GROUP BY product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, month
      HAVING sum(units) <> 0 OR sum(base) <> 0 OR sum(earned) <> 0
      """)
  }

  private static func changes(in scope: LifetimePools.Scope, _ lines: Query) -> Query {
    """
    WITH \(LifetimeLines.terms(in: scope)), lines AS (
      \(lines)
    )
    SELECT product_id, contract_version, share_version, currency, channel, ''::text AS territory,
      ''::text AS format, rate_ppm, '-infinity'::date AS month, units::bigint,
      nanos * 1000000 AS base, nanos * 1000000 * rate_ppm AS earned
    FROM (
      SELECT l.product_id, t.contract_version, t.share_version, l.currency, l.channel, t.rate_ppm,
        sum(l.units) AS units, sum(CASE t.base WHEN 'gross' THEN l.gross ELSE l.net END) AS nanos
      FROM lines l
      JOIN terms t ON t.product_id = l.product_id AND t.channel = l.channel
        AND l.governed_at >= t.starts_at AND l.governed_at < t.ends_at
      GROUP BY l.product_id, t.contract_version, t.share_version, l.currency, l.channel, t.rate_ppm
    ) AS nano_sums
    """
  }
}
