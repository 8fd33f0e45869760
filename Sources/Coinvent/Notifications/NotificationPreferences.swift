import Postgres

/// How a member wants to be told, kind by kind.
public struct NotificationPreferences: Sendable {
  public enum Email: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case off
    case atOnce = "at_once"
    case daily, weekly
  }

  public struct Choice: Sendable, Equatable {
    public var inApp: Bool
    public var email: Email

    public init(inApp: Bool, email: Email) {
      self.inApp = inApp
      self.email = email
    }
  }

  /// A name of the time-zone database, such as `Europe/Zurich`: digests come at 08:00 there.
  public var timeZone: String
  public var choices: [Notification.Kind: Choice]

  /// What the member has chosen, and what counts where nothing is chosen.
  public static func of(_ member: MemberID, in db: some Queryable) async throws
    -> NotificationPreferences
  {
    let rows = try await db.all(
      """
      SELECT k.kind, coalesce(p.in_app, k.in_app), coalesce(p.email, k.email)
      FROM notification_kinds k LEFT JOIN notification_preferences p
        ON p.kind = k.kind AND p.member_id = \(member.uuid)
      """, as: (String, Bool, Email).self)
    let zone = try await db.first(
      "SELECT time_zone FROM member_zones WHERE member_id = \(member.uuid)", as: String.self)
    var choices: [Notification.Kind: Choice] = [:]
    for (kind, inApp, email) in rows {
      // A kind that a later release has added is that release's to show.
      guard let kind = Notification.Kind(rawValue: kind) else { continue }
      choices[kind] = Choice(inApp: inApp, email: email)
    }
    return NotificationPreferences(timeZone: zone ?? "UTC", choices: choices)
  }

  /// Changes the kinds that are given, and the zone when one is given.
  /// - Throws: `Invalid` for a zone that does not exist.
  public static func change(
    _ choices: [Notification.Kind: Choice], timeZone: String?, of member: MemberID,
    in tx: Transaction
  ) async throws {
    if let timeZone {
      let known = try await tx.one(
        "SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = \(timeZone))", as: Bool.self)
      guard known else {
        throw Invalid("/time_zone", "must be a time zone such as UTC or Europe/Zurich")
      }
      try await tx.execute(
        """
        INSERT INTO member_zones (member_id, time_zone) VALUES (\(member.uuid), \(timeZone))
        ON CONFLICT (member_id) DO UPDATE SET time_zone = excluded.time_zone
        """)
    }
    let sorted = choices.sorted { $0.key.rawValue < $1.key.rawValue }
    if sorted.isEmpty { return }
    try await tx.execute(
      """
      INSERT INTO notification_preferences (member_id, kind, in_app, email)
      SELECT \(member.uuid), kind, in_app, email
      FROM unnest(\(sorted.map(\.key.rawValue)), \(sorted.map(\.value.inApp)),
                  \(sorted.map(\.value.email.rawValue))) AS chosen (kind, in_app, email)
      ON CONFLICT (member_id, kind)
        DO UPDATE SET in_app = excluded.in_app, email = excluded.email
      """)
  }

  /// Ends mails of a kind, or of all kinds; what is shown in the application stays.
  public static func unsubscribe(
    _ member: MemberID, from kind: Notification.Kind?, in db: some Queryable
  ) async throws {
    try await db.execute(
      """
      INSERT INTO notification_preferences (member_id, kind, in_app, email)
      SELECT \(member.uuid), kind, in_app, 'off' FROM notification_kinds
      WHERE \(kind?.rawValue)::text IS NULL OR kind = \(kind?.rawValue)::text ORDER BY kind
      ON CONFLICT (member_id, kind) DO UPDATE SET email = 'off'
      """)
  }
}
