import Postgres

/// A span of settlements whose plan is looked at, approved, posted, told to members and closed.
///
/// Periods follow one another by `number`. Work goes on in the earliest that is open or previewed;
/// sales that come late are lines of the next settlement, whichever period that belongs to.
public struct Period: Sendable, Equatable, RowDecodable {
  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case open
    /// What a settlement would do is computed and waits for a yes.
    case previewed
    /// That is being posted, or is posted.
    case approved
    /// Members have their statements.
    case published
    case closed
  }

  public let id: PeriodID
  public let number: Int
  /// Such as `2026-10`.
  public let name: String
  /// The last day whose sales are meant to count.
  public let through: Day
  /// Opened by the policy, for settlements that nobody opened a period for.
  public let isAutomatic: Bool
  public let state: State
  let step: Int

  static let columns: Query = "id, number, name, through, automatic, state, step"

  public init(row: inout RowReader) throws {
    id = PeriodID(uuid: try row.next(UUID.self))
    number = Int(try row.next(Int32.self))
    name = try row.next(String.self)
    through = try row.next(Day.self)
    isAutomatic = try row.next(Bool.self)
    state = try row.next(State.self)
    step = Int(try row.next(Int32.self))
  }

  /// - Parameter name: a name, or an id.
  public static func find(_ name: String, in db: some Queryable) async throws -> Period? {
    try await db.first(
      """
      SELECT \(columns) FROM periods WHERE name = \(name) OR id = \(PeriodID(name)?.uuid)
      """, of: Period.self)
  }

  /// The same, held to the end of the transaction.
  static func lock(_ name: String, in tx: Transaction) async throws -> Period? {
    try await tx.first(
      """
      SELECT \(columns) FROM periods WHERE name = \(name) OR id = \(PeriodID(name)?.uuid)
      FOR UPDATE
      """, of: Period.self)
  }

  /// All, the newest first.
  public static func all(in db: some Queryable) async throws -> [Period] {
    try await db.all("SELECT \(columns) FROM periods ORDER BY number DESC", of: Period.self)
  }

  static func latest(in db: some Queryable) async throws -> Period? {
    try await db.first(
      "SELECT \(columns) FROM periods ORDER BY number DESC LIMIT 1", of: Period.self)
  }

  /// In which work goes on: the earliest that is open or previewed.
  static func inWork(in db: some Queryable) async throws -> Period? {
    try await db.first(
      """
      SELECT \(columns) FROM periods WHERE state IN ('open', 'previewed') ORDER BY number LIMIT 1
      """, of: Period.self)
  }

  /// The earliest before this one that is not published.
  func unpublishedBefore(in db: some Queryable) async throws -> Period? {
    try await db.first(
      """
      SELECT \(Period.columns) FROM periods
      WHERE number < \(Int32(number)) AND state NOT IN ('published', 'closed')
      ORDER BY number LIMIT 1
      """, of: Period.self)
  }

  /// The first after this one in which anything has happened.
  func begunAfter(in db: some Queryable) async throws -> Period? {
    try await db.first(
      """
      SELECT \(Period.columns) FROM periods WHERE number > \(Int32(number)) AND step > 1
      ORDER BY number LIMIT 1
      """, of: Period.self)
  }

  /// The one right before this.
  func previous(in db: some Queryable) async throws -> Period? {
    try await db.first(
      """
      SELECT \(Period.columns) FROM periods WHERE number < \(Int32(number))
      ORDER BY number DESC LIMIT 1
      """, of: Period.self)
  }
}
