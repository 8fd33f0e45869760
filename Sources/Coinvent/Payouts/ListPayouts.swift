import Postgres

/// Payouts, newest first, a page at a time.
public struct ListPayouts: Sendable {
  public var member: MemberID?
  public var state: PayoutState?
  /// Only those made before this one.
  public var before: PayoutID?
  public var limit: Int

  public init(
    member: MemberID? = nil, state: PayoutState? = nil, before: PayoutID? = nil, limit: Int = 50
  ) {
    self.member = member
    self.state = state
    self.before = before
    self.limit = limit
  }

  public func run(in db: some Queryable) async throws -> [Payout] {
    var conditions: Query = "TRUE"
    if let member { conditions += " AND member_id = \(member.uuid)" }
    if let state { conditions += " AND state = \(state.rawValue)::text::payout_state" }
    if let before { conditions += " AND id < \(before.uuid)" }
    return try await db.all(
      """
      SELECT \(Payout.columns) FROM payouts
      WHERE \(conditions)
      ORDER BY id DESC
      LIMIT \(limit)
      """, of: Payout.self)
  }
}
