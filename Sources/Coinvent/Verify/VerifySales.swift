import Postgres

/// Assigns every sale line anew to the settlement that was the first to count it, and to the one
/// that was the first to miss it after its report was withdrawn, and compares with what statements
/// were told of prices.
enum VerifySales {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await order(in: tx)
    if finding == nil { finding = try await withdrawn(in: tx) }
    if finding == nil { finding = try await sums(in: tx) }
    return Verify.Check(
      name: "what statements say of prices is of the sales",
      rows: try await VerifyPostings.count("settlement_sales", in: tx), finding: finding)
  }

  /// Neither the last arrival nor the cut-off ever moves back.
  private static func order(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT id FROM (
        SELECT id, planned_at, horizon, cut_off, lag(horizon) OVER times AS horizon_before,
          lag(cut_off) OVER times AS cut_off_before
        FROM settlements WINDOW times AS (ORDER BY planned_at)
      ) AS s WHERE horizon < horizon_before OR cut_off < cut_off_before ORDER BY planned_at LIMIT 1
      """, as: UUID.self)
    return row.map {
      Finding(
        check: "sales",
        detail: "settlement \(SettlementID(uuid: $0)) counted less than the one before it")
    }
  }

  /// Settlement looks for the lines of a withdrawn report between certain arrivals only.
  private static func withdrawn(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT w.report_id, s.arrival FROM sale_withdrawals w
      JOIN sale_lines s ON s.report_id = w.report_id
      WHERE NOT s.arrival <@ w.arrivals ORDER BY s.arrival LIMIT 1
      """, as: (UUID, Int64).self)
    return row.map { report, arrival in
      Finding(
        check: "sales",
        detail: "the withdrawal of \(SaleReportID(uuid: report)) leaves out its line of arrival "
          + "\(arrival)")
    }
  }

  private static func sums(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      WITH plan AS MATERIALIZED (
        SELECT array_agg(id ORDER BY planned_at) AS ids,
          array_agg(horizon ORDER BY planned_at) AS horizons,
          array_agg(cut_off ORDER BY planned_at) AS cut_offs,
          array_agg(planned_at ORDER BY planned_at) AS plans,
          array_agg(began ORDER BY planned_at) AS starts
        FROM settlements LEFT JOIN (
          SELECT id AS period_id, (max(through) OVER (
            ORDER BY number ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ) + 1)::timestamp AT TIME ZONE 'UTC' AS began
          FROM periods
        ) AS p USING (period_id)
      ), extended AS (
        SELECT product_id, min(CASE version WHEN 1 THEN '-infinity' ELSE created_at END) AS since
        FROM contracts WHERE terms IS NOT NULL GROUP BY product_id
      ), placed AS (
        SELECT s.*, greatest(width_bucket(s.arrival - 1, horizons),
                             width_bucket(s.sold_at, cut_offs)) + 1 AS first,
          width_bucket(w.arrival - 1, horizons) + 1 AS last
        FROM plan CROSS JOIN sale_lines s
        LEFT JOIN sale_withdrawals w ON w.report_id = s.report_id
      ), counted AS (
        SELECT first AS place, 1 AS sign, * FROM placed WHERE last IS NULL OR last > first
        UNION ALL
        SELECT last, -1, * FROM placed WHERE last > first
      ), wanted AS (
        SELECT ids[place] AS settlement_id, product_id, currency, channel,
          coalesce(CASE WHEN x.since <= plans[place] THEN territory END, '') AS territory,
          coalesce(CASE WHEN x.since <= plans[place] THEN format END, '') AS format,
          coalesce(sold_at < starts[place], false) AS late,
          sum(sign * quantity) AS units,
          coalesce(sum(-sign * quantity) FILTER (WHERE quantity < 0), 0) AS returned,
          sum(sign * gross) AS gross,
          sum(sign * (gross - net)) AS deducted, min(unit_price) AS price_low,
          max(unit_price) AS price_high
        FROM counted CROSS JOIN plan LEFT JOIN extended x USING (product_id)
        WHERE ids[place] IN (SELECT settlement_id FROM settlement_sales)
        GROUP BY 1, 2, 3, 4, 5, 6, 7
      )
      SELECT settlement_id, product_id,
        concat_ws(', ', channel, nullif(territory, ''), nullif(format, ''),
          CASE WHEN late THEN 'late' END), currency,
        concat_ws(', ', t.units, t.returned, t.gross, t.deducted, t.price_low, t.price_high),
        concat_ws(', ', w.units, w.returned, w.gross, w.deducted, w.price_low, w.price_high)
      FROM settlement_sales t
      FULL JOIN wanted w
        USING (settlement_id, product_id, currency, channel, territory, format, late)
      WHERE (t.units, t.gross, t.deducted, t.price_low, t.price_high)
        IS DISTINCT FROM (w.units, w.gross, w.deducted, w.price_low, w.price_high)
        OR t.returned <> w.returned
      ORDER BY settlement_id, product_id, channel, territory, format, late, currency LIMIT 1
      """, as: (UUID, UUID, String, String, String, String).self)
    return row.map { settlement, product, channel, currency, told, wanted in
      Finding(
        check: "sales",
        detail: "settlement \(SettlementID(uuid: settlement)) says of \(ProductID(uuid: product)) "
          + "through \(channel) in \(currency) that units, those returned, gross, "
          + "deductions and prices were "
          + "\(told.isEmpty ? "none" : told); the sales make \(wanted.isEmpty ? "none" : wanted)")
    }
  }
}
