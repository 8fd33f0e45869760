import JSON
import Postgres

/// A line in suspense, as people look at it.
public struct SuspendedLine: Sendable {
  public let source: String
  public let externalID: String
  /// Why it cannot be counted.
  public let reason: String
  public let line: JSON
  public let report: SaleReportID?
  /// How often it was mended.
  public let repairs: Int32
  public let receivedAt: Timestamp
  /// Why it is not to be counted at all; nil unless somebody has decided so.
  public let rejection: String?
}

extension Suspense {
  /// Where a page ends: lines are in the order of source and external id.
  public struct Cursor: Sendable {
    let source: String
    let externalID: String

    /// - Returns: nil for a text that no page has handed out.
    public init?(_ text: String) {
      guard let bytes = Base64URL.decode(text.utf8), let end = bytes.firstIndex(of: 0) else {
        return nil
      }
      source = String(decoding: bytes[..<end], as: UTF8.self)
      externalID = String(decoding: bytes[(end + 1)...], as: UTF8.self)
      if externalID.utf8.contains(0) { return nil }
    }

    init(_ line: SuspendedLine) {
      source = line.source
      externalID = line.externalID
    }

    public var text: String { Base64URL.encode(Array(source.utf8) + [0] + Array(externalID.utf8)) }
  }

  /// - Parameters:
  ///   - reason: `rejected` for those that are not to be counted, `withdrawn` for those whose
  ///     report was taken back.
  ///   - standing: only lines whose report was not withdrawn.
  public static func list(
    source: String? = nil, reason: String? = nil, standing: Bool = false, limit: Int = 20,
    after cursor: Cursor? = nil, in db: some Queryable
  ) async throws -> (lines: [SuspendedLine], next: Cursor?) {
    let ofSource: Query = source.map { "AND source = \($0)" } ?? ""
    let withReason: Query = reason.map { "AND \(shownReason) = \($0)" } ?? ""
    let still: Query = standing ? "AND \(Withdrawals.stands("suspense_lines"))" : ""
    let rows = try await db.all(
      """
      SELECT source, external_id, \(shownReason), line::text, report_id, repairs, received_at,
        rejection
      FROM suspense_lines
      WHERE (source, external_id) > (\(cursor?.source ?? ""), \(cursor?.externalID ?? ""))
        \(ofSource) \(withReason) \(still)
      ORDER BY source, external_id LIMIT \(limit + 1)
      """, as: (String, String, String, String, UUID?, Int32, Timestamp, String?).self)
    let found = try rows.map { row in
      SuspendedLine(
        source: row.0, externalID: row.1, reason: row.2, line: try JSON.parse(row.3),
        report: row.4.map(SaleReportID.init(uuid:)), repairs: row.5, receivedAt: row.6,
        rejection: row.7)
    }
    let shown = Array(found.prefix(limit))
    return (shown, found.count > limit ? shown.last.map(Cursor.init) : nil)
  }

  /// How many lines wait, by source and reason.
  public static func counts(source: String? = nil, in db: some Queryable) async throws
    -> [(source: String, reason: String, lines: Int64)]
  {
    let ofSource: Query = source.map { "WHERE source = \($0)" } ?? ""
    let rows = try await db.all(
      """
      SELECT source, \(shownReason), count(*) FROM suspense_lines \(ofSource)
      GROUP BY 1, 2 ORDER BY 1, 2
      """, as: (String, String, Int64).self)
    return rows.map { (source: $0.0, reason: $0.1, lines: $0.2) }
  }

  private static let shownReason: Query = """
    CASE WHEN NOT \(Withdrawals.stands("suspense_lines")) THEN 'withdrawn'
         WHEN rejected_at IS NULL THEN reason ELSE 'rejected' END
    """
}
