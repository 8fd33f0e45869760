import Postgres

/// One step of a period: the event, and where the period stands after it. The database refuses
/// every step that is not in `period_transitions`.
struct MovePeriod {
  let what: PeriodEvent.What
  let reason: String
  let by: MemberID?
  let now: Timestamp
  var preview: PeriodPreview?
  var settlement: UUID?

  /// Reasons are at most so many characters.
  static let longestReason = 2000

  /// - Parameter period: as it is, and locked.
  func run(_ period: Period, to state: Period.State, in tx: Transaction) async throws -> Period {
    try await tx.execute(
      """
      INSERT INTO period_events (period_id, number, what, old_state, new_state, reason, changed_by,
                                 changed_at, preview_id, maker, needs_other, settlement_id)
      VALUES (\(period.id.uuid), \(Int32(period.step + 1)), \(what), \(period.state), \(state),
              \(reason), \(by?.uuid), \(now), \(preview?.id.uuid), \(preview?.maker),
              \(preview.map { $0.exceeds != nil }), \(settlement))
      """)
    return try await tx.one(
      """
      UPDATE periods SET state = \(state), step = step + 1 WHERE id = \(period.id.uuid)
      RETURNING \(Period.columns)
      """, of: Period.self)
  }
}
