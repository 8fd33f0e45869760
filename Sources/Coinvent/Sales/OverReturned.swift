import Postgres

/// Returns of more units than their sale had.
///
/// They count as any other: lines come in any order, and a sale may still be corrected. But people
/// should hear of them.
public struct OverReturned: Sendable, Equatable {
  public var count: Int64 = 0
  /// The first few, by their keys.
  public var keys: [String] = []

  private static let shown = 5

  public init() {}

  /// Those of a report with which more units came back than were sold, by now and by any report.
  static func find(in report: SaleReportID, of source: String, in db: some Queryable) async throws
    -> OverReturned
  {
    let rows = try await db.all(
      """
      WITH returned AS (
        SELECT DISTINCT return_of FROM sale_lines
        WHERE source = \(source) AND return_of IS NOT NULL AND report_id = \(report.uuid)
      ), back AS (
        SELECT r.external_id, r.report_id, s.quantity AS sold,
          sum(-r.quantity) OVER (PARTITION BY r.return_of ORDER BY r.arrival) AS units
        FROM returned
        JOIN sale_lines s ON s.source = \(source) AND s.external_id = returned.return_of
          AND s.quantity > 0
        JOIN sale_lines r ON r.source = \(source) AND r.return_of = returned.return_of
          AND r.product_id = s.product_id AND r.currency = s.currency
        WHERE \(Withdrawals.stands("s")) AND \(Withdrawals.stands("r"))
      )
      SELECT external_id, count(*) OVER () FROM back
      WHERE report_id = \(report.uuid) AND units > sold
      ORDER BY external_id LIMIT \(shown)
      """, as: (String, Int64).self)
    var found = OverReturned()
    found.count = rows.first?.1 ?? 0
    found.keys = rows.map(\.0)
    return found
  }

  /// A sentence for people; nil when there are none.
  public var warning: String? {
    if count == 0 { return nil }
    let more = count > keys.count ? ", …" : ""
    let (are, their) = count == 1 ? ("is", "its") : ("are", "their")
    return "\(counted(count, "return")) \(are) of more units than \(their) sale had: "
      + keys.joined(separator: ", ") + more + "; if that is a mistake, withdraw the report"
  }
}
