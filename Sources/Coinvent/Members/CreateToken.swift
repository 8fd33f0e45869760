import Postgres

/// Makes a token; its text is known here and never again.
public enum CreateToken {
  public enum Outcome: Sendable {
    case created(Token, secret: TokenSecret)
    case unknownMember
  }

  /// Who is banned from voting gets a token that votes only after the ban.
  public static func run(
    for member: MemberID, kind: Token.Kind = .token, scopes: Set<Scope> = .everything,
    lasting: Duration, id: TokenID = .new(), at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    guard !scopes.isEmpty else { throw Invalid("/scopes", "must name at least one scope") }
    guard lasting > .zero, lasting <= longest else {
      throw Invalid("/expires_in_days", "must be from 1 to 3650 days")
    }
    let secret = TokenSecret(id: id)
    let token = try await db.first(
      """
      INSERT INTO tokens (id, member_id, kind, secret_hash, scopes, created_at, expires_at)
      SELECT \(id.uuid), members.id, \(kind.rawValue), \(secret.hash), \(scopes.words),
             \(now), \(now + lasting)
      FROM members WHERE members.id = \(member.uuid) FOR SHARE
      RETURNING \(Token.columns)
      """, of: Token.self)
    guard let token else { return .unknownMember }
    // A ban comes before this and is seen here, or waits for the token and narrows it.
    let narrowed = try await NarrowTokens.take(from: token, at: now, in: db)
    return .created(narrowed ?? token, secret: secret)
  }

  private static let longest: Duration = .seconds(3650 * 86_400)
}
