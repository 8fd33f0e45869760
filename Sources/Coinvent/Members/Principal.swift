import Postgres

/// Who a request speaks for.
public struct Principal: Sendable {
  public let member: MemberID
  public let handle: String
  public let role: Role
  public let token: TokenID
  public let scopes: Set<Scope>
}

/// Finds out who holds a token, many at a time.
public enum FindPrincipals {
  /// One answer per token, in their order; nil for one that is unknown, wrong, expired or revoked.
  /// Nothing is remembered between calls, so that a revocation counts at once.
  public static func run(
    _ secrets: [TokenSecret], at now: Timestamp = .now, in db: some Queryable
  ) async throws -> [Principal?] {
    let ids = secrets.map(\.id.uuid)
    let rows = try await db.all(
      """
      SELECT tokens.id, member_id, handle, role, scopes, secret_hash,
             last_used_at IS NULL OR last_used_at < \(now - markedFor)
      FROM tokens JOIN members ON members.id = member_id
      WHERE tokens.id = ANY(\(ids)) AND revoked_at IS NULL AND expires_at > \(now)
      """, as: (UUID, UUID, String, Role, [String], [UInt8], Bool).self)
    var known: [UUID: (Principal, hash: [UInt8])] = [:]
    for (id, member, handle, role, scopes, hash, _) in rows {
      let principal = Principal(
        member: MemberID(uuid: member), handle: handle, role: role, token: TokenID(uuid: id),
        scopes: Set(scopes.compactMap(Scope.init)))
      known[id] = (principal, hash)
    }
    let found = secrets.map { secret -> Principal? in
      guard let (principal, hash) = known[secret.id.uuid], secret.matches(hash) else { return nil }
      return principal
    }
    let stale = Set(rows.filter(\.6).map(\.0))
    let used = found.compactMap { $0?.token.uuid }.filter(stale.contains)
    if !used.isEmpty { await markUsed(used, at: now, in: db) }
    return found
  }

  /// How long a note of a token's use is good: once an hour is often enough to see which tokens
  /// nobody needs any more.
  static let markedFor: Duration = .seconds(3600)

  /// Notes that tokens are used. Only a remark for the owner: a database that takes no changes now
  /// still knows its members, so a failure is no matter.
  static func markUsed(_ tokens: [UUID], at now: Timestamp, in db: some Queryable) async {
    // Sorted and skipping: two batches never wait for each other here.
    do {
      try await db.execute(
        """
        UPDATE tokens SET last_used_at = \(now)
        WHERE id IN (SELECT id FROM tokens WHERE id = ANY(\(tokens))
                     ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
        """)
    } catch {}
  }
}
