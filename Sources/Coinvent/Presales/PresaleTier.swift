import Ledger
import Postgres

/// A price, and how many units have it.
public struct PresaleTier: Sendable, RowDecodable {
  /// Units of one presale at most, and of one tier.
  public static let units: ClosedRange<Int64> = 1...1_000_000_000
  /// A million of a currency's major unit.
  static let highestPrice: Int64 = 1_000_000_000_000_000

  public let position: Int
  /// Nanos of the presale's currency.
  public let unitPrice: Int64
  /// Nil: as many as are wanted.
  public let limit: Int64?
  public let taken: Int64

  public var free: Int64? { limit.map { $0 - taken } }

  public init(row: inout RowReader) throws {
    position = Int(try row.next(Int32.self))
    unitPrice = try row.next()
    limit = try row.next()
    taken = try row.next()
  }

  public static func all(of presale: Presale, in db: some Queryable) async throws -> [PresaleTier] {
    try await db.all(
      """
      SELECT position, unit_price, units_limit, taken FROM presale_tiers
      WHERE product_id = \(presale.product.uuid) AND presale = \(presale.number)
      ORDER BY position
      """, of: PresaleTier.self)
  }
}

/// That a presale was made to end later than it said.
public struct PresaleExtension: Sendable, RowDecodable {
  public let endedAt: Timestamp
  public let endsAt: Timestamp
  public let reason: String
  public let changedBy: MemberID
  public let changedAt: Timestamp

  public init(row: inout RowReader) throws {
    endedAt = try row.next()
    endsAt = try row.next()
    reason = try row.next()
    changedBy = MemberID(uuid: try row.next())
    changedAt = try row.next()
  }

  /// The first one first.
  public static func all(of presale: Presale, in db: some Queryable) async throws
    -> [PresaleExtension]
  {
    try await db.all(
      """
      SELECT ended_at, ends_at, reason, changed_by, changed_at FROM presale_extensions
      WHERE product_id = \(presale.product.uuid) AND presale = \(presale.number) ORDER BY number
      """, of: PresaleExtension.self)
  }
}
