import Postgres

/// What was approved is what was previewed: moment, pools, and the SHA-256 over all of the plan.
enum VerifyPreviews {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await rows(in: tx)
    if finding == nil { finding = try await pools(in: tx) }
    let approved = try await tx.all(
      """
      SELECT v.id, p.name, v.plan_sha256 FROM period_previews v
      JOIN periods p ON p.id = v.period_id JOIN settlements s ON s.id = v.id
      ORDER BY v.planned_at
      """, as: (UUID, String, [UInt8]).self)
    for (id, name, sha256) in approved where finding == nil {
      if try await PlanFacts.sha256(id, in: tx) != sha256 {
        finding = wrong(id, name, "is not the plan that was approved")
      }
    }
    return Verify.Check(
      name: "settlements are what was previewed", rows: approved.count, finding: finding)
  }

  private static func wrong(_ id: UUID, _ period: String, _ detail: String) -> Finding {
    Finding(
      check: "previews",
      detail: "settlement \(SettlementID(uuid: id)) of \(period) \(detail)")
  }

  private static func rows(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT v.id, p.name, CASE
        WHEN s.id IS NULL THEN 'lists other pools in its preview than it says'
        ELSE 'counts other lines than its preview, or in another period' END
      FROM period_previews v JOIN periods p ON p.id = v.period_id
      LEFT JOIN settlements s ON s.id = v.id
        AND (s.horizon, s.cut_off, s.planned_at, s.period_id)
          IS DISTINCT FROM (v.horizon, v.cut_off, v.planned_at, v.period_id)
      WHERE s.id IS NOT NULL
        OR v.changes <> (SELECT count(*) FROM preview_pools o WHERE o.preview_id = v.id)
      ORDER BY v.planned_at LIMIT 1
      """, as: (UUID, String, String).self)
    if let row { return wrong(row.0, row.1, row.2) }
    let astray = try await tx.first(
      """
      SELECT preview_id, 'is no preview any more, or another person''s' FROM preview_pools o
      WHERE NOT EXISTS (SELECT FROM period_previews v WHERE v.id = o.preview_id)
      UNION ALL
      SELECT preview_id, 'is no preview any more, or another person''s' FROM period_events e
      WHERE e.preview_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM period_previews v
        WHERE (v.id, v.period_id, v.maker, v.needs_other)
          = (e.preview_id, e.period_id, e.maker, e.needs_other))
      UNION ALL
      SELECT s.id, 'is of another period than was written down'
      FROM period_events e JOIN settlements s ON s.id = e.settlement_id
      WHERE s.period_id IS DISTINCT FROM e.period_id
      LIMIT 1
      """, as: (UUID, String).self)
    return astray.map { wrong($0.0, "a period", $0.1) }
  }

  private static func pools(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT v.id, p.name, product_id, o.before, o.after, c.before, c.after
      FROM (
        SELECT o.*, preview_id AS settlement_id FROM preview_pools o
        WHERE preview_id IN (SELECT id FROM settlements)
      ) AS o
      FULL JOIN (
        SELECT * FROM pool_changes
        WHERE settlement_id IN (SELECT id FROM period_previews)
      ) AS c USING (product_id, settlement_id, contract_version, share_version, currency)
      JOIN period_previews v ON v.id = settlement_id JOIN periods p ON p.id = v.period_id
      WHERE (o.before, o.after) IS DISTINCT FROM (c.before, c.after)
      ORDER BY v.planned_at, product_id LIMIT 1
      """, as: (UUID, String, UUID, Int64?, Int64?, Int64?, Int64?).self)
    func words(_ before: Int64?, _ after: Int64?) -> String {
      if let before, let after { "from \(before) to \(after) nanos" } else { "not at all" }
    }
    return row.map {
      wrong(
        $0.0, $0.1,
        "was to move a pool of \(ProductID(uuid: $0.2)) \(words($0.3, $0.4)); it moved "
          + "\(words($0.5, $0.6))")
    }
  }
}
