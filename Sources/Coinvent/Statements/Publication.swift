import Postgres

/// The making of a period's statements, and how far it has come.
struct Publication: Sendable {
  let version: Int
  let after: UUID
  let made: Int64

  /// The one that is not finished; nil when there is none.
  static func open(of period: Period, in db: some Queryable) async throws -> Publication? {
    let row = try await db.first(
      """
      SELECT version, after, made FROM publications
      WHERE period_id = \(period.id.uuid) AND done_at IS NULL
      """, as: (Int32, UUID, Int64).self)
    return row.map { Publication(version: Int($0.0), after: $0.1, made: $0.2) }
  }

  /// Fixes which settlements it tells of, and what products are called.
  static func begin(_ period: Period, by: MemberID?, at now: Timestamp, in tx: Transaction)
    async throws -> Publication
  {
    let version = try await tx.one(
      """
      INSERT INTO publications (period_id, version, begun_by, begun_at, after, made)
      SELECT \(period.id.uuid), coalesce(max(version), 0) + 1, \(by?.uuid), \(now), \(UUID.zero), 0
      FROM publications WHERE period_id = \(period.id.uuid)
      RETURNING version
      """, as: Int32.self)
    // Settlements from before there were periods are told with the first one.
    try await tx.execute(
      """
      UPDATE settlements SET period_id = \(period.id.uuid)
      WHERE period_id IS NULL AND state = 'done'
      """)
    try await tx.execute(
      """
      UPDATE settlements SET statement_version = \(version)
      WHERE period_id = \(period.id.uuid) AND statement_version IS NULL AND state = 'done'
      """)
    try await tx.execute(
      """
      INSERT INTO statement_products (product_id, period_id, version, name)
      SELECT p.id, \(period.id.uuid), \(version), p.name FROM products p
      WHERE p.id IN (
        SELECT c.product_id FROM pool_changes c JOIN settlements s ON s.id = c.settlement_id
        WHERE s.period_id = \(period.id.uuid) AND s.statement_version = \(version))
      """)
    try await keepSales(period, version, in: tx)
    return Publication(version: Int(version), after: .zero, made: 0)
  }

  /// Adds up the sale lines that each settlement was the first to count.
  private static func keepSales(_ period: Period, _ version: Int32, in tx: Transaction) async throws
  {
    try await tx.execute(
      """
      INSERT INTO settlement_sales (settlement_id, product_id, currency, channel, territory, format,
                                    units, gross, deducted, price_low, price_high)
      SELECT s.id, l.product_id, l.currency, l.channel, coalesce(l.territory, ''),
        coalesce(l.format, ''), sum(sign * l.quantity)::bigint, sum(sign * l.gross),
        sum(sign * (l.gross - l.net)), min(l.unit_price), max(l.unit_price)
      FROM settlements s
      LEFT JOIN LATERAL (
        SELECT horizon, cut_off FROM settlements e WHERE e.planned_at < s.planned_at
        ORDER BY e.planned_at DESC LIMIT 1
      ) AS e ON true
      JOIN LATERAL (
        SELECT 1 AS sign, n.* FROM sale_lines n
        WHERE n.arrival <= s.horizon AND n.sold_at < s.cut_off
          AND (n.arrival > coalesce(e.horizon, 0) OR n.sold_at >= e.cut_off)
          AND NOT EXISTS (SELECT FROM sale_withdrawals w
                          WHERE w.report_id = n.report_id AND w.arrival <= s.horizon)
        UNION ALL
        -- What was counted before and has been withdrawn since.
        SELECT -1, n.* FROM sale_lines n
        JOIN sale_withdrawals w ON w.report_id = n.report_id
          AND w.arrival > e.horizon AND w.arrival <= s.horizon
        WHERE n.arrival <= e.horizon AND n.sold_at < e.cut_off
      ) AS l ON true
      WHERE s.period_id = \(period.id.uuid) AND s.statement_version = \(version)
      GROUP BY 1, 2, 3, 4, 5, 6
      """)
  }
}
