import JSON
import Postgres

/// Bans a member from a part of what members do, or ends a ban by hand.
public enum BanMember {
  public enum Outcome: Sendable {
    /// It is as wished, now or already.
    case banned(Ban)
    case unknown
    /// Nobody bans themselves, and curators ban neither curators nor admins.
    case protected(Role)
  }

  public enum Lifted: Sendable {
    case notBanned
    case lifted(Ban)
    case unknown
    case protected(Role)
  }

  /// A ban takes the place of the one before it.
  /// - Parameter until: nil: until it is lifted.
  /// - Throws: `Invalid` for the reason or a time that has passed.
  public static func run(
    _ member: MemberID, from scope: Ban.Scope, until: Timestamp?, reason: String,
    by actor: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    if let until, until <= now { throw Invalid("/until", "must be in the future") }
    guard let (role, actorRole) = try await hold(member, actor, in: tx) else { return .unknown }
    guard mayBan(role, actorRole), member != actor else { return .protected(role) }
    let old = try await Ban.last(of: member, in: tx)
    if let old, old.isInForce(at: now), old.scope == scope, old.until == until,
      old.reason == reason.trimmed
    {
      return .banned(old)
    }
    let ban = try await add(
      member, scope, until: until, reason, after: old, by: actor, at: now, in: tx)
    try await Audit.record(
      "member_banned", on: member.description, reason: reason, before: state(old, at: now),
      after: state(ban, at: now), by: actor, at: now, in: tx)
    if scope.covers(.votes) {
      try await NarrowTokens.take(from: member, in: tx)
    } else {
      try await NarrowTokens.giveBack(to: member, in: tx)
    }
    try await NotifyMembers.post(
      .moderation, detail: Banned(ban: ban).description, by: actor, to: .members([member]),
      at: now, in: tx)
    return .banned(ban)
  }

  /// - Throws: `Invalid` for the reason.
  public static func lift(
    _ member: MemberID, reason: String, by actor: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Lifted {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let (role, actorRole) = try await hold(member, actor, in: tx) else { return .unknown }
    guard mayBan(role, actorRole), member != actor else { return .protected(role) }
    guard let old = try await Ban.last(of: member, in: tx), old.isInForce(at: now) else {
      return .notBanned
    }
    let ban = try await add(
      member, nil, until: nil, reason, after: old, by: actor, at: now, in: tx)
    try await Audit.record(
      "ban_lifted", on: member.description, reason: reason, before: state(old, at: now),
      by: actor, at: now, in: tx)
    try await NarrowTokens.giveBack(to: member, in: tx)
    try await NotifyMembers.post(
      .moderation, detail: "Your ban is lifted: \(ban.reason)", by: actor, to: .members([member]),
      at: now, in: tx)
    return .lifted(ban)
  }

  private static func mayBan(_ role: Role, _ actor: Role) -> Bool {
    actor == .admin || (role != .curator && role != .admin)
  }

  /// One change of a member's bans after the other, and tokens that are made come before or after.
  private static func hold(_ member: MemberID, _ actor: MemberID, in tx: Transaction)
    async throws -> (role: Role, actor: Role)?
  {
    let held = try await tx.first(
      "SELECT role FROM members WHERE id = \(member.uuid) FOR NO KEY UPDATE", as: Role.self)
    guard let held else { return nil }
    let role = try await tx.one(
      "SELECT role FROM members WHERE id = \(actor.uuid)", as: Role.self)
    return (held, role)
  }

  private static func add(
    _ member: MemberID, _ scope: Ban.Scope?, until: Timestamp?, _ reason: String,
    after old: Ban?, by actor: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Ban {
    try await tx.one(
      """
      INSERT INTO bans (member_id, number, scope, until, reason, made_by, made_at)
      VALUES (\(member.uuid), \(Int32((old?.number ?? 0) + 1)), \(scope), \(until),
              \(reason.trimmed), \(actor.uuid), \(now))
      RETURNING \(Ban.columns)
      """, of: Ban.self)
  }

  private static func state(_ ban: Ban?, at now: Timestamp) -> JSON? {
    guard let ban, ban.isInForce(at: now), let scope = ban.scope else { return nil }
    return [
      "scope": .string(scope.rawValue),
      "until": ban.until.map { .string($0.description) } ?? .null,
    ]
  }
}
