import Postgres

/// A group of members whose votes weigh more or less than one.
public struct VoteGroup: Sendable, RowDecodable {
  public let name: String
  /// In thousandths of a vote.
  public let weight: Int64
  public let members: Int64

  public static let weights: ClosedRange<Int64> = 0...100_000

  public init(row: inout RowReader) throws {
    name = try row.next(String.self)
    weight = Int64(try row.next(Int32.self))
    members = try row.next(Int64.self)
  }

  /// What is wrong with a name; nil when nothing is.
  public static func fault(name: String) -> String? {
    let letters = name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
    }
    let isGood = (1...40).contains(name.utf8.count) && letters && !name.hasPrefix("-")
    return isGood ? nil : "must be 1 to 40 of a-z, 0-9 and -, not - first"
  }

  /// All of them, by name.
  public static func all(in db: some Queryable) async throws -> [VoteGroup] {
    try await db.all(
      """
      SELECT g.name,
        (SELECT weight FROM vote_group_weights w WHERE w.name = g.name
         ORDER BY number DESC LIMIT 1),
        (SELECT count(*) FROM vote_group_members m
         WHERE m.name = g.name AND m.removed_at IS NULL)
      FROM vote_groups g ORDER BY g.name
      """, of: VoteGroup.self)
  }

  /// The members of a group, by handle; at most 10 000.
  public static func members(of name: String, in db: some Queryable) async throws -> [MemberID] {
    try await db.all(
      """
      SELECT m.id FROM vote_group_members g JOIN members m ON m.id = g.member_id
      WHERE g.name = \(name) AND g.removed_at IS NULL ORDER BY m.handle LIMIT 10000
      """, as: UUID.self
    ).map(MemberID.init(uuid:))
  }
}
