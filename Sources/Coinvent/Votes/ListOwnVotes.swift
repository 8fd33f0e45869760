import Postgres

/// A member's own votes, the newest first, held ones among them, and what is left of the budget.
public enum ListOwnVotes {
  public struct Vote: Sendable, RowDecodable {
    public let idea: IdeaID
    public let title: String
    public let state: Idea.State
    public let castAt: Timestamp
    public let standing: CastVotes.Standing
    /// Why it was held or stays out.
    public let reason: String?

    public init(row: inout RowReader) throws {
      idea = IdeaID(uuid: try row.next(UUID.self))
      title = try row.next(String.self)
      state = try row.next(Idea.State.self)
      castAt = try row.next(Timestamp.self)
      standing = try row.next(CastVotes.Standing.self)
      reason = try row.next(String?.self)
    }
  }

  public struct Page: Sendable {
    public let votes: [Vote]
    public let next: VoteCursor?
    public let policy: VotePolicy
    /// Nil without a budget.
    public let left: Int64?
  }

  public static func run(
    of member: MemberID, limit: Int = 20, after cursor: VoteCursor? = nil,
    at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Page {
    let start = cursor ?? VoteCursor.newest
    var votes = try await db.all(
      """
      SELECT idea_id, title, ideas.state, cast_at, standing, reason FROM (
        (SELECT idea_id, cast_at, 'counted' AS standing, NULL AS reason FROM votes
         WHERE member_id = \(member.uuid)
           AND (cast_at, idea_id) < (\(start.castAt), \(start.idea.uuid))
         ORDER BY cast_at DESC, idea_id DESC LIMIT \(limit + 1))
        UNION ALL
        (SELECT idea_id, cast_at, state, reason FROM held_votes
         WHERE member_id = \(member.uuid) AND NOT withdrawn AND state <> 'released'
           AND (cast_at, idea_id) < (\(start.castAt), \(start.idea.uuid))
         ORDER BY cast_at DESC, idea_id DESC LIMIT \(limit + 1))) AS mine
      JOIN ideas ON ideas.id = idea_id
      ORDER BY cast_at DESC, idea_id DESC LIMIT \(limit + 1)
      """, of: Vote.self)
    var next: VoteCursor?
    if votes.count > limit {
      votes.removeLast()
      next = votes.last.map { VoteCursor(castAt: $0.castAt, idea: $0.idea) }
    }
    let policy = try await VotePolicy.current(in: db)
    return Page(
      votes: votes, next: next, policy: policy,
      left: try await left(of: member, policy: policy, at: now, in: db))
  }

  private static func left(
    of member: MemberID, policy: VotePolicy, at now: Timestamp, in db: some Queryable
  ) async throws -> Int64? {
    guard let votes = policy.budget.votes, let account = policy.budget.account(at: now)
    else { return nil }
    let spent = try await db.first(
      """
      SELECT spent::bigint FROM vote_accounts
      WHERE member_id = \(member.uuid) AND kind = \(account.kind) AND began_at = \(account.beganAt)
      """, as: Int64.self)
    return max(0, votes - (spent ?? 0))
  }
}

/// Where a page of a member's votes ends.
public struct VoteCursor: Sendable, Hashable {
  let castAt: Timestamp
  let idea: IdeaID
  private static let version: UInt8 = 1

  static let newest = VoteCursor(
    castAt: Timestamp(microseconds: 253_402_300_799_000_000), idea: IdeaID(uuid: .max))

  init(castAt: Timestamp, idea: IdeaID) {
    self.castAt = castAt
    self.idea = idea
  }

  /// - Returns: nil for a text that no page has handed out.
  public init?(_ text: String) {
    guard let bytes = Base64URL.decode(text.utf8), bytes.count == 25, bytes[0] == Self.version,
      let id = UUID(bytes: bytes[9...])
    else { return nil }
    let moment = bytes[1..<9].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    self.init(castAt: Timestamp(microseconds: Int64(bitPattern: moment)), idea: IdeaID(uuid: id))
  }

  public var text: String {
    let moment = UInt64(bitPattern: castAt.microseconds)
    let digits = (0..<8).map { UInt8(truncatingIfNeeded: moment >> UInt64(56 - 8 * $0)) }
    return Base64URL.encode([Self.version] + digits + idea.uuid.bytes)
  }
}
