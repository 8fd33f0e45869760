import Postgres

/// Where many payouts stand, read at once.
public enum PayoutStates {
  public static func of(_ payouts: [(MemberID, PayoutID)], in db: some Queryable) async throws
    -> [PayoutID: PayoutState]
  {
    let rows = try await db.all(
      """
      SELECT p.id, p.state::text
      FROM unnest(\(payouts.map(\.0.uuid)), \(payouts.map(\.1.uuid))) AS w (member_id, id)
      JOIN payouts p ON p.member_id = w.member_id AND p.id = w.id
      """, as: (UUID, String).self)
    var states: [PayoutID: PayoutState] = [:]
    for (id, text) in rows { states[PayoutID(uuid: id)] = PayoutState(rawValue: text) }
    return states
  }
}

extension PayoutState {
  /// Whether an answer says something that is not recorded yet, or contradicts it.
  public func isNews(_ answer: PayoutAnswer) -> Bool { path(to: answer) != [] }
}
