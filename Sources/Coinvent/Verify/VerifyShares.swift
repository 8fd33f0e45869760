import Postgres

/// Replays the events behind every version of shares, and checks each part against its exact value.
enum VerifyShares {
  private static let name = "shares replay from their events"

  static func run(in tx: Transaction, progress: @Sendable (Int) -> Void) async throws
    -> Verify.Check
  {
    let versions = try await tx.all(
      """
      SELECT product_id, version, recipe_version, horizon, sha256 FROM share_versions
      ORDER BY product_id, version
      """, as: (UUID, Int32, Int32, Int64, [UInt8]).self)
    var rows = 0
    for (product, version, recipeVersion, horizon, sha256) in versions {
      let product = ProductID(uuid: product)
      let stored = try await stored(product, version, in: tx)
      rows += stored.count
      progress(rows)
      let replayed = try await replay(product, Int(recipeVersion), horizon, in: tx)
      var detail: String?
      if replayed.sha256 != sha256 { detail = "do not replay to the hash that is stored" }
      if ordered(replayed.shares) != ordered(stored) { detail = "differ from their events" }
      if let detail {
        return Verify.Check(
          name: name, rows: rows,
          finding: Finding(check: "shares", detail: "shares \(version) of \(product) \(detail)"))
      }
    }
    return Verify.Check(name: name, rows: rows, finding: try await inexact(in: tx))
  }

  private static func ordered(_ shares: [Share]) -> [String] {
    shares.map { "\($0.slice) \($0.member?.description ?? "house") \($0.ppb)" }.sorted()
  }

  private static func replay(
    _ product: ProductID, _ recipeVersion: Int, _ horizon: Int64, in tx: Transaction
  ) async throws -> Snapshot {
    guard
      let (_, recipe) = try await ReadInfluence.recipe(
        of: product, version: recipeVersion, in: tx)
    else {
      return Snapshot(shares: [], recipeVersion: recipeVersion, horizon: horizon)
    }
    let events = try await ReadInfluence.events(of: product, horizon: horizon, in: tx)
    return Snapshot(
      shares: ShareOut.shares(recipe: recipe, events: events), recipeVersion: recipeVersion,
      horizon: horizon)
  }

  private static func stored(_ product: ProductID, _ version: Int32, in tx: Transaction)
    async throws -> [Share]
  {
    let rows = try await tx.all(
      """
      SELECT slice, member_id, ppb FROM shares
      WHERE product_id = \(product.uuid) AND version = \(version)
      """, as: (String, UUID, Int64).self)
    return rows.map {
      Share(
        slice: $0.0, member: $0.1 == .zero ? nil : MemberID(uuid: $0.1), ppb: $0.2, reason: "")
    }
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
