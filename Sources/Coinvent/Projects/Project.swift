import JSON
import Postgres

/// A timed call inside a product: what is asked for, until when, and how it is chosen.
public struct Project: Sendable, RowDecodable {
  /// The state that is stored. A project that is open opens and closes by its dates; `closed` says
  /// that the worker, or whoever came first after `closesAt`, has sealed what was chosen.
  public enum State: String, Sendable, CaseIterable { case draft, open, closed, decided, cancelled }

  public let product: ProductID
  public let id: ProjectID
  public let slice: Slice
  public let title: String
  public let brief: String
  /// JSON: the fields of an entry.
  public let form: StoredText
  public let choosing: Choosing
  /// JSON: the figures of the way of choosing.
  public let rules: StoredText
  public let state: State
  public let entriesPerMember: Int64
  public let hidesTallies: Bool
  public let opensAt: Timestamp
  public let entriesUntil: Timestamp
  public let choosingFrom: Timestamp
  public let closesAt: Timestamp
  public let madeBy: MemberID
  public let madeAt: Timestamp
  public let reason: String?
  public let endedAt: Timestamp?

  static let columns: Query =
    """
    product_id, id, slice, title, brief, form, choosing, rules, state, entries_per_member,
    hides_tallies, opens_at, entries_until, choosing_from, closes_at, made_by, made_at, reason,
    ended_at
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    id = ProjectID(uuid: try row.next())
    slice = try row.named()
    title = try row.next()
    brief = try row.next()
    form = try row.next()
    choosing = try row.named()
    rules = try row.next()
    state = try row.named()
    entriesPerMember = Int64(try row.next(Int32.self))
    hidesTallies = try row.next()
    opensAt = try row.next()
    entriesUntil = try row.next()
    choosingFrom = try row.next()
    closesAt = try row.next()
    madeBy = MemberID(uuid: try row.next())
    madeAt = try row.next()
    reason = try row.next()
    endedAt = try row.next()
  }

  public static func find(_ id: ProjectID, of product: ProductID, in db: some Queryable)
    async throws -> Project?
  {
    try await db.first(
      """
      SELECT \(columns) FROM projects WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """, of: Project.self)
  }

  /// Whether entries are taken.
  public func takesEntries(at now: Timestamp) -> Bool {
    state == .open && opensAt <= now && now < entriesUntil
  }

  /// Whether members choose among the entries.
  public func takesChoices(at now: Timestamp) -> Bool {
    state == .open && choosingFrom <= now && now < closesAt
  }
}
