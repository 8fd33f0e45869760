import Ledger
import Postgres

/// What sales changed a pool in one settlement.
public struct TracedSales: Sendable {
  /// Sales of one kind, as the pool counts them.
  public struct Line: Sendable {
    public let channel: String
    /// Empty, like the format, where the contract does not ask.
    public let territory: String
    public let format: String
    public let ratePPM: Int64
    public let units: Int64
    /// In nanos, cut.
    public let base: Int64
    public let earned: Int64
  }

  /// One of the lines of reports behind it.
  public struct Sale: Sendable {
    public let source: String
    public let externalID: String
    public let channel: String
    public let quantity: Int64
    public let unitPrice: Int64
    public let soldAt: Timestamp
    public let territory: String?
    /// Discount and allowance, in nanos.
    public let discount: Int64
    /// All other deductions that the line names, in nanos; the contract says which count.
    public let deductions: Int64
    public let listPrice: Int64?
    /// The key of the sale that came back.
    public let returnOf: String?
  }

  /// What contracts with such terms put between what was earned and the pool, in nanos.
  public struct Terms: Sendable {
    /// Held back against returns, less what was released.
    public let reserved: Int64
    /// Zero, too, of what was settled before it was kept.
    public let released: Int64
    /// Kept for advances and costs.
    public let recouped: Int64
    public let advanced: Int64
    /// Added up to a guaranteed minimum.
    public let guaranteed: Int64
  }

  public let lines: [Line]
  /// Nil without such terms.
  public let terms: Terms?
  /// The first of the sale lines that came in since the product was settled before, and how many
  /// there are.
  public let sales: [Sale]
  public let saleCount: Int64

  /// How many sale lines are shown.
  public static let salesShown: Int64 = 20

  static func of(_ credit: TracedCredit, in db: some Queryable) async throws -> TracedSales {
    let rows = try await db.all(
      """
      SELECT channel, territory, format, rate_ppm, units, div(base, 1000000)::bigint,
        div(earned, 1000000000000)::bigint
      FROM settlement_lines
      WHERE product_id = \(credit.product.uuid) AND settlement_id = \(credit.settlement.uuid)
        AND contract_version = \(Int64(credit.contractVersion))
        AND share_version = \(Int64(credit.shareVersion)) AND currency = \(credit.currency.code)
      ORDER BY channel, territory, format, rate_ppm
      """, as: (String, String, String, Int64, Int64, Int64, Int64).self)
    let terms = try await db.first(
      """
      SELECT reserved, coalesce(released, 0), recouped, advanced, guaranteed FROM settlement_terms
      WHERE product_id = \(credit.product.uuid) AND settlement_id = \(credit.settlement.uuid)
        AND contract_version = \(Int64(credit.contractVersion))
        AND share_version = \(Int64(credit.shareVersion)) AND currency = \(credit.currency.code)
      """, as: (Int64, Int64, Int64, Int64, Int64).self)
    let (sales, count) = try await sales(credit, in: db)
    return TracedSales(
      lines: rows.map {
        Line(
          channel: $0.0, territory: $0.1, format: $0.2, ratePPM: $0.3, units: $0.4, base: $0.5,
          earned: $0.6)
      },
      terms: terms.map {
        Terms(
          reserved: $0.0, released: $0.1, recouped: $0.2, advanced: $0.3, guaranteed: $0.4)
      }, sales: sales, saleCount: count)
  }

  /// Lines that this settlement counted and the product's settlement before it did not.
  private static func sales(_ credit: TracedCredit, in db: some Queryable) async throws
    -> ([Sale], Int64)
  {
    let counted: Query = """
      FROM sale_lines l, settlements s
      LEFT JOIN LATERAL (
        SELECT e.horizon, e.cut_off FROM settlements e
        WHERE e.planned_at < s.planned_at AND EXISTS (
          SELECT FROM pool_changes c
          WHERE c.settlement_id = e.id AND c.product_id = \(credit.product.uuid))
        ORDER BY e.planned_at DESC LIMIT 1
      ) AS e ON true
      WHERE s.id = \(credit.settlement.uuid) AND l.product_id = \(credit.product.uuid)
        AND l.currency = \(credit.currency.code)
        AND l.arrival <= s.horizon AND l.sold_at < s.cut_off
        AND (e.horizon IS NULL OR l.arrival > e.horizon OR l.sold_at >= e.cut_off)
        AND NOT EXISTS (SELECT FROM sale_withdrawals w
                        WHERE w.report_id = l.report_id AND w.arrival <= s.horizon)
      """
    let count = try await db.one("SELECT count(*) \(counted)", as: Int64.self)
    let rows = try await db.all(
      """
      SELECT l.source, l.external_id, l.channel, l.quantity, l.unit_price, l.sold_at,
        l.territory, l.discount + l.allowance,
        coalesce((SELECT sum(value::bigint) FROM jsonb_each_text(l.deductions)), 0)::bigint,
        l.list_price, l.return_of
      \(counted)
      ORDER BY l.sold_at, l.source, l.external_id LIMIT \(salesShown)
      """,
      as: (
        String, String, String, Int64, Int64, Timestamp, String?, Int64, Int64, Int64?, String?
      ).self)
    return (
      rows.map {
        Sale(
          source: $0.0, externalID: $0.1, channel: $0.2, quantity: $0.3, unitPrice: $0.4,
          soldAt: $0.5, territory: $0.6, discount: $0.7, deductions: $0.8, listPrice: $0.9,
          returnOf: $0.10)
      }, count
    )
  }
}
