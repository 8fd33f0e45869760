import Postgres

/// A member says that something is not as it should be.
public struct Report: Sendable, RowDecodable {
  public enum Reason: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case spam, abuse
    case offTopic = "off_topic"
    case illegal
    case personalData = "personal_data"
    case duplicate, other
  }

  public let reporter: MemberID
  public let reason: Reason
  public let text: String?
  public let reportedAt: Timestamp

  public init(row: inout RowReader) throws {
    reporter = MemberID(uuid: try row.next(UUID.self))
    reason = try row.next(Reason.self)
    text = try row.next(String?.self)
    reportedAt = try row.next(Timestamp.self)
  }

  /// The reports of a case, the first one first; at most 100.
  public static func all(of id: CaseID, in db: some Queryable) async throws -> [Report] {
    try await db.all(
      """
      SELECT reporter_id, reason, text, reported_at FROM reports WHERE case_id = \(id.uuid)
      ORDER BY reported_at, reporter_id LIMIT 100
      """, of: Report.self)
  }

  /// What is wrong with a report's text; nil when nothing is.
  public static func fault(text: String?) -> String? {
    text?.trimmed.fault(1...1000, lines: true)
  }

  /// So many in 24 hours from one member.
  public static let dailyLimit = 20
}
