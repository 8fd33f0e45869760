import JSON
import Postgres

/// Records the lines in suspense that can be counted now: after an alias, a product, a channel or
/// a sale came into being.
public enum ReplaySuspense {
  public struct Report: Sendable, Equatable {
    public var recorded: Int64
    /// Lines that are in the books already, under the same key.
    public var known: Int64
    public var waiting: Int64

    public init(recorded: Int64 = 0, known: Int64 = 0, waiting: Int64 = 0) {
      (self.recorded, self.known, self.waiting) = (recorded, known, waiting)
    }
  }

  private static let batch = 1_000

  /// A batch in each transaction.
  public static func run(source: String? = nil, pool: Pool) async throws -> Report {
    var report = Report()
    var cursor: Suspense.Cursor?
    repeat {
      let from = cursor
      let (part, next) = try await pool.transaction { tx in
        try await step(source: source, after: from, at: .now, in: tx)
      }
      report.recorded += part.recorded
      report.known += part.known
      report.waiting += part.waiting
      cursor = next
    } while cursor != nil
    return report
  }

  private static func step(
    source: String?, after cursor: Suspense.Cursor?, at now: Timestamp, in tx: Transaction
  ) async throws -> (Report, Suspense.Cursor?) {
    let (lines, next) = try await Suspense.list(
      source: source, standing: true, limit: batch, after: cursor, in: tx)
    var report = Report()
    let open = lines.filter { $0.rejection == nil }
    for (key, lines) in Dictionary(
      grouping: open, by: { Key(source: $0.source, report: $0.report) })
    {
      let part = try await record(lines, of: key, at: now, in: tx)
      report.recorded += part.recorded
      report.known += part.known
      report.waiting += part.waiting
    }
    return (report, next)
  }

  private struct Key: Hashable {
    let source: String
    let report: SaleReportID?
  }

  private static func record(
    _ lines: [SuspendedLine], of key: Key, at now: Timestamp, in tx: Transaction
  ) async throws -> Report {
    let lines = try lines.map { try SaleLine(json: $0.line, at: "") }
    let outcomes = try await RecordSales.run(
      lines, source: key.source, report: key.report.map { OpenReport(again: $0, at: now) }, at: now,
      in: tx)
    var report = Report()
    for outcome in outcomes {
      switch outcome {
      case .recorded: report.recorded += 1
      case .repeated, .conflict: report.known += 1
      case .suspended: report.waiting += 1
      }
    }
    return report
  }
}
