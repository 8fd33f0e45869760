import Postgres

/// A token's row, without its secret.
public struct Token: Sendable, RowDecodable {
  public enum Kind: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// Made by signing in.
    case session
    /// Made for a program.
    case token
  }

  public let id: TokenID
  public let memberID: MemberID
  public let kind: Kind
  public let scopes: Set<Scope>
  public let createdAt: Timestamp
  public let expiresAt: Timestamp
  public let revokedAt: Timestamp?
  public let lastUsedAt: Timestamp?

  static let columns: Query =
    "tokens.id, member_id, kind, scopes, created_at, expires_at, revoked_at, last_used_at"

  public init(row: inout RowReader) throws {
    id = TokenID(uuid: try row.next(UUID.self))
    memberID = MemberID(uuid: try row.next(UUID.self))
    kind = try row.next(Kind.self)
    scopes = Set(try row.next([String].self).compactMap(Scope.init))
    createdAt = try row.next(Timestamp.self)
    expiresAt = try row.next(Timestamp.self)
    revokedAt = try row.next(Timestamp?.self)
    lastUsedAt = try row.next(Timestamp?.self)
  }
}
