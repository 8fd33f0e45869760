import Postgres

/// Ends a token; no request is answered with it afterwards.
public enum RevokeToken {
  public enum Outcome: Sendable {
    case alreadyRevoked
    case revoked
    case unknown
  }

  /// - Parameter owner: only a token of this member; nil for an operator.
  public static func run(
    _ id: TokenID, of owner: MemberID?, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    let ended = try await db.execute(
      """
      UPDATE tokens SET revoked_at = \(now)
      WHERE id = \(id.uuid) AND revoked_at IS NULL
        AND member_id = coalesce(\(owner?.uuid), member_id)
      """)
    if ended == 1 { return .revoked }
    let isKnown = try await db.one(
      """
      SELECT EXISTS (SELECT 1 FROM tokens
                     WHERE id = \(id.uuid) AND member_id = coalesce(\(owner?.uuid), member_id))
      """, as: Bool.self)
    return isKnown ? .alreadyRevoked : .unknown
  }
}
