import Ledger
import Postgres

/// Compares the stored lifetime sums with a recount of the sales, and the lines that explain
/// settlements with the sums.
enum VerifySums {
  /// - Parameter recounted: of products with plain contracts, over what the last plan has seen
  static func finding(
    _ recounted: [RecountPools.Source: RecountPools.Sum], in tx: Transaction
  ) async throws -> Finding? {
    guard try await LifetimePools.Scope.counted(in: tx) != nil else { return nil }
    if let finding = try await sums(recounted, in: tx) { return finding }
    return try await lines(in: tx)
  }

  private static func sums(
    _ recounted: [RecountPools.Source: RecountPools.Sum], in tx: Transaction
  ) async throws -> Finding? {
    let stored = try await stored(in: tx)
    for source in Set(recounted.keys).union(stored.keys).sorted(by: order) {
      let wanted = recounted[source] ?? RecountPools.Sum()
      let found = stored[source]
      let earned = wanted.base * Int128(source.rate)
      if found?.sum ?? RecountPools.Sum() == wanted, found?.earned ?? 0 == earned { continue }
      let pool = source.pool
      return Finding(
        check: "sums",
        detail: "the sums of \(ProductID(uuid: pool.product)) in \(pool.currency) under contract "
          + "\(pool.contract) and shares \(pool.share) through \(source.channel) stand at "
          + "\(found?.sum.units ?? 0) units and \(found?.sum.base ?? 0) millionths of a nano; the "
          + "sales make \(wanted.units) and \(wanted.base)")
    }
    return nil
  }

  private typealias Stored = [RecountPools.Source: (sum: RecountPools.Sum, earned: Int128)]

  private static func stored(in tx: Transaction) async throws -> Stored {
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, channel, rate_ppm, units,
        base, earned
      FROM earned_sums e
      WHERE NOT EXISTS (
        SELECT FROM contracts c WHERE c.product_id = e.product_id AND c.terms IS NOT NULL)
      """, as: (UUID, Int32, Int32, String, String, Int64, Int64, Int128, Int128).self)
    var stored: Stored = [:]
    for row in rows {
      let pool = RecountPools.Key(
        product: row.0, contract: row.1, share: row.2, currency: row.3)
      let source = RecountPools.Source(pool: pool, channel: row.4, rate: row.5)
      let sum = RecountPools.Sum(units: Int128(row.6), base: row.7)
      stored[source] = (sum, row.8)
    }
    return stored
  }

  /// All lines of all settlements make the sums; by the database.
  private static func lines(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT product_id, currency, channel, sum(units)::text, sum(earned)::text
      FROM (
        SELECT product_id, contract_version, share_version, currency, channel, territory, format,
          rate_ppm, units, base, earned
        FROM earned_sums
        UNION ALL
        SELECT product_id, contract_version, share_version, currency, channel, territory, format,
          rate_ppm, -units, -base, -earned
        FROM settlement_lines
      ) AS side
      GROUP BY product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm
      HAVING sum(units) <> 0 OR sum(base) <> 0 OR sum(earned) <> 0
      ORDER BY product_id, currency, channel LIMIT 1
      """, as: (UUID, String, String, String, String).self)
    return row.map { product, currency, channel, units, earned in
      Finding(
        check: "sums",
        detail: "the lines of all settlements leave \(units) units and \(earned) of what "
          + "\(ProductID(uuid: product)) earned in \(currency) through \(channel) unexplained")
    }
  }

  private static func order(_ a: RecountPools.Source, _ b: RecountPools.Source) -> Bool {
    (a.pool.product, a.pool.contract, a.pool.share, a.pool.currency, a.channel)
      < (b.pool.product, b.pool.contract, b.pool.share, b.pool.currency, b.channel)
  }
}
