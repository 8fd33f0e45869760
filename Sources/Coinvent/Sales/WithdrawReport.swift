import Postgres

/// Takes a report back as a whole: from the next settlement on, sums are as if it had never come.
public enum WithdrawReport {
  public enum Outcome: Sendable, Equatable {
    case unknown
    /// It was withdrawn before.
    case repeated
    /// So many counted lines are taken back.
    case withdrawn(lines: Int64)
  }

  public static func run(
    _ report: SaleReportID, reason: String, by member: MemberID?, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    // Nothing comes in meanwhile, and a plan has seen either none of it or all.
    try await SettlementGate.close(in: tx)
    let known = try await tx.one(
      "SELECT EXISTS (SELECT FROM sale_reports WHERE id = \(report.uuid))", as: Bool.self)
    guard known else { return .unknown }
    let withdrawn = try await tx.execute(
      """
      INSERT INTO sale_withdrawals (report_id, reason, withdrawn_by, withdrawn_at, arrivals)
      SELECT \(report.uuid), \(reason), \(member?.uuid), \(now),
        coalesce((SELECT range_agg(arrivals) FROM sale_report_parts
                  WHERE report_id = \(report.uuid) AND recorded > 0), '{}')
      ON CONFLICT DO NOTHING
      """)
    if withdrawn == 0 { return .repeated }
    // Parts are written with their lines, so that nobody need count those while the gate is shut.
    let lines = try await tx.one(
      """
      SELECT coalesce(sum(recorded), 0)::bigint FROM sale_report_parts
      WHERE report_id = \(report.uuid)
      """, as: Int64.self)
    return .withdrawn(lines: lines)
  }
}
