import Ledger
import Postgres

/// A call for commitments to buy a product before it is produced: so many units until a day, or
/// nobody is charged.
public struct Presale: Sendable {
  /// Where it stands; see `Schema/0039-presales.sql`.
  public enum State: String, CaseIterable, Sendable {
    case open, failed, charging, charged, refunding, refunded
  }

  public let product: ProductID
  /// From 1, for each product.
  public let number: Int
  public let state: State
  /// In units; never changed.
  public let target: Int64
  /// All that were committed to and not cancelled by their members.
  public let units: Int64
  public let channel: String
  public let currency: Currency
  public let openedAt: Timestamp
  public let openedBy: MemberID
  public let endsAt: Timestamp
  public let reason: String?
  public let endedAt: Timestamp?
  /// Nil: the rules did.
  public let endedBy: MemberID?

  public var isReached: Bool { units >= target }
}

extension Presale: RowDecodable {
  static let columns: Query = """
    product_id, number, state, target, units, channel, currency, opened_at, opened_by, ends_at,
    reason, ended_at, ended_by
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    number = Int(try row.next(Int32.self))
    state = try row.known()
    target = try row.next()
    units = try row.next()
    channel = try row.next()
    guard let code = Currency(try row.next(String.self)) else {
      throw UnknownWord(type: "currency")
    }
    currency = code
    openedAt = try row.next()
    openedBy = MemberID(uuid: try row.next())
    endsAt = try row.next()
    reason = try row.next()
    endedAt = try row.next()
    endedBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
  }

  /// The last one of a product.
  public static func latest(of product: ProductID, in db: some Queryable) async throws -> Presale? {
    try await db.first(
      """
      SELECT \(columns) FROM presales WHERE product_id = \(product.uuid)
      ORDER BY number DESC LIMIT 1
      """, of: Presale.self)
  }

  /// The last one, for this transaction alone: commitments, cancellations and ends of a presale
  /// come one after the other.
  static func holdLatest(of product: ProductID, in tx: Transaction) async throws -> Presale? {
    guard let latest = try await latest(of: product, in: tx) else { return nil }
    return try await hold(product, latest.number, in: tx)
  }

  static func hold(_ product: ProductID, _ number: Int, in tx: Transaction) async throws -> Presale
  {
    try await tx.one(
      """
      SELECT \(columns) FROM presales WHERE product_id = \(product.uuid) AND number = \(number)
      FOR NO KEY UPDATE
      """, of: Presale.self)
  }
}
