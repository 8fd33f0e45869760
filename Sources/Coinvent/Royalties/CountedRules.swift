import Postgres

/// Under which contract and shares each product was counted. Versions are compared, not moments, so
/// that a clock that was set back hides none.
enum CountedRules {
  /// Leaves products that are to be counted anew, extended ones aside, in the temporary table
  /// `recounted`.
  static func findChanged(in scope: LifetimePools.Scope, in tx: Transaction) async throws {
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE recounted ON COMMIT DROP AS
      SELECT product_id FROM (\(changed(in: scope))) AS c
      WHERE NOT EXISTS (SELECT FROM extended x WHERE x.product_id = c.product_id)
      """)
  }

  /// A query of (product_id): those with newer rules than they were counted under.
  static func changed(in scope: LifetimePools.Scope) -> Query {
    """
    SELECT r.product_id
    FROM (\(now(in: scope))) AS r
    LEFT JOIN counted_rules k USING (product_id)
    WHERE (k.contract_version, k.share_version)
      IS DISTINCT FROM (r.contract_version, r.share_version)
    """
  }

  /// Says that every product was counted under the rules of a plan.
  static func store(in scope: LifetimePools.Scope, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO counted_rules AS k (product_id, contract_version, share_version)
      SELECT product_id, contract_version, share_version FROM (\(now(in: scope))) AS r
      ON CONFLICT (product_id) DO UPDATE SET contract_version = excluded.contract_version,
        share_version = excluded.share_version
      WHERE (k.contract_version, k.share_version)
        IS DISTINCT FROM (excluded.contract_version, excluded.share_version)
      """)
  }

  private static func now(in scope: LifetimePools.Scope) -> Query {
    """
    SELECT product_id, c.version AS contract_version, v.version AS share_version
    FROM (
      SELECT product_id, max(version) AS version FROM contracts
      WHERE version = 1 OR created_at <= \(scope.plannedAt) GROUP BY product_id
    ) AS c LEFT JOIN (
      SELECT product_id, max(version) AS version FROM share_versions
      WHERE state = 'locked' AND locked_at <= \(scope.plannedAt) GROUP BY product_id
    ) AS v USING (product_id)
    """
  }
}
