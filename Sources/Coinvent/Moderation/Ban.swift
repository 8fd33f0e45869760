import Postgres

/// One entry of a member's history of bans: a ban, or the end of one by hand.
public struct Ban: Sendable, RowDecodable {
  /// What a member is kept from.
  public enum Scope: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case comments, ideas, votes, all

    func covers(_ other: Scope) -> Bool { self == .all || self == other }
  }

  public let member: MemberID
  public let number: Int64
  /// Nil: the ban before was lifted.
  public let scope: Scope?
  /// Nil: until it is lifted.
  public let until: Timestamp?
  public let reason: String
  public let madeBy: MemberID
  public let madeAt: Timestamp

  static let columns: Query =
    "member_id, number::bigint, scope, until, reason, made_by, made_at"

  public init(row: inout RowReader) throws {
    member = MemberID(uuid: try row.next(UUID.self))
    number = try row.next(Int64.self)
    scope = try row.next(Scope?.self)
    until = try row.next(Timestamp?.self)
    reason = try row.next(String.self)
    madeBy = MemberID(uuid: try row.next(UUID.self))
    madeAt = try row.next(Timestamp.self)
  }

  /// A ban ends by itself: the time is asked, and nothing has to happen.
  public func isInForce(at now: Timestamp) -> Bool {
    guard scope != nil else { return false }
    return until.map { now < $0 } ?? true
  }

  /// The ban that keeps the member from this now; nil: none does.
  public static func inForce(
    _ member: MemberID, _ scope: Scope, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Ban? {
    guard let ban = try await last(of: member, in: db), ban.isInForce(at: now),
      ban.scope?.covers(scope) ?? false
    else { return nil }
    return ban
  }

  /// For actions of members: one look at an index.
  /// - Throws: `Banned` when the member is kept from this.
  public static func refuse(
    _ member: MemberID, _ scope: Scope, at now: Timestamp, in db: some Queryable
  ) async throws {
    if let ban = try await inForce(member, scope, at: now, in: db) { throw Banned(ban: ban) }
  }

  static func last(of member: MemberID, in db: some Queryable) async throws -> Ban? {
    try await db.first(
      """
      SELECT \(columns) FROM bans WHERE member_id = \(member.uuid)
      ORDER BY number DESC LIMIT 1
      """, of: Ban.self)
  }

  /// The member's whole history, the last entry first.
  public static func history(
    of member: MemberID, before number: Int64 = .max, limit: Int = 100, in db: some Queryable
  ) async throws -> [Ban] {
    try await db.all(
      """
      SELECT \(columns) FROM bans WHERE member_id = \(member.uuid) AND number < \(number)
      ORDER BY number DESC LIMIT \(limit)
      """, of: Ban.self)
  }
}

/// What was asked for is refused because of a ban. Thrown like `Invalid`: it can meet whatever a
/// member writes, and every such action ends the same way.
public struct Banned: Error, Sendable, CustomStringConvertible {
  public let ban: Ban

  public var description: String {
    let what =
      switch ban.scope {
      case .comments: "commenting"
      case .ideas: "submitting and editing ideas"
      case .votes: "voting"
      case .all, nil: "taking part"
      }
    let end = ban.until.map { "until \($0)" } ?? "until this is lifted"
    return "You are banned from \(what) \(end): \(ban.reason)"
  }
}
