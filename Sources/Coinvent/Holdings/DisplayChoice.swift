import Postgres

/// How a member is shown as a holder: by name unless chosen otherwise, for who holds what is public
/// on purpose; and on leaderboards only when chosen.
public struct DisplayChoice: Sendable, Equatable {
  public let isAnonymous: Bool
  /// Ranked by holdings; by credited amounts.
  public let ranksHoldings: Bool
  public let ranksEarnings: Bool

  public static let standard = DisplayChoice(
    isAnonymous: false, ranksHoldings: false, ranksEarnings: false)

  public init(isAnonymous: Bool, ranksHoldings: Bool, ranksEarnings: Bool) {
    self.isAnonymous = isAnonymous
    self.ranksHoldings = ranksHoldings
    self.ranksEarnings = ranksEarnings
  }

  public static func of(_ member: MemberID, in db: some Queryable) async throws -> DisplayChoice {
    let row = try await db.first(
      """
      SELECT anonymous, holdings, earnings FROM display_choices WHERE member_id = \(member.uuid)
      """, as: (Bool, Bool, Bool).self)
    return row.map { DisplayChoice(isAnonymous: $0, ranksHoldings: $1, ranksEarnings: $2) }
      ?? standard
  }

  /// - Throws: `Invalid` for somebody anonymous who wants to be ranked.
  public func keep(for member: MemberID, at now: Timestamp = .now, in tx: Transaction)
    async throws
  {
    if isAnonymous && (ranksHoldings || ranksEarnings) {
      throw Invalid("/anonymous", "must be false for who is on a leaderboard")
    }
    // One after the other, so that the last number tells one set of choices from the next.
    try await tx.execute("SELECT pg_advisory_xact_lock(\(DisplayChoice.lock))")
    let number = try await DisplayChoice.lastNumber(in: tx) + 1
    try await tx.execute(
      """
      INSERT INTO display_choices (member_id, number, anonymous, holdings, earnings, chosen_at)
      VALUES (\(member.uuid), \(number), \(isAnonymous), \(ranksHoldings), \(ranksEarnings),
              \(now))
      ON CONFLICT (member_id) DO UPDATE SET number = excluded.number,
        anonymous = excluded.anonymous, holdings = excluded.holdings,
        earnings = excluded.earnings, chosen_at = excluded.chosen_at
      """)
  }

  private static let lock: Int64 = 0x636f_696e_0043

  /// Another one after every choice.
  public static func lastNumber(in db: some Queryable) async throws -> Int64 {
    try await db.one("SELECT coalesce(max(number), 0) FROM display_choices", as: Int64.self)
  }

  /// Those of them whom the public is not to be told of.
  public static func anonymous(among members: Set<MemberID>, in db: some Queryable) async throws
    -> Set<MemberID>
  {
    let found = try await db.all(
      """
      SELECT member_id FROM display_choices
      WHERE member_id = ANY(\(members.map(\.uuid))) AND anonymous
      """, as: UUID.self)
    return Set(found.map(MemberID.init(uuid:)))
  }
}
