import Postgres

/// What settlement remembers, so that it need not read everything again: how far it has counted,
/// under which rules, and what waits for shares. A wrong one would make the next plan wrong.
enum VerifyCounted {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let name = "the next settlement goes on from where the last one ended"
    guard let scope = try await LifetimePools.Scope.counted(in: tx) else {
      return Verify.Check(name: name, rows: 0, finding: nil)
    }
    var finding = try await marker(scope, in: tx)
    if finding == nil { finding = try await rules(scope, in: tx) }
    if finding == nil { finding = try await waiting(scope, in: tx) }
    return Verify.Check(
      name: name, rows: try await VerifyPostings.count("counted_rules", in: tx), finding: finding)
  }

  private static func finding(_ detail: String) -> Finding {
    Finding(check: "counted", detail: detail)
  }

  /// It is the last settlement's, or of a later plan that changed nothing.
  private static func marker(_ scope: LifetimePools.Scope, in tx: Transaction) async throws
    -> Finding?
  {
    let arrived = try await tx.one(
      """
      SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM sale_lines_arrival_seq
      """, as: Int64.self)
    if scope.horizon > arrived {
      return finding("lines are counted up to arrival \(scope.horizon); the last is \(arrived)")
    }
    let last = try await tx.first(
      """
      SELECT id, horizon, cut_off, planned_at FROM settlements ORDER BY planned_at DESC LIMIT 1
      """, as: (UUID, Int64, Timestamp, Timestamp).self)
    guard let (id, horizon, cutOff, plannedAt) = last else { return nil }
    let isLater =
      scope.plannedAt > plannedAt && scope.horizon >= horizon && scope.cutOff >= cutOff
    if isLater || (scope.plannedAt, scope.horizon, scope.cutOff) == (plannedAt, horizon, cutOff) {
      return nil
    }
    return finding(
      "lines are counted up to arrival \(scope.horizon), \(scope.cutOff), as of "
        + "\(scope.plannedAt); settlement \(SettlementID(uuid: id)) counted them up to \(horizon), "
        + "\(cutOff), as of \(plannedAt)")
  }

  private static func rules(_ scope: LifetimePools.Scope, in tx: Transaction) async throws
    -> Finding?
  {
    let row = try await tx.first(
      """
      SELECT product_id, concat_ws(' and ', k.contract_version, k.share_version),
        concat_ws(' and ', r.contract_version, r.share_version)
      FROM counted_rules k
      FULL JOIN (
        SELECT product_id, max(version) AS contract_version, (
          SELECT max(v.version) FROM share_versions v
          WHERE v.product_id = c.product_id AND v.state = 'locked'
            AND v.locked_at <= \(scope.plannedAt)) AS share_version, min(created_at) AS began
        FROM contracts c WHERE version = 1 OR created_at <= \(scope.plannedAt) GROUP BY product_id
      ) AS r USING (product_id)
      WHERE (k.contract_version, k.share_version)
          IS DISTINCT FROM (r.contract_version, r.share_version)
        AND (k.product_id IS NOT NULL OR r.began <= \(scope.plannedAt))
      ORDER BY product_id LIMIT 1
      """, as: (UUID, String, String).self)
    return row.map { product, counted, newest in
      finding(
        "\(ProductID(uuid: product)) is counted under contract and shares "
          + "\(counted.isEmpty ? "of none" : counted); the newest then were "
          + "\(newest.isEmpty ? "none" : newest)")
    }
  }

  private static func waiting(_ scope: LifetimePools.Scope, in tx: Transaction) async throws
    -> Finding?
  {
    let row = try await tx.first(
      """
      SELECT product_id, currency, concat_ws(' of ', w.lines, w.gross),
        concat_ws(' of ', s.lines, s.gross)
      FROM (SELECT * FROM waiting_sales WHERE lines <> 0 OR gross <> 0) AS w
      FULL JOIN (
        SELECT product_id, currency, count(*) AS lines, sum(gross) AS gross FROM sale_lines s
        WHERE arrival <= \(scope.horizon) AND \(Withdrawals.stands("s", at: scope.horizon))
          AND product_id NOT IN (
            SELECT product_id FROM share_versions
            WHERE state = 'locked' AND locked_at <= \(scope.plannedAt))
        GROUP BY product_id, currency
      ) AS s USING (product_id, currency)
      WHERE (w.lines, w.gross) IS DISTINCT FROM (s.lines, s.gross)
      ORDER BY product_id, currency LIMIT 1
      """, as: (UUID, String, String, String).self)
    return row.map { product, currency, stored, found in
      finding(
        "\(stored.isEmpty ? "no" : stored) nanos \(currency) of \(ProductID(uuid: product)) are "
          + "stored as lines that wait for shares; \(found.isEmpty ? "none" : found) wait")
    }
  }
}
