import Postgres

/// One entry of a payout's history.
public struct PayoutEvent: RowDecodable, Sendable {
  public let number: Int
  public let state: PayoutState
  public let actor: String
  public let note: String?
  public let at: Timestamp

  public init(row: inout RowReader) throws {
    number = Int(try row.next(Int32.self))
    state = try row.known()
    actor = try row.next()
    note = try row.next()
    at = try row.next()
  }
}

public enum FindPayout {
  /// A payout by its id alone, among those of all members.
  public static func run(_ id: PayoutID, in db: some Queryable) async throws -> Payout? {
    try await db.first(
      "SELECT \(Payout.columns) FROM payouts WHERE id = \(id.uuid)", of: Payout.self)
  }

  /// What happened to it, oldest first.
  public static func events(of payout: Payout, in db: some Queryable) async throws -> [PayoutEvent]
  {
    try await db.all(
      """
      SELECT number, to_state::text, actor, note, at FROM payout_events
      WHERE member_id = \(payout.member.uuid) AND payout_id = \(payout.id.uuid)
      ORDER BY number
      """, of: PayoutEvent.self)
  }
}
