import Postgres

/// One thing that happened to a period.
public struct PeriodEvent: Sendable, RowDecodable {
  public enum What: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case opened, previewed, approved
    /// By the policy that no approval is needed.
    case settled
    case published, closed, reopened
  }

  public let what: What
  public let state: Period.State
  public let reason: String
  /// Nil: the rules, or somebody at the machine.
  public let changedBy: MemberID?
  public let changedAt: Timestamp
  public let preview: SettlementID?
  public let settlement: SettlementID?

  public init(row: inout RowReader) throws {
    what = try row.next(What.self)
    state = try row.next(Period.State.self)
    reason = try row.next(String.self)
    changedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    changedAt = try row.next(Timestamp.self)
    preview = try row.next(UUID?.self).map(SettlementID.init(uuid:))
    settlement = try row.next(UUID?.self).map(SettlementID.init(uuid:))
  }

  /// The history of a period, the oldest first.
  public static func all(of period: PeriodID, in db: some Queryable) async throws -> [PeriodEvent] {
    try await db.all(
      """
      SELECT what, new_state, reason, changed_by, changed_at, preview_id, settlement_id
      FROM period_events WHERE period_id = \(period.uuid) ORDER BY number
      """, of: PeriodEvent.self)
  }
}
