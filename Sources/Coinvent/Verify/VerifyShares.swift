import Postgres

/// Recounts the shares behind every version from raw recipes and events, by arithmetic of its own,
/// and checks the hash that was stored of them.
enum VerifyShares {
  private static let name = "shares are what their events make"

  static func run(in tx: Transaction, progress: @Sendable (Int) -> Void) async throws
    -> Verify.Check
  {
    let versions = try await tx.all(
      """
      SELECT product_id, version, recipe_version, horizon, sha256 FROM share_versions
      ORDER BY product_id, version
      """, as: (UUID, Int32, Int32, Int64, [UInt8]).self)
    var rows = 0
    for (product, version, recipe, horizon, sha256) in versions {
      let product = ProductID(uuid: product)
      let stored = try await stored(product, version, in: tx)
      rows += stored.count
      progress(rows)
      let recount = try await RecountShares.run(
        product, recipe: recipe, horizon: horizon, in: tx)
      var detail: String?
      if let wrong = recount.first(otherThan: stored) {
        detail = "differ from their events: \(wrong)"
      } else if recount.sha256 != sha256 {
        detail = "do not recount to the hash that is stored"
      }
      if let detail {
        return Verify.Check(
          name: name, rows: rows,
          finding: Finding(check: "shares", detail: "shares \(version) of \(product) \(detail)"))
      }
    }
    return Verify.Check(name: name, rows: rows, finding: try await inexact(in: tx))
  }

  private static func stored(_ product: ProductID, _ version: Int32, in tx: Transaction)
    async throws -> [RecountShares.Key: Int64]
  {
    let rows = try await tx.all(
      """
      SELECT CASE role WHEN '' THEN slice ELSE slice || '/' || role END, member_id, ppb
      FROM shares WHERE product_id = \(product.uuid) AND version = \(version)
      """, as: (String, UUID, Int64).self)
    return Dictionary(
      rows.map { (RecountShares.Key(part: $0.0, holder: $0.1), $0.2) }, uniquingKeysWith: +)
  }

  /// Totals that are not the sum of their parts, or not 10⁹ together: computed by the database.
  private static func inexact(in tx: Transaction) async throws -> Finding? {
    let torn = try await tx.first(
      """
      SELECT product_id, version, member_id
      FROM (
        SELECT product_id, version, member_id, sum(ppb) AS ppb FROM shares GROUP BY 1, 2, 3) AS s
      FULL JOIN share_totals t USING (product_id, version, member_id)
      WHERE s.ppb IS DISTINCT FROM t.ppb ORDER BY 1, 2, 3 LIMIT 1
      """, as: (UUID, Int32, UUID).self)
    if let (product, version, member) = torn {
      return Finding(
        check: "shares",
        detail: "the total of \(MemberID(uuid: member)) in shares \(version) of "
          + "\(ProductID(uuid: product)) is not the sum of its slices")
    }
    let partial = try await tx.first(
      """
      SELECT v.product_id, v.version, coalesce(sum(t.ppb), 0)::bigint
      FROM share_versions v LEFT JOIN share_totals t USING (product_id, version)
      GROUP BY v.product_id, v.version HAVING coalesce(sum(t.ppb), 0) <> 1000000000
      ORDER BY 1, 2 LIMIT 1
      """, as: (UUID, Int32, Int64).self)
    return partial.map { product, version, ppb in
      Finding(
        check: "shares",
        detail: "shares \(version) of \(ProductID(uuid: product)) make \(ppb) ppb, not 1000000000")
    }
  }
}
