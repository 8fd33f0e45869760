import Postgres

/// Tells one set of a product's shares from the next without computing them.
public struct InfluenceMark: Sendable, Equatable {
  public let state: String
  /// Nil for the running estimate.
  public let version: Int?
  /// Another one whenever the shares may be others: `2.1005`, the recipe and the last arrival.
  public let mark: String

  /// Of each product that there is.
  public static func of(_ products: [ProductID], in db: some Queryable) async throws
    -> [ProductID: InfluenceMark]
  {
    let rows = try await db.all(
      """
      SELECT p.id, v.state, v.version,
        coalesce(v.recipe_version, (
          SELECT r.version FROM recipes r WHERE r.product_id = p.id AND r.version = 1), 1),
        coalesce(v.horizon, \(ShareBasis.lastArrival))
      FROM products p LEFT JOIN LATERAL (
        SELECT state, version, recipe_version, horizon FROM share_versions s
        WHERE s.product_id = p.id AND s.state <> 'superseded' ORDER BY s.version DESC LIMIT 1
      ) AS v ON true
      WHERE p.id = ANY(\(products.map(\.uuid))::uuid[])
      """, as: (UUID, String?, Int32?, Int32, Int64).self)
    return Dictionary(
      uniqueKeysWithValues: rows.map { id, state, version, recipe, horizon in
        (
          ProductID(uuid: id),
          InfluenceMark(
            state: state ?? Influence.State.running.rawValue, version: version.map { Int($0) },
            mark: "\(recipe).\(horizon)")
        )
      })
  }
}
