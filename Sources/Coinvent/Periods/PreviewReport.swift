import JSON
import Ledger
import Postgres

/// What somebody looks at before saying yes to a preview.
public struct PreviewReport: Sendable {
  public struct Total: Sendable {
    /// The net change of all pools.
    public let change: Amount
    public let products: Int
  }

  public struct Product: Sendable {
    public let id: ProductID
    public let name: String
    public let change: Amount
    /// The same of the period before.
    public let last: Amount

    /// How far it is from the last one, in nanos.
    var distance: UInt64 { UInt64((Int128(change.nanos) - Int128(last.nanos)).magnitude) }
  }

  public let preview: PeriodPreview
  public let totals: [Total]
  /// Those that differ most from the period before first.
  public let products: [Product]
  public let warnings: [String]
  public let ahead: SalesAhead?

  public static func of(_ preview: PeriodPreview, in db: some Queryable) async throws
    -> PreviewReport
  {
    let products = try await products(of: preview, in: db)
    let groups = Dictionary(grouping: products, by: \.change.currency)
    let ahead = try await SalesAhead.find(cutOff: preview.cutOff, in: db)
    return PreviewReport(
      preview: preview,
      totals: groups.sorted { $0.key < $1.key }.map { currency, products in
        Total(
          change: Amount(
            nanos: products.reduce(0) { $0 + $1.change.nanos }, currency: currency),
          products: products.count)
      },
      products: products.sorted { ($1.distance, $0.id) < ($0.distance, $1.id) },
      warnings: try await warnings(of: preview, in: db) + (ahead.map { [$0.sentence] } ?? []),
      ahead: ahead)
  }

  private static func products(of preview: PeriodPreview, in db: some Queryable) async throws
    -> [Product]
  {
    let rows = try await db.all(
      """
      WITH next AS (
        SELECT product_id, currency, sum(after - before)::bigint AS change
        FROM preview_pools WHERE preview_id = \(preview.id.uuid) GROUP BY product_id, currency
      ), last AS (
        SELECT c.product_id, c.currency, sum(c.after - c.before)::bigint AS change
        FROM periods p
        JOIN settlements s ON s.period_id = (
          SELECT id FROM periods e WHERE e.number < p.number ORDER BY number DESC LIMIT 1)
        JOIN pool_changes c ON c.settlement_id = s.id
        WHERE p.id = \(preview.period.uuid) GROUP BY c.product_id, c.currency
      )
      SELECT n.product_id, p.name, n.currency, n.change, coalesce(l.change, 0)
      FROM next n JOIN products p ON p.id = n.product_id
      LEFT JOIN last l USING (product_id, currency)
      """, as: (UUID, String, String, Int64, Int64).self)
    return rows.compactMap { id, name, code, change, last in
      Currency(code).map {
        Product(
          id: ProductID(uuid: id), name: name, change: Amount(nanos: change, currency: $0),
          last: Amount(nanos: last, currency: $0))
      }
    }
  }

  private static func warnings(of preview: PeriodPreview, in db: some Queryable) async throws
    -> [String]
  {
    let negative = try await db.all(
      """
      SELECT product_id, currency, after FROM preview_pools
      WHERE preview_id = \(preview.id.uuid) AND after < 0
      ORDER BY product_id, currency LIMIT 100
      """, as: (UUID, String, Int64).self)
    let suspense = try await db.all(
      "SELECT reason, count(*) FROM suspense_lines GROUP BY reason ORDER BY reason",
      as: (String, Int64).self)
    let waiting = try await WaitingSales.all(in: db)
    return negative.compactMap { product, code, after in
      Currency(code).map {
        "The pool of \(ProductID(uuid: product)) would be below zero: "
          + "\(Amount(nanos: after, currency: $0))."
      }
    }
      + suspense.map { "\($0.1) sale lines wait in suspense: \($0.0)." }
      + waiting.map {
        "\($0.lines) sale lines of \($0.product) wait until its shares are locked: "
          + "\(Amount(nanos: $0.gross, currency: $0.currency)) gross."
      }
  }
}
