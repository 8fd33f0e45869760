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
    let extended = try await tx.all(
      """
      SELECT DISTINCT product_id FROM contracts
      WHERE terms IS NOT NULL AND (version = 1 OR created_at <= \(cut.plannedAt))
      """, as: UUID.self)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE new_sales ON COMMIT DROP AS
      \(plain(1, "sale_lines l", isNew(cut, since: earlier), but: extended, cut))
      """)
    if !extended.isEmpty {
      try await tx.execute(
        """
        INSERT INTO new_sales
        \(placed(1, "sale_lines l", isNew(cut, since: earlier), of: extended, cut))
        """)
    }
    if let earlier { try await takeBack(cut, since: earlier, extended, in: tx) }
    try await tx.execute(
      """
      INSERT INTO settlement_sales (settlement_id, product_id, currency, channel, territory, format,
                                    late, units, returned, gross, deducted, price_low, price_high)
      SELECT \(settlement), product_id, currency, channel, territory, format, late,
        sum(side.units)::bigint, coalesce(sum(side.returned), 0)::bigint, sum(side.gross),
        sum(side.gross - side.net), min(side.low), max(side.high)
      FROM new_sales CROSS JOIN LATERAL (
        VALUES (false, lines, units, returned, gross, net, low, high),
          (true, late_lines, late_units, late_returned, late_gross, late_net, late_low, late_high)
      ) AS side (late, lines, units, returned, gross, net, low, high)
      WHERE side.lines > 0 GROUP BY product_id, currency, channel, territory, format, late
      """)
    try await tx.execute("DROP TABLE new_sales")
  }

  /// What was counted before and has been withdrawn since.
  private static func takeBack(
    _ cut: Cut, since earlier: Cut, _ extended: [UUID], in tx: Transaction
  ) async throws {
    let lines: Query =
      "\(Withdrawals.lines(after: earlier.horizon, through: cut.horizon)) AS l"
    let counted: Query =
      "l.arrival <= \(earlier.horizon) AND l.sold_at < \(earlier.cutOff)"
    try await tx.execute(
      "INSERT INTO new_sales \(plain(-1, lines, counted, but: extended, cut))")
    if extended.isEmpty { return }
    try await tx.execute(
      "INSERT INTO new_sales \(placed(-1, lines, counted, of: extended, cut))")
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

  /// Of products without terms. Groups are few, and the planner has to know that: with an
  /// expression among what groups, one processor would do all of it.
  private static func plain(
    _ sign: Int64, _ lines: Query, _ condition: Query, but extended: [UUID], _ cut: Cut
  ) -> Query {
    let isPlain: Query = extended.isEmpty ? "" : "AND l.product_id <> ALL(\(extended))"
    return """
      SELECT l.product_id, l.currency, l.channel, ''::text AS territory, ''::text AS format,
        \(sums(sign, cut))
      FROM \(lines) WHERE \(condition) \(isPlain)
      GROUP BY l.product_id, l.currency, l.channel
      """
  }

  private static func placed(
    _ sign: Int64, _ lines: Query, _ condition: Query, of extended: [UUID], _ cut: Cut
  ) -> Query {
    """
    SELECT l.product_id, l.currency, l.channel, coalesce(l.territory, ''), coalesce(l.format, ''),
      \(sums(sign, cut))
    FROM \(lines) WHERE \(condition) AND l.product_id = ANY(\(extended))
    GROUP BY l.product_id, l.currency, l.channel, l.territory, l.format
    """
  }

  /// Of what was sold in the period, and the same of what was sold before.
  private static func sums(_ sign: Int64, _ cut: Cut) -> Query {
    let isLate: Query = "l.sold_at < coalesce(\(cut.periodStart)::timestamptz, '-infinity')"
    return "\(sums(sign, "NOT \(isLate)", "")), \(sums(sign, isLate, "late_"))"
  }

  private static func sums(_ sign: Int64, _ condition: Query, _ prefix: StaticString) -> Query {
    let name: Query = "\(unsafeSQL: "\(prefix)")"
    return """
      count(*) FILTER (WHERE \(condition)) AS \(name)lines,
      \(sign) * sum(l.quantity) FILTER (WHERE \(condition)) AS \(name)units,
      \(-sign) * sum(l.quantity) FILTER (WHERE l.quantity < 0 AND \(condition)) AS \(name)returned,
      \(sign) * sum(l.gross) FILTER (WHERE \(condition)) AS \(name)gross,
      \(sign) * sum(l.net) FILTER (WHERE \(condition)) AS \(name)net,
      min(l.unit_price) FILTER (WHERE \(condition)) AS \(name)low,
      max(l.unit_price) FILTER (WHERE \(condition)) AS \(name)high
      """
  }
}
