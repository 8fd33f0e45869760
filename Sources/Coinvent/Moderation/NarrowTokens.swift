import Postgres

/// Bans from voting are kept in the tokens, so that the statement that casts votes has nothing more
/// to ask: `votes` becomes a word that opens nothing and remembers what is to come back.
public enum NarrowTokens {
  static let word = "votes_banned"

  static func take(from member: MemberID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE tokens SET scopes = array_replace(scopes, 'votes', \(word))
      WHERE member_id = \(member.uuid) AND 'votes' = ANY(scopes)
      """)
  }

  /// - Returns: the token as it is then; nil when no ban touches it.
  static func take(from token: Token, at now: Timestamp, in db: some Queryable) async throws
    -> Token?
  {
    guard token.scopes.contains(.votes),
      try await Ban.inForce(token.memberID, .votes, at: now, in: db) != nil
    else { return nil }
    return try await db.first(
      """
      UPDATE tokens SET scopes = array_replace(scopes, 'votes', \(word))
      WHERE id = \(token.id.uuid) RETURNING \(Token.columns)
      """, of: Token.self)
  }

  /// - Returns: the tokens that may vote again.
  @discardableResult
  static func giveBack(to member: MemberID, in tx: Transaction) async throws -> [TokenID] {
    try await tx.all(
      """
      UPDATE tokens SET scopes = array_replace(scopes, \(word), 'votes')
      WHERE member_id = \(member.uuid) AND 'votes_banned' = ANY(scopes) RETURNING id
      """, as: UUID.self
    ).map(TokenID.init(uuid:))
  }

  /// Gives back what a ban took that has run out.
  public static func giveBackAfterBan(
    to member: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> [TokenID] {
    try await tx.execute(
      "SELECT FROM members WHERE id = \(member.uuid) FOR NO KEY UPDATE")
    if try await Ban.inForce(member, .votes, at: now, in: tx) != nil { return [] }
    return try await giveBack(to: member, in: tx)
  }
}
