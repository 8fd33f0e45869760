import Postgres

/// What a settlement of a period would do, computed and kept before it is done.
public struct PeriodPreview: Sendable, RowDecodable {
  /// The settlement that it becomes when it is approved.
  public let id: SettlementID
  public let period: PeriodID
  /// Nil: the rules, or somebody at the machine.
  public let madeBy: MemberID?
  let maker: UUID
  let horizon: Int64
  /// The first moment whose sales it does not count.
  public let cutOff: Timestamp
  public let plannedAt: Timestamp
  public let sha256: [UInt8]
  /// How many pools change.
  public let changes: Int64
  /// Which limit the plan is above, so that another person has to approve it; nil: none.
  public let exceeds: String?

  static let columns: Query =
    """
    id, period_id, made_by, maker, horizon, cut_off, planned_at, plan_sha256, changes, exceeds
    """

  public init(row: inout RowReader) throws {
    id = SettlementID(uuid: try row.next(UUID.self))
    period = PeriodID(uuid: try row.next(UUID.self))
    madeBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    maker = try row.next(UUID.self)
    horizon = try row.next(Int64.self)
    cutOff = try row.next(Timestamp.self)
    plannedAt = try row.next(Timestamp.self)
    sha256 = try row.next([UInt8].self)
    changes = try row.next(Int64.self)
    exceeds = try row.next(String?.self)
  }

  var scope: LifetimePools.Scope {
    LifetimePools.Scope(horizon: horizon, cutOff: cutOff, plannedAt: plannedAt)
  }

  /// The latest of a period, approved or not; nil when there was none.
  public static func latest(of period: PeriodID, in db: some Queryable) async throws
    -> PeriodPreview?
  {
    try await db.first(
      """
      SELECT \(columns) FROM period_previews WHERE id = (
        SELECT preview_id FROM period_events
        WHERE period_id = \(period.uuid) AND preview_id IS NOT NULL ORDER BY number DESC LIMIT 1)
      """, of: PeriodPreview.self)
  }
}
