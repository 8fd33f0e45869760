import Postgres

/// The open cases.
public enum ListCases {
  public enum Order: String, CaseIterable, Sendable {
    case oldest
    case mostReported = "most_reported"
  }

  public struct Page: Sendable {
    public let cases: [Case]
    public let next: TimeCursor?
  }

  /// - Parameter kind: nil: all.
  public static func run(
    _ order: Order = .oldest, kind: ReportedThing.Kind? = nil, limit: Int = 20,
    after cursor: TimeCursor? = nil, in db: some Queryable
  ) async throws -> Page {
    let filter: Query = kind.map { "AND kind = \($0)" } ?? ""
    let found: [Case]
    switch order {
    case .oldest:
      let from = cursor ?? TimeCursor(number: 0)
      found = try await db.all(
        """
        SELECT \(Case.columns) FROM cases
        WHERE resolved_at IS NULL \(filter) AND (opened_at, id) > (\(from.time), \(from.id))
        ORDER BY opened_at, id LIMIT \(limit + 1)
        """, of: Case.self)
    case .mostReported:
      let from = cursor ?? .start
      found = try await db.all(
        """
        SELECT \(Case.columns) FROM cases
        WHERE resolved_at IS NULL \(filter) AND (reports, id) < (\(from.number), \(from.id))
        ORDER BY reports DESC, id DESC LIMIT \(limit + 1)
        """, of: Case.self)
    }
    let shown = Array(found.prefix(limit))
    let last = found.count > limit ? shown.last : nil
    let next = last.map { last in
      switch order {
      case .oldest: TimeCursor(time: last.openedAt, id: last.id.uuid)
      case .mostReported:
        TimeCursor(time: Timestamp(microseconds: last.reports), id: last.id.uuid)
      }
    }
    return Page(cases: shown, next: next)
  }
}
