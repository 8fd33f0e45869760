import JSON
import Ledger
import Postgres

/// One file or batch of sale lines of a source.
public struct SaleReport: Sendable {
  public let id: SaleReportID
  public let source: String
  public let name: String
  /// In hexadecimal.
  public let sha256: String
  public let mapping: String?
  public let mappingVersion: Int32?
  public let lines: Int64
  public let units: Int64
  /// Quantity times unit price, a decimal by currency.
  public let gross: JSON
  /// Rows that are no lines, by reason.
  public let passedOver: JSON
  public let receivedAt: Timestamp
  /// Lines of it that are in the books.
  public let recorded: Int64
  /// Lines of it that wait in suspense, by reason.
  public let suspended: JSON
  /// When and why it was taken back.
  public let withdrawal: (at: Timestamp, reason: String)?
  /// What its last import found.
  public let last: Run?
  /// Its returns of more units than their sale had; nil in lists, which do not look for them.
  public private(set) var overReturned: OverReturned?

  public struct Run: Sendable {
    public let recorded: Int64
    public let repeated: Int64
    public let conflicts: Int64
    public let suspended: Int64
    public let at: Timestamp
  }

  public static func find(_ id: SaleReportID, in db: some Queryable) async throws -> SaleReport? {
    guard var report = try await select("WHERE r.id = \(id.uuid)", in: db).first else { return nil }
    report.overReturned = try await OverReturned.find(in: id, of: report.source, in: db)
    return report
  }

  /// The newest first.
  public static func list(
    source: String? = nil, limit: Int = 20, after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> (reports: [SaleReport], next: TimeCursor?) {
    let from = cursor ?? .start
    let filter: Query = source.map { "AND r.source = \($0)" } ?? ""
    let found = try await select(
      """
      WHERE (r.received_at, r.id) < (\(from.time), \(from.id)) \(filter)
      ORDER BY r.received_at DESC, r.id DESC LIMIT \(limit + 1)
      """, in: db)
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    return (shown, last.map { TimeCursor(time: $0.receivedAt, id: $0.id.uuid) })
  }

  private static func select(_ rest: Query, in db: some Queryable) async throws -> [SaleReport] {
    let rows = try await db.all(
      """
      SELECT r.id, r.source, r.name, encode(r.sha256, 'hex'), r.mapping, r.mapping_version, r.lines,
        r.units, r.gross::text, r.passed_over::text, r.received_at,
        (SELECT coalesce(sum(p.recorded), 0)::bigint FROM sale_report_parts p
         WHERE p.report_id = r.id),
        (SELECT coalesce(jsonb_object_agg(reason, n), '{}')::text
         FROM (SELECT CASE WHEN rejected_at IS NULL THEN reason ELSE 'rejected' END AS reason,
                 count(*) AS n
               FROM suspense_lines l WHERE l.report_id = r.id GROUP BY 1) AS waiting),
        run.recorded, run.repeated, run.conflicts, run.suspended, run.at, w.withdrawn_at, w.reason
      FROM sale_reports r
      LEFT JOIN sale_withdrawals w ON w.report_id = r.id
      LEFT JOIN LATERAL (
        SELECT sum(recorded)::bigint AS recorded, sum(repeated)::bigint AS repeated,
          sum(conflicts)::bigint AS conflicts, sum(suspended)::bigint AS suspended, max(at) AS at
        FROM sale_report_parts p WHERE p.report_id = r.id
        GROUP BY run ORDER BY max(at) DESC LIMIT 1
      ) AS run ON true
      \(rest)
      """,
      as: (
        UUID, String, String, String, String?, Int32?, Int64, Int64, String, String, Timestamp,
        Int64, String, Int64?, Int64?, Int64?, Int64?, Timestamp?, Timestamp?, String?
      ).self)
    return try rows.map { row in
      var run: Run?
      if let recorded = row.13, let repeated = row.14, let conflicts = row.15,
        let suspended = row.16, let at = row.17
      {
        run = Run(
          recorded: recorded, repeated: repeated, conflicts: conflicts, suspended: suspended,
          at: at)
      }
      return SaleReport(
        id: SaleReportID(uuid: row.0), source: row.1, name: row.2, sha256: row.3, mapping: row.4,
        mappingVersion: row.5, lines: row.6, units: row.7, gross: try JSON.parse(row.8),
        passedOver: try JSON.parse(row.9), receivedAt: row.10, recorded: row.11,
        suspended: try JSON.parse(row.12),
        withdrawal: row.18.flatMap { at in row.19.map { (at: at, reason: $0) } }, last: run)
    }
  }
}
