import Postgres

/// A death that a curator has recorded, with the heir of what the member holds.
public struct Death: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable {
    case recorded, accepted, declined
    case takenBack = "taken_back"
  }

  public let member: MemberID
  public let id: UUID
  public let heir: MemberID
  public let evidence: String
  public let recordedAt: Timestamp
  public let state: State

  static let columns: Query = "member_id, id, heir_id, evidence, recorded_at, outcome"

  public init(row: inout RowReader) throws {
    member = MemberID(uuid: try row.next(UUID.self))
    id = try row.next(UUID.self)
    heir = MemberID(uuid: try row.next(UUID.self))
    evidence = try row.next(String.self)
    recordedAt = try row.next(Timestamp.self)
    state = try row.next(String?.self).flatMap(State.init) ?? .recorded
  }

  /// The last record of a member.
  static func last(of member: MemberID, in db: some Queryable) async throws -> Death? {
    try await db.first(
      """
      SELECT \(columns) FROM deaths WHERE member_id = \(member.uuid)
      ORDER BY recorded_at DESC, id DESC LIMIT 1
      """, of: Death.self)
  }

  /// What a member was named the heir of, the newest first; at most 100.
  public static func all(for heir: MemberID, in db: some Queryable) async throws -> [Death] {
    try await db.all(
      """
      SELECT \(columns) FROM deaths WHERE heir_id = \(heir.uuid)
      ORDER BY recorded_at DESC, id DESC LIMIT 100
      """, of: Death.self)
  }

  static func end(
    _ death: Death, _ state: State, by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      UPDATE deaths SET outcome = \(state.rawValue), ended_by = \(member.uuid), ended_at = \(now)
      WHERE member_id = \(death.member.uuid) AND id = \(death.id)
      """)
  }
}
