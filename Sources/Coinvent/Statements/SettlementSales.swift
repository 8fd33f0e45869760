import Postgres

/// The sale lines that each settlement was the first to count, added up for what statements say of
/// prices: by channel, and by their own territory and format where a product has a contract with
/// terms. What was sold before the period comes late, and is told apart.
enum SettlementSales {
  /// A plan's cut: lines up to an arrival, sold before a moment.
  private struct Cut {
    /// Nil: no period is before.
    let periodStart: Timestamp?
    let plannedAt: Timestamp
    let horizon: Int64
    let cutOff: Timestamp
  }

  /// For the settlements that a version of a period's statements is the first to tell of.
  static func keep(_ period: Period, version: Int32, in tx: Transaction) async throws {
    let settlements = try await tx.all(
      """
      SELECT s.id, s.planned_at, s.horizon, s.cut_off, e.planned_at, e.horizon, e.cut_off
      FROM settlements s
      LEFT JOIN LATERAL (
        SELECT planned_at, horizon, cut_off FROM settlements e WHERE e.planned_at < s.planned_at
        ORDER BY e.planned_at DESC LIMIT 1
      ) AS e ON true
      WHERE s.period_id = \(period.id.uuid) AND s.statement_version = \(version)
      """, as: (UUID, Timestamp, Int64, Timestamp, Timestamp?, Int64?, Timestamp?).self)
    let start = try await period.firstDay(in: tx)?.start
    for (id, plannedAt, horizon, cutOff, before, horizonBefore, cutBefore) in settlements {
      var earlier: Cut?
      if let before, let horizonBefore, let cutBefore {
        earlier = Cut(
          periodStart: start, plannedAt: before, horizon: horizonBefore, cutOff: cutBefore)
      }
      let cut = Cut(periodStart: start, plannedAt: plannedAt, horizon: horizon, cutOff: cutOff)
      try await keep(id, cut, since: earlier, in: tx)
    }
  }

  /// By way of a new table, which all processors fill; rows of an old one come from one. Sorting
  /// costs more than hashing, whatever the planner thinks of the number of groups.
  private static func keep(_ settlement: UUID, _ cut: Cut, since earlier: Cut?, in tx: Transaction)
    async throws
  {
    for setting in ["enable_sort = off", "work_mem = '64MB'"] {
      try await tx.execute("SET LOCAL \(unsafeSQL: setting)")
    }
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE new_sales ON COMMIT DROP AS
      \(sums(sign: 1, from: "sale_lines l", where: isNew(cut, since: earlier), cut))
      """)
    if let earlier {
      try await tx.execute(
        "INSERT INTO new_sales \(withdrawn(cut, since: earlier))")
    }
    try await tx.execute(
      """
      INSERT INTO settlement_sales (settlement_id, product_id, currency, channel, territory, format,
                                    late, units, returned, gross, deducted, price_low, price_high)
      SELECT \(settlement), product_id, currency, channel, territory, format, late,
        sum(units)::bigint,
        coalesce(sum(returned), 0)::bigint, sum(gross), sum(gross - net), min(price_low),
        max(price_high)
      FROM new_sales GROUP BY product_id, currency, channel, territory, format, late
      """)
    try await tx.execute("DROP TABLE new_sales")
  }

  private static func isNew(_ cut: Cut, since earlier: Cut?) -> Query {
    let counted: Query =
      if let earlier {
        "AND (l.arrival > \(earlier.horizon) OR l.sold_at >= \(earlier.cutOff))"
      } else {
        ""
      }
    return """
      l.arrival <= \(cut.horizon) AND l.sold_at < \(cut.cutOff) \(counted)
        AND \(Withdrawals.standAll("l", at: cut.horizon))
      """
  }

  /// What was counted before and has been withdrawn since.
  private static func withdrawn(_ cut: Cut, since earlier: Cut) -> Query {
    sums(
      sign: -1,
      from: "\(Withdrawals.lines(after: earlier.horizon, through: cut.horizon)) AS l",
      where: "l.arrival <= \(earlier.horizon) AND l.sold_at < \(earlier.cutOff)", cut)
  }

  private static func sums(sign: Int64, from lines: Query, where condition: Query, _ cut: Cut)
    -> Query
  {
    """
    SELECT l.product_id, l.currency, l.channel,
      coalesce(CASE WHEN x.product_id IS NOT NULL THEN l.territory END, '') AS territory,
      coalesce(CASE WHEN x.product_id IS NOT NULL THEN l.format END, '') AS format,
      l.sold_at < coalesce(\(cut.periodStart)::timestamptz, '-infinity') AS late,
      \(sign) * sum(l.quantity) AS units,
      \(-sign) * sum(l.quantity) FILTER (WHERE l.quantity < 0) AS returned,
      \(sign) * sum(l.gross) AS gross, \(sign) * sum(l.net) AS net,
      min(l.unit_price) AS price_low, max(l.unit_price) AS price_high
    FROM \(lines)
    LEFT JOIN (
      SELECT DISTINCT product_id FROM contracts
      WHERE terms IS NOT NULL AND (version = 1 OR created_at <= \(cut.plannedAt))
    ) AS x ON x.product_id = l.product_id
    WHERE \(condition)
    GROUP BY l.product_id, l.currency, l.channel, 4, 5, 6
    """
  }
}
