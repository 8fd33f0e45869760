import Postgres

/// A member asks to be forgotten; until it is due, signing in takes it back.
public enum AskErasure {
  /// Ends all tokens and sessions: whoever wants to stay has to sign in.
  /// - Parameter gives: what is payable, and what shares earn later, goes to the house.
  public static func run(
    _ member: MemberID, gives: Bool, after grace: Duration = Erasure.grace,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Erasure.Outcome {
    if let known = try await Erasure.of(member, in: tx), known.erasedAt != nil {
      return .erased(known)
    }
    let money = try await Erasure.money(of: member, in: tx)
    guard money.openPayouts == 0 else { return .payoutOpen(money) }
    guard gives || !money.needsChoice else { return .moneyWaits(money) }
    let due = now + grace
    try await tx.execute(
      """
      INSERT INTO erasures (member_id, asked_at, due_at, gives)
      VALUES (\(member.uuid), \(now), \(due), \(gives))
      ON CONFLICT (member_id) DO UPDATE
      SET asked_at = excluded.asked_at, due_at = excluded.due_at, gives = excluded.gives
      """)
    try await tx.execute(
      """
      UPDATE tokens SET revoked_at = \(now)
      WHERE member_id = \(member.uuid) AND revoked_at IS NULL
      """)
    return .asked(Erasure(askedAt: now, dueAt: due, gives: gives, erasedAt: nil))
  }

  /// The member stays.
  /// - Returns: false when nothing was asked, or it is done already.
  @discardableResult
  public static func cancel(_ member: MemberID, in db: some Queryable) async throws -> Bool {
    try await db.execute(
      "DELETE FROM erasures WHERE member_id = \(member.uuid) AND erased_at IS NULL") == 1
  }

  /// Whether a request is certainly the member's own: by the password, or by a session of the last
  /// minutes.
  public static func isCertain(
    _ principal: Principal, password: String?, passwords: Passwords, at now: Timestamp = .now,
    in db: some Queryable
  ) async throws -> Bool {
    let (hash, isFresh) = try await db.one(
      """
      SELECT password_hash, EXISTS (
        SELECT 1 FROM tokens WHERE id = \(principal.token.uuid) AND kind = 'session'
          AND created_at > \(now - freshFor))
      FROM members WHERE id = \(principal.member.uuid)
      """, as: (String?, Bool).self)
    guard let password else { return isFresh }
    return try await passwords.check(password, against: hash)
  }

  private static let freshFor = Duration.seconds(600)
}
