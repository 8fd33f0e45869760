import Ledger
import Postgres

/// What one settlement moved, by currency.
public struct SettlementSummary: Sendable {
  public struct Line: Sendable {
    public let currency: Currency
    /// What the pools gained, in nanos; negative after returns.
    public let pool: Int64
    /// What members were credited, net.
    public let credited: Int64
    public let house: Int64
    public let products: Int64
    /// To whom anything was credited, net.
    public let members: Int64
    /// What stays in the pools, less than a nano a holder and product.
    public var crumbs: Int64 { pool - credited - house }
  }

  public let id: SettlementID
  /// An earlier settlement that this run had to finish first.
  public let resumed: SettlementID?
  /// The first moment whose sales do not count yet.
  public let cutOff: Timestamp
  public let lines: [Line]
  public let waiting: [WaitingSales]
  public let ahead: SalesAhead?

  static func of(_ id: SettlementID, resumed: SettlementID?, in db: some Queryable) async throws
    -> SettlementSummary
  {
    let cutOff = try await db.one(
      "SELECT cut_off FROM settlements WHERE id = \(id.uuid)", as: Timestamp.self)
    // Credits were counted as they were delivered; the house has one transfer a pool at most.
    let rows = try await db.all(
      """
      SELECT c.currency, sum(c.after - c.before)::bigint, count(DISTINCT c.product_id),
        coalesce(sum(t.house), 0)::bigint
      FROM pool_changes c
      LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN to_kind = 'house' THEN amount ELSE -amount END) AS house
        FROM transfers
        WHERE home = c.product_id AND cause = c.cause AND reason = 'credit'
          AND currency = c.currency
          AND (from_owner, to_owner) IN ((c.product_id, \(Account.operator)),
                                         (\(Account.operator), c.product_id))
      ) AS t ON true
      WHERE c.settlement_id = \(id.uuid) GROUP BY c.currency ORDER BY c.currency
      """, as: (String, Int64, Int64, Int64).self)
    let delivered = try await db.all(
      """
      SELECT currency, sum(members)::bigint, sum(credited)::bigint FROM deliveries
      WHERE settlement_id = \(id.uuid) GROUP BY currency
      """, as: (String, Int64, Int64).self)
    let credits = Dictionary(
      delivered.map { ($0.0, (members: $0.1, amount: $0.2)) },
      uniquingKeysWith: { first, _ in first })
    return SettlementSummary(
      id: id, resumed: resumed, cutOff: cutOff,
      lines: rows.compactMap { code, pool, products, house in
        Currency(code).map {
          Line(
            currency: $0, pool: pool, credited: credits[code]?.amount ?? 0, house: house,
            products: products,
            members: credits[code]?.members ?? 0)
        }
      }, waiting: try await WaitingSales.all(in: db),
      ahead: try await SalesAhead.find(in: db))
  }
}
