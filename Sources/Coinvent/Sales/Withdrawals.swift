import Postgres

/// Which lines still stand: those whose report was not taken back.
enum Withdrawals {
  /// A condition on the table with this alias: who has seen arrivals up to `horizon` has not seen
  /// its report withdrawn. At any horizon one line of a key stands at the most.
  static func stands(_ alias: StaticString, at horizon: Int64 = .max) -> Query {
    """
    NOT EXISTS (SELECT FROM sale_withdrawals w
                WHERE w.report_id = \(unsafeSQL: "\(alias)").report_id AND w.arrival <= \(horizon))
    """
  }

  /// The same for all lines there are: the reports are looked up once, not for each line.
  static func standAll(_ alias: StaticString, at horizon: Int64) -> Query {
    """
    (\(unsafeSQL: "\(alias)").report_id IS NULL OR \(unsafeSQL: "\(alias)").report_id NOT IN (
      SELECT report_id FROM sale_withdrawals WHERE arrival <= \(horizon)))
    """
  }

  /// The lines of reports that were withdrawn after one arrival and up to another, as a table
  /// without a name.
  ///
  /// `OFFSET 0` keeps the planner from joining all lines there are: it does not know how few of
  /// them arrived within a span.
  static func lines(after: Int64, through: Int64 = .max) -> Query {
    """
    (SELECT s.* FROM sale_withdrawals w
     CROSS JOIN LATERAL unnest(w.arrivals) AS span
     CROSS JOIN LATERAL (
       SELECT * FROM sale_lines l
       WHERE l.report_id = w.report_id AND l.arrival >= coalesce(lower(span), 0)
         AND l.arrival < coalesce(upper(span), \(Int64.max)) OFFSET 0
     ) AS s
     WHERE w.arrival > \(after) AND w.arrival <= \(through))
    """
  }

  /// Adds products to the temporary table `recounted` whose lines were withdrawn since a plan.
  static func findProducts(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO recounted
      SELECT DISTINCT s.product_id
      FROM \(lines(after: counted.horizon, through: scope.horizon)) AS s
      WHERE NOT EXISTS (SELECT FROM recounted n WHERE n.product_id = s.product_id)
        AND NOT EXISTS (SELECT FROM extended x WHERE x.product_id = s.product_id)
      """)
  }

  /// Which edition of its key each line would be; none when every line would be the first.
  static func editions(of lines: [SaleLine], source: String, in tx: Transaction) async throws
    -> [Int16]
  {
    let some = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM sale_withdrawals w JOIN sale_reports r ON r.id = w.report_id
                     WHERE r.source = \(source))
      """, as: Bool.self)
    guard some else { return [] }
    let rows = try await tx.all(
      """
      SELECT external_id, count(*) FROM sale_lines
      WHERE source = \(source) AND external_id = ANY(\(lines.map(\.externalID)))
        AND report_id IN (SELECT report_id FROM sale_withdrawals)
      GROUP BY external_id
      """, as: (String, Int64).self)
    let taken = Dictionary(uniqueKeysWithValues: rows)
    return lines.map { Int16(clamping: taken[$0.externalID] ?? 0) }
  }

  /// - Throws: `WithdrawnReport`.
  static func refuse(_ report: SaleReportID, in tx: Transaction) async throws {
    let at = try await tx.first(
      "SELECT withdrawn_at FROM sale_withdrawals WHERE report_id = \(report.uuid)",
      as: Timestamp.self)
    if let at { throw WithdrawnReport(id: report, at: at) }
  }
}

/// A report that was taken back comes again.
public struct WithdrawnReport: Error, CustomStringConvertible {
  public let id: SaleReportID
  public let at: Timestamp

  public var description: String {
    "\(id) was withdrawn at \(at). Send a corrected report; the same keys may be used in it."
  }
}
