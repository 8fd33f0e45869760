import Postgres

/// The lifetime parts of referrers. Like pools they are sums over all lines that count, exact and
/// truncated once, so that the order and the cuts of settlements do not matter.
enum LifetimeReferrals {
  /// Whether any contract gives referrers a part; contracts are never changed or deleted.
  static func exist(in db: some Queryable) async throws -> Bool {
    try await db.one(
      "SELECT EXISTS (SELECT FROM contracts WHERE referral_ppm > 0)", as: Bool.self)
  }

  /// Leaves the sums of products in `summed` in the temporary table `part_sums`, and every part
  /// that is not what is posted in `referral_plan (product_id, contract_version, share_version,
  /// currency, member_id, before, after)`.
  ///
  /// Call it after `LifetimePools.find`, with the same scopes.
  static func find(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws {
    let stored: Query =
      counted == nil
      ? ""
      : """
      UNION ALL
      SELECT product_id, contract_version, share_version, currency, member_id, part
      FROM referral_sums JOIN summed USING (product_id)
      WHERE NOT EXISTS (
          SELECT FROM recounted n WHERE n.product_id = referral_sums.product_id)
        AND NOT EXISTS (
          SELECT FROM replayed n WHERE n.product_id = referral_sums.product_id)
      """
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE part_sums ON COMMIT DROP AS
      SELECT product_id, contract_version, share_version, currency, member_id, sum(part) AS part
      FROM (
        \(changes(in: scope, since: counted))
        \(stored)
        UNION ALL
        SELECT product_id, contract_version, share_version, currency, member_id, part
        FROM replayed_parts
      ) AS each
      GROUP BY product_id, contract_version, share_version, currency, member_id
      HAVING sum(part) <> 0
      """)
    try await findPlan(in: tx)
  }

  private static func findPlan(in tx: Transaction) async throws {
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE referral_plan ON COMMIT DROP AS
      SELECT product_id, contract_version, share_version, currency, member_id,
        coalesce(d.settled, 0) AS before, coalesce(l.due, 0) AS after
      FROM (
        SELECT product_id, contract_version, share_version, currency, member_id,
          div(part, 1000000000000)::bigint AS due
        FROM part_sums
      ) AS l
      FULL JOIN (
        SELECT product_id, contract_version, share_version, currency, member_id, settled
        FROM referral_dues JOIN summed USING (product_id)
      ) AS d USING (product_id, contract_version, share_version, currency, member_id)
      WHERE coalesce(d.settled, 0) <> coalesce(l.due, 0)
      """)
  }

  private static func changes(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?
  ) -> Query {
    """
    (WITH \(LifetimeLines.terms(in: scope)), lines AS (
      \(LifetimeLines.query(in: scope, since: counted))
    )
    SELECT l.product_id, t.contract_version, t.share_version, l.currency, r.member_id,
      t.rate_ppm * t.referral_ppm
        * sum(CASE t.base WHEN 'gross' THEN l.gross ELSE l.net END) AS part
    FROM lines l
    JOIN referrals r ON r.product_id = l.product_id AND r.code = l.referral
    JOIN terms t ON t.product_id = l.product_id AND t.channel = l.channel
      AND l.governed_at >= t.starts_at AND l.governed_at < t.ends_at
    WHERE l.referral IS NOT NULL AND t.referral_ppm > 0
    GROUP BY l.product_id, t.contract_version, t.share_version, l.currency, r.member_id, t.rate_ppm,
      t.referral_ppm)
    """
  }
}
