import Postgres

/// What a member is told in the application, the last arrival first.
public enum Inbox {
  public struct Page: Sendable {
    public let notifications: [Notification]
    public let next: TimeCursor?
    /// Unread ones, counted up to `countLimit`.
    public let unread: Int
  }

  /// Counting stops here, so that a full inbox costs no more than a tidy one.
  public static let countLimit = 99

  public static func page(
    of member: MemberID, unreadOnly: Bool = false, limit: Int = 20, after cursor: TimeCursor? = nil,
    in db: some Queryable
  ) async throws -> Page {
    let from = cursor ?? .start
    let filter: Query = unreadOnly ? "AND n.read_at IS NULL" : ""
    let found = try await db.all(
      """
      SELECT \(Notification.columns) FROM \(Notification.source)
      WHERE n.member_id = \(member.uuid) AND n.in_app \(filter)
        AND (n.arrived_at, n.notice_id) < (\(from.time), \(from.id))
      ORDER BY n.arrived_at DESC, n.notice_id DESC LIMIT \(limit + 1)
      """, of: Notification.self)
    let shown = Array(found.prefix(limit))
    let isMore = found.count > limit
    let next = isMore ? shown.last.map { TimeCursor(time: $0.arrivedAt, id: $0.id.uuid) } : nil
    return Page(
      notifications: shown, next: next, unread: try await unread(of: member, in: db))
  }

  /// How many are unread; `countLimit` + 1 stands for more.
  public static func unread(of member: MemberID, in db: some Queryable) async throws -> Int {
    let count = try await db.one(
      """
      SELECT count(*) FROM (
        SELECT FROM notifications
        WHERE member_id = \(member.uuid) AND in_app AND read_at IS NULL LIMIT \(countLimit + 1)
      ) AS counted
      """, as: Int64.self)
    return Int(count)
  }

  /// What is to be read.
  public enum Range: Sendable {
    case ids([NoticeID])
    /// The one whose place this is and all that arrived before it.
    case upTo(TimeCursor)
    case all
  }

  /// Marks as read; ids that are not the member's are passed over.
  /// - Returns: how many were unread until now.
  public static func read(
    _ range: Range, of member: MemberID, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Int {
    let which: Query =
      switch range {
      case .ids(let ids): "notice_id = ANY(\(ids.map(\.uuid)))"
      case .upTo(let place): "(arrived_at, notice_id) <= (\(place.time), \(place.id))"
      case .all: "true"
      }
    return try await db.execute(
      """
      UPDATE notifications SET read_at = \(now)
      WHERE member_id = \(member.uuid) AND in_app AND read_at IS NULL AND \(which)
      """)
  }
}

extension Notification {
  /// Its place in the inbox: what up to here is read is marked with.
  public var place: TimeCursor { TimeCursor(time: arrivedAt, id: id.uuid) }
}
