import Ledger
import Postgres

/// Compares the stored lifetime sums with a recount of the sales, and the lines that explain
/// settlements with the sums.
enum VerifySums {
  /// - Parameter recounted: over what the last plan has seen
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
      let found = stored[source] ?? RecountPools.Sum()
      if found == wanted { continue }
      let pool = source.pool
      return Finding(
        check: "sums",
        detail: "the sums of \(ProductID(uuid: pool.product)) in \(pool.currency) under contract "
          + "\(pool.contract) and shares \(pool.share) through \(source.channel) "
          + "\(source.territory) \(source.format) at \(source.rate) ppm stand at \(words(found)); "
          + "the sales make \(words(wanted))")
    }
    return nil
  }

  private static func words(_ sum: RecountPools.Sum) -> String {
    "\(sum.units) units, a base of \(sum.base) and earned \(sum.earned)"
  }

  private typealias Stored = [RecountPools.Source: RecountPools.Sum]

  private static func stored(in tx: Transaction) async throws -> Stored {
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, CASE WHEN month = '-infinity' THEN NULL ELSE month END, units, base, earned
      FROM earned_sums
      """,
      as: (
        UUID, Int32, Int32, String, String, String, String, Int64, Day?, Int64, Int128, Int128
      ).self)
    var stored: Stored = [:]
    for row in rows {
      let pool = RecountPools.Key(
        product: row.0, contract: row.1, share: row.2, currency: row.3)
      let source = RecountPools.Source(
        pool: pool, channel: row.4, territory: row.5, format: row.6, rate: row.7,
        month: row.8.map(recountedMonth))
      stored[source] = RecountPools.Sum(units: Int128(row.9), base: row.10, earned: row.11)
    }
    return stored
  }

  /// All lines of all settlements make the sums; by the database.
  private static func lines(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, sum(units)::text, sum(earned)::text
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
      """,
      as: (UUID, Int32, Int32, String, String, String, String, Int64, String, String).self)
    guard let row else { return nil }
    let source = RecountPools.Source(
      pool: RecountPools.Key(product: row.0, contract: row.1, share: row.2, currency: row.3),
      channel: row.4, territory: row.5, format: row.6, rate: row.7)
    let settlement = try await VerifyLineHistory.firstWrong(source, in: tx)
    return Finding(
      check: "sums",
      detail: "the lines of all settlements leave \(row.8) units and \(row.9) of what "
        + "\(ProductID(uuid: row.0)) earned in \(row.3) under contract \(row.1) and shares "
        + "\(row.2) through \(row.4) \(row.5) \(row.6) at \(row.7) ppm unexplained"
        + (settlement.map { ", from settlement \($0) on" } ?? ""))
  }

  private static func order(_ a: RecountPools.Source, _ b: RecountPools.Source) -> Bool {
    (a.pool.product, a.pool.contract, a.pool.share, a.pool.currency, a.rate)
      < (b.pool.product, b.pool.contract, b.pool.share, b.pool.currency, b.rate)
  }
}
