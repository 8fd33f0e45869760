import JSON
import Postgres

/// Lines that cannot be counted yet, with their reasons. None is dropped.
public enum Suspense {
  /// Keeps suspended lines, and lets go of those that have been recorded now.
  static func keep(
    _ lines: [SaleLine], _ outcomes: [SaleOutcome?], source: String, report: SaleReportID?,
    at: Timestamp, in tx: Transaction
  ) async throws {
    var kept: [String: (reason: SuspenseReason, line: SaleLine)] = [:]
    for (line, outcome) in zip(lines, outcomes) {
      if case .suspended(let reason) = outcome { kept[line.externalID] = (reason, line) }
    }
    let recorded = zip(lines, outcomes).filter { $0.1 == .recorded }.map(\.0.externalID)
    if !recorded.isEmpty {
      try await tx.execute(
        """
        DELETE FROM suspense_lines
        WHERE source = \(source) AND external_id = ANY(\(recorded))
        """)
    }
    if kept.isEmpty { return }
    let order = kept.sorted { $0.key < $1.key }
    try await tx.execute(
      """
      INSERT INTO suspense_lines (source, external_id, reason, line, report_id, received_at)
      SELECT \(source), external_id, reason, line::jsonb, \(report?.uuid)::uuid, \(at)
      FROM unnest(\(order.map(\.key))::text[], \(order.map(\.value.reason.rawValue))::text[],
                  \(order.map { $0.value.line.json.text() })::text[])
        AS line (external_id, reason, line)
      ORDER BY external_id
      ON CONFLICT (source, external_id) DO UPDATE
        SET reason = excluded.reason, line = excluded.line, received_at = excluded.received_at,
          report_id = coalesce(excluded.report_id, suspense_lines.report_id)
        WHERE suspense_lines.rejected_at IS NULL
          AND (suspense_lines.repairs = 0 OR suspense_lines.line = excluded.line
            OR NOT \(Withdrawals.stands("suspense_lines")))
      """)
  }

  /// A line that was mended before it was counted comes again as it was: that is a repeat.
  static func recall(
    _ lines: [SaleLine], _ outcomes: inout [SaleOutcome?], source: String, in tx: Transaction
  ) async throws {
    var open: [Int] = []
    for (index, outcome) in outcomes.enumerated() {
      if case .conflict = outcome { open.append(index) }
    }
    if open.isEmpty { return }
    let texts = open.map { lines[$0].json.text() }
    let found = try await tx.all(
      """
      SELECT position FROM unnest(\(open.map { lines[$0].externalID })::text[], \(texts)::text[])
        WITH ORDINALITY AS line (external_id, json, position)
      WHERE EXISTS (SELECT FROM suspense_repairs r
                    WHERE r.source = \(source) AND r.external_id = line.external_id
                      AND r.before = line.json::jsonb)
      """, as: Int64.self)
    for position in found { outcomes[open[Int(position) - 1]] = .repeated }
  }
}
