import Postgres

/// Opens a session for a handle or an e-mail address with its password.
public enum SignIn {
  public enum Outcome: Sendable {
    case signedIn(Token, secret: TokenSecret)
    case refused
  }

  /// The hash is computed between two statements and outside of a transaction, so that no
  /// connection waits for it.
  public static func run(
    login: String, password: String, lasting: Duration, passwords: Passwords,
    at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    let account = try await account(login, in: db)
    let isRight = try await passwords.check(password, against: account?.hash)
    guard isRight, let account else { return .refused }
    let made = try await CreateToken.run(
      for: account.member, kind: .session, lasting: lasting, at: now, in: db)
    switch made {
    case .created(let token, let secret):
      // Whoever comes back stays.
      try await AskErasure.cancel(account.member, in: db)
      return .signedIn(token, secret: secret)
    case .unknownMember: return .refused
    }
  }

  private static func account(_ login: String, in db: some Queryable) async throws
    -> (member: MemberID, hash: String?)?
  {
    let name = login.lowercased()
    let row = try await db.first(
      """
      SELECT id, password_hash FROM members
      WHERE (handle = \(name) OR lower(email) = \(name))
        AND NOT EXISTS (SELECT FROM deaths
                        WHERE member_id = members.id AND outcome IS DISTINCT FROM 'taken_back')
      """, as: (UUID, String?).self)
    return row.map { (MemberID(uuid: $0.0), $0.1) }
  }
}
