import Postgres

/// Lists the entries that take part in a project.
public enum ListEntries {
  public typealias Page = (entries: [ProjectEntry], next: EntryCursor?)

  public enum Order: Sendable, Equatable {
    case number
    /// One that looks random; `seed` says for whom.
    case random(seed: String)
  }

  public static func run(
    of project: Project, order: Order = .number, limit: Int, after cursor: EntryCursor? = nil,
    in db: some Queryable
  ) async throws -> Page {
    switch order {
    case .number:
      let after = cursor?.place ?? 0
      let found = try await db.all(
        """
        SELECT \(ProjectEntry.columns) FROM project_entries
        WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
          AND number > \(after) AND state = 'entered'
        ORDER BY number LIMIT \(limit + 1)
        """, of: ProjectEntry.self)
      let shown = Array(found.prefix(limit))
      let last = found.count > limit ? shown.last : nil
      return (shown, last.map { EntryCursor(place: $0.number) })
    case .random(let seed):
      return try await random(project, seed, limit, cursor, db)
    }
  }

  /// The order of the first page is that of all that follow it, whatever is entered meanwhile.
  private static func random(
    _ project: Project, _ seed: String, _ limit: Int, _ cursor: EntryCursor?, _ db: some Queryable
  ) async throws -> Page {
    let greatest = try await db.one(
      """
      SELECT coalesce(max(number), 0)::bigint FROM project_entries
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
      """, as: Int64.self)
    let order =
      cursor.map { PresentationOrder(key: $0.key, last: min($0.last, greatest)) }
      ?? PresentationOrder(project: project.id, seed: seed, last: greatest)
    var place = UInt64(cursor?.place ?? 0)
    var shown: [ProjectEntry] = []
    // Where hardly anything takes part any more, a page may be short.
    for _ in 0..<10 where shown.count < limit && place < order.places {
      var wanted: [(number: Int64, place: UInt64)] = []
      while wanted.count < limit && place < order.places {
        if let number = order.number(at: place) { wanted.append((number, place)) }
        place += 1
      }
      let found = try await entries(wanted.map(\.number), of: project, in: db)
      for (number, itsPlace) in wanted {
        guard let entry = found[number] else { continue }
        shown.append(entry)
        if shown.count == limit {
          place = itsPlace + 1
          break
        }
      }
    }
    let isEnd = place >= order.places
    let next = EntryCursor(place: Int64(place), key: order.key, last: order.last)
    return (shown, isEnd ? nil : next)
  }

  private static func entries(_ numbers: [Int64], of project: Project, in db: some Queryable)
    async throws -> [Int64: ProjectEntry]
  {
    let found = try await db.all(
      """
      SELECT \(ProjectEntry.columns) FROM project_entries
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND number = ANY(\(numbers.map(Int32.init))) AND state = 'entered'
      """, of: ProjectEntry.self)
    return Dictionary(uniqueKeysWithValues: found.map { ($0.number, $0) })
  }

  /// What a member has entered or made with others, in all states, the last one first.
  public static func made(by member: MemberID, in project: Project, _ db: some Queryable)
    async throws -> [ProjectEntry]
  {
    try await db.all(
      """
      SELECT \(ProjectEntry.columns) FROM project_entries
      WHERE product_id = \(project.product.uuid) AND project_id = \(project.id.uuid)
        AND (author_id = \(member.uuid) OR id IN (
          SELECT entry_id FROM entry_makers
          WHERE product_id = \(project.product.uuid) AND member_id = \(member.uuid)))
      ORDER BY number DESC LIMIT 1000
      """, of: ProjectEntry.self)
  }
}

/// Where a page of entries ends. Clients get it as opaque text; it is checked for form and not
/// signed, as a forged one can only start a page elsewhere.
public struct EntryCursor: Sendable, Hashable {
  let place: Int64
  let key: UInt64
  let last: Int64
  private static let version: UInt8 = 1

  /// In the order of numbers.
  init(place: Int64) { self.init(place: place, key: 0, last: 0) }

  init(place: Int64, key: UInt64, last: Int64) {
    self.place = place
    self.key = key
    self.last = last
  }

  /// - Returns: nil for a text that no such page has handed out.
  public init?(_ text: String, order: ListEntries.Order) {
    guard let bytes = Base64URL.decode(text.utf8), bytes.count == 25, bytes[0] == Self.version
    else { return nil }
    func number(_ start: Int) -> UInt64 {
      bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    place = Int64(truncatingIfNeeded: number(1))
    key = number(9)
    last = Int64(truncatingIfNeeded: number(17))
    let isOfNumbers = key == 0 && last == 0
    guard (0...Int64(UInt32.max)).contains(place), (0...Int64(Int32.max)).contains(last),
      isOfNumbers == (order == .number)
    else { return nil }
  }

  public var text: String {
    func bytes(_ number: UInt64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }
    return Base64URL.encode(
      [Self.version] + bytes(UInt64(bitPattern: place)) + bytes(key)
        + bytes(UInt64(bitPattern: last)))
  }
}

extension ProjectEntry {
  /// The handles of the authors.
  public static func handles(of entries: [ProjectEntry], in db: some Queryable) async throws
    -> [MemberID: String]
  {
    if entries.isEmpty { return [:] }
    let rows = try await db.all(
      "SELECT id, handle FROM members WHERE id = ANY(\(Set(entries.map(\.author.uuid)).sorted()))",
      as: (UUID, String).self)
    return Dictionary(uniqueKeysWithValues: rows.map { (MemberID(uuid: $0.0), $0.1) })
  }

  /// Why entries have ended.
  public static func reasons(of entries: [ProjectEntry], in db: some Queryable) async throws
    -> [EntryID: String]
  {
    if entries.isEmpty { return [:] }
    let rows = try await db.all(
      """
      SELECT id, reason FROM project_entries
      WHERE product_id = ANY(\(Array(Set(entries.map(\.product.uuid)))))
        AND id = ANY(\(entries.map(\.id.uuid))) AND reason IS NOT NULL
      """, as: (UUID, String).self)
    return Dictionary(uniqueKeysWithValues: rows.map { (EntryID(uuid: $0.0), $0.1) })
  }
}
