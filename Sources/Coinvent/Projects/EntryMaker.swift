import Postgres

/// One of those who made an entry, and the part of what it earns that is theirs.
public struct EntryMaker: Sendable, RowDecodable {
  public let entry: EntryID
  public let member: MemberID
  /// Parts per million of what the entry earns.
  public let ppm: Int64
  public let acceptedAt: Timestamp?
  public let declinedAt: Timestamp?

  public static let whole: Int64 = 1_000_000
  public static let most = 20

  public init(row: inout RowReader) throws {
    entry = EntryID(uuid: try row.next())
    member = MemberID(uuid: try row.next())
    ppm = try row.next()
    acceptedAt = try row.next()
    declinedAt = try row.next()
  }

  /// Of some entries, the greatest parts first.
  public static func of(_ entries: [ProjectEntry], in db: some Queryable) async throws
    -> [EntryID: [EntryMaker]]
  {
    if entries.isEmpty { return [:] }
    let makers = try await db.all(
      """
      SELECT entry_id, member_id, ppm, accepted_at, declined_at FROM entry_makers
      WHERE product_id = ANY(\(Array(Set(entries.map(\.product.uuid)))))
        AND entry_id = ANY(\(entries.map(\.id.uuid)))
      ORDER BY ppm DESC, member_id
      """, of: EntryMaker.self)
    return Dictionary(grouping: makers, by: \.entry)
  }
}

/// Who is to share what an entry earns, as its author says it.
public struct EntryTeam: Sendable, Equatable {
  public let parts: [Part]

  public struct Part: Sendable, Equatable {
    public let member: MemberID
    public let ppm: Int64

    public init(_ member: MemberID, ppm: Int64) {
      self.member = member
      self.ppm = ppm
    }
  }

  public init(_ parts: [Part]) { self.parts = parts }

  /// The author alone.
  static func alone(_ author: MemberID) -> EntryTeam {
    EntryTeam([Part(author, ppm: EntryMaker.whole)])
  }

  func faults(author: MemberID) -> [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    if !(1...EntryMaker.most).contains(parts.count) {
      found.append(("/makers", "must name 1 to \(EntryMaker.most) members"))
    }
    if !parts.contains(where: { $0.member == author }) {
      found.append(("/makers", "must name the member who enters too"))
    }
    var seen: Set<MemberID> = []
    for (index, part) in parts.enumerated() {
      if !seen.insert(part.member).inserted {
        found.append(("/makers/\(index)/member_id", "is named twice"))
      }
      if !(1...EntryMaker.whole).contains(part.ppm) {
        found.append(("/makers/\(index)/ppm", "must be from 1 to \(EntryMaker.whole)"))
      }
    }
    let sum = parts.reduce(Int128(0)) { $0 + Int128($1.ppm) }
    if sum != Int128(EntryMaker.whole) {
      found.append(("/makers", "must add up to \(EntryMaker.whole) ppm; these make \(sum)"))
    }
    return found
  }
}
