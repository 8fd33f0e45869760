import Postgres

/// A mail to one member, on its way or done.
public struct OutgoingMail: Sendable, RowDecodable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// To be sent, now or again later.
    case waiting
    case sent
    /// Refused for good; `lastError` says why.
    case failed
    /// Nobody wants it any more, so that it was not sent.
    case dropped
  }

  public let id: MailID
  public let member: MemberID
  public let handle: String
  public let address: String?
  /// `at_once`, `daily` or `weekly`.
  public let cadence: NotificationPreferences.Email
  public let state: State
  public let madeAt: Timestamp
  public let dueAt: Timestamp
  public let tries: Int
  public let lastError: String?
  public let endedAt: Timestamp?

  static let columns: Query =
    """
    l.id, l.member_id, m.handle, m.email, l.cadence, l.state, l.made_at, l.due_at, l.tries,
    l.last_error, l.ended_at
    """

  public init(row: inout RowReader) throws {
    id = MailID(uuid: try row.next(UUID.self))
    member = MemberID(uuid: try row.next(UUID.self))
    handle = try row.next(String.self)
    address = try row.next(String?.self)
    cadence = try row.next(NotificationPreferences.Email.self)
    state = try row.next(State.self)
    madeAt = try row.next(Timestamp.self)
    dueAt = try row.next(Timestamp.self)
    tries = Int(try row.next(Int32.self))
    lastError = try row.next(String?.self)
    endedAt = try row.next(Timestamp?.self)
  }

  /// The newest first.
  public static func list(
    state: State? = nil, member: MemberID? = nil, limit: Int = 50, in db: some Queryable
  ) async throws -> [OutgoingMail] {
    let ofState: Query = state.map { "l.state = \($0)" } ?? "true"
    let ofMember: Query = member.map { "l.member_id = \($0.uuid)" } ?? "true"
    return try await db.all(
      """
      SELECT \(columns) FROM mails l JOIN members m ON m.id = l.member_id
      WHERE \(ofState) AND \(ofMember) ORDER BY l.id DESC LIMIT \(limit)
      """, of: OutgoingMail.self)
  }

  /// Sends failed mails again: the same messages.
  /// - Parameter ids: nil takes all that have failed.
  /// - Returns: those that wait now.
  public static func retry(_ ids: [MailID]?, at now: Timestamp = .now, in db: some Queryable)
    async throws -> [MailID]
  {
    let which: Query = ids.map { "id = ANY(\($0.map(\.uuid)))" } ?? "true"
    return try await db.all(
      """
      UPDATE mails SET state = 'waiting', tries = 0, due_at = \(now), ended_at = NULL
      WHERE state = 'failed' AND \(which) RETURNING id
      """, as: UUID.self
    ).map(MailID.init(uuid:))
  }
}

/// A mail; its Message-ID is made of it.
public struct MailID: EntityID {
  public static let prefix = "mail"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}
