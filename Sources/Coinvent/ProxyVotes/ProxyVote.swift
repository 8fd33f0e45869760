import Postgres

/// A vote that a curator has recorded for a named person. It counts nowhere and earns nothing
/// until that person confirms it.
public struct ProxyVote: Sendable, RowDecodable {
  public let id: ProxyVoteID
  public let idea: IdeaID
  public let person: String
  public let email: String
  public let note: String?
  public let castBy: MemberID
  public let castAt: Timestamp
  public let rescindedAt: Timestamp?
  public let confirmedBy: MemberID?
  public let confirmedAt: Timestamp?

  public enum State: String, CaseIterable, Sendable {
    /// It waits for its person.
    case open
    case confirmed, rescinded
  }

  public var state: State {
    if rescindedAt != nil { return .rescinded }
    return confirmedAt == nil ? .open : .confirmed
  }

  /// The columns that `init(row:)` reads, in its order.
  static let columns: Query =
    """
    id, idea_id, person, email, note, cast_by, cast_at, rescinded_at, confirmed_by, confirmed_at
    """

  public init(row: inout RowReader) throws {
    id = ProxyVoteID(uuid: try row.next(UUID.self))
    idea = IdeaID(uuid: try row.next(UUID.self))
    person = try row.next(String.self)
    email = try row.next(String.self)
    note = try row.next(String?.self)
    castBy = MemberID(uuid: try row.next(UUID.self))
    castAt = try row.next(Timestamp.self)
    rescindedAt = try row.next(Timestamp?.self)
    confirmedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    confirmedAt = try row.next(Timestamp?.self)
  }

  static func find(_ id: ProxyVoteID, of idea: IdeaID, in db: some Queryable) async throws
    -> ProxyVote?
  {
    try await db.first(
      """
      SELECT \(columns) FROM proxy_votes WHERE idea_id = \(idea.uuid) AND id = \(id.uuid)
      """, of: ProxyVote.self)
  }
}

public struct ProxyVoteID: EntityID {
  public static let prefix = "proxy"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
