import Postgres

/// The mails that one worker holds to send. A lease that runs out lets another worker go on; the
/// receiver sees by the Message-ID that a second copy is the same message.
public struct MailLeases: Sendable {
  public struct Claim: Sendable {
    public let id: MailID
    public let member: MemberID
    public let cadence: NotificationPreferences.Email
    public let madeAt: Timestamp
    /// How often it was tried before.
    public let tries: Int
  }

  public let worker: UUID
  public let length: Duration

  public init(worker: UUID = .v7(), length: Duration = .seconds(300)) {
    self.worker = worker
    self.length = length
  }

  /// Takes up to `limit` due mails, and notes the attempt before it is made.
  public func claim(limit: Int, at now: Timestamp, in db: some Queryable) async throws -> [Claim] {
    try await db.all(
      """
      UPDATE mails SET worker = \(worker), leased_until = \(now + length), tries = tries + 1
      WHERE id IN (
        SELECT id FROM mails
        WHERE state = 'waiting' AND due_at <= \(now)
          AND (leased_until IS NULL OR leased_until < \(now))
        ORDER BY due_at LIMIT \(limit) FOR UPDATE SKIP LOCKED)
      RETURNING id, member_id, cadence, made_at, tries - 1
      """, as: (UUID, UUID, NotificationPreferences.Email, Timestamp, Int32).self
    ).map { id, member, cadence, madeAt, tries in
      Claim(
        id: MailID(uuid: id), member: MemberID(uuid: member), cadence: cadence, madeAt: madeAt,
        tries: Int(tries))
    }
  }

  /// What became of an attempt.
  public enum End: Sendable, Equatable {
    case sent
    case failed(why: String)
    case dropped(why: String)
    case later(Timestamp, why: String)
  }

  /// - Returns: false when the lease had run out and another worker holds the mail.
  @discardableResult
  public func record(_ end: End, of mail: MailID, at now: Timestamp, in db: some Queryable)
    async throws -> Bool
  {
    let (state, due, why): (OutgoingMail.State, Timestamp?, String?) =
      switch end {
      case .sent: (.sent, nil, nil)
      case .failed(let why): (.failed, nil, why)
      case .dropped(let why): (.dropped, nil, why)
      case .later(let due, let why): (.waiting, due, why)
      }
    let changed = try await db.execute(
      """
      UPDATE mails SET state = \(state), due_at = coalesce(\(due), due_at), last_error = \(why),
        ended_at = \(state == .waiting ? nil : now), worker = NULL, leased_until = NULL
      WHERE id = \(mail.uuid) AND worker = \(worker) AND state = 'waiting'
      """)
    return changed == 1
  }

  /// Mails that wait, due or not, and when the first is due.
  public static func waiting(in db: some Queryable) async throws -> (count: Int, due: Timestamp?) {
    let (count, due) = try await db.one(
      "SELECT count(*), min(due_at) FROM mails WHERE state = 'waiting'",
      as: (Int64, Timestamp?).self)
    return (Int(count), due)
  }
}

/// What a mail tells, read when it is sent.
public struct MailContent: Sendable {
  public let handle: String
  public let address: String
  /// The last first, at most `limit` of them.
  public let notifications: [Notification]
  public let total: Int
  public static let limit = 50

  /// - Returns: nil when nobody wants it any more: the address is gone, or the kinds of what it
  ///   tells are off now.
  public static func of(_ mail: MailLeases.Claim, in db: some Queryable) async throws
    -> MailContent?
  {
    let to = try await db.first(
      "SELECT handle, email FROM members WHERE id = \(mail.member.uuid)",
      as: (String, String?).self)
    guard let (handle, given) = to, let address = given else { return nil }
    let all = try await db.all(
      """
      SELECT \(Notification.columns) FROM \(Notification.source)
        JOIN notification_kinds k ON k.kind = n.kind
        LEFT JOIN notification_preferences p ON p.member_id = n.member_id AND p.kind = n.kind
      WHERE n.member_id = \(mail.member.uuid) AND n.mail_id = \(mail.id.uuid)
        AND coalesce(p.email, k.email) <> 'off'
      ORDER BY n.posted_at DESC, n.notice_id DESC
      """, of: Notification.self)
    if all.isEmpty { return nil }
    return MailContent(
      handle: handle, address: address, notifications: Array(all.prefix(limit)), total: all.count)
  }
}
