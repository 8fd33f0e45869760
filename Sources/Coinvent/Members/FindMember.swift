import Postgres

/// Finds members for the command line and for pages.
public enum FindMember {
  public static func by(id: MemberID, in db: some Queryable) async throws -> Member? {
    try await db.first(
      "SELECT \(Member.columns) FROM members WHERE id = \(id.uuid)", of: Member.self)
  }

  /// - Parameter text: a handle or an id.
  public static func by(handleOrID text: String, in db: some Queryable) async throws -> Member? {
    if let id = MemberID(text) { return try await by(id: id, in: db) }
    return try await db.first(
      "SELECT \(Member.columns) FROM members WHERE handle = \(text.lowercased())", of: Member.self)
  }

  /// All members in the order of their handles, at most `limit` after `handle`.
  public static func all(after handle: String = "", limit: Int, in db: some Queryable) async throws
    -> [Member]
  {
    try await db.all(
      """
      SELECT \(Member.columns) FROM members
      WHERE handle > \(handle) ORDER BY handle LIMIT \(limit)
      """, of: Member.self)
  }
}
