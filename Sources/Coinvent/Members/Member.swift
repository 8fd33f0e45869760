import Postgres

/// Somebody who takes part.
public struct Member: Sendable, RowDecodable {
  public let id: MemberID
  public let handle: String
  public let displayName: String
  /// Nil for members made on the command line without one.
  public let email: String?
  public let role: Role
  public let joinedAt: Timestamp

  /// The columns that `init(row:)` reads, in its order.
  static let columns: Query =
    "members.id, handle, display_name, email, role, joined_at"

  public init(row: inout RowReader) throws {
    id = MemberID(uuid: try row.next(UUID.self))
    handle = try row.next(String.self)
    displayName = try row.next(String.self)
    email = try row.next(String?.self)
    role = try row.next(Role.self)
    joinedAt = try row.next(Timestamp.self)
  }
}
