import Postgres

/// What a member may do beyond taking part.
public enum Role: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
  case member, curator, finance, admin

  /// An admin can do all; everybody can do what a member can.
  public func includes(_ other: Role) -> Bool {
    self == other || self == .admin || other == .member
  }
}
