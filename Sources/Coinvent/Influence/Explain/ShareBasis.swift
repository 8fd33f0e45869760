import Postgres

/// What a product's shares are made of: a recipe, and the events up to an arrival.
public struct ShareBasis: Sendable {
  public let product: ProductID
  /// Of the shares: running, proposed, locked or superseded.
  public let state: String
  /// Nil for the running estimate.
  public let version: Int?
  public let recipeVersion: Int
  /// The last arrival that counts.
  public let horizon: Int64
  public let recipe: Recipe

  public enum Outcome: Sendable {
    case found(ShareBasis)
    case unknownProduct
    /// The product has no shares of that number.
    case unknownVersion
  }

  /// - Parameter version: nil for the newest that is not superseded, or else the estimate.
  public static func find(
    _ product: ProductID, version: Int? = nil, at now: Timestamp = .now, in db: some Queryable
  ) async throws -> Outcome {
    let frozen = try await db.first(
      """
      SELECT version, state, recipe_version, horizon FROM share_versions
      WHERE product_id = \(product.uuid)
        AND (version = \(version ?? 0)::bigint OR \(version == nil) AND state <> 'superseded')
      ORDER BY version DESC LIMIT 1
      """, as: (Int32, String, Int32, Int64).self)
    if let (version, state, recipeVersion, horizon) = frozen,
      let recipe = try await ReadInfluence.recipe(
        of: product, version: Int(recipeVersion), in: db)
    {
      return .found(
        ShareBasis(
          product: product, state: state, version: Int(version),
          recipeVersion: Int(recipeVersion), horizon: horizon, recipe: recipe))
    }
    guard let governing = try await ReadInfluence.governing(product, at: now, in: db) else {
      return .unknownProduct
    }
    if version != nil { return .unknownVersion }
    return .found(
      ShareBasis(
        product: product, state: Influence.State.running.rawValue, version: nil,
        recipeVersion: governing.version, horizon: try await lastArrival(product, in: db),
        recipe: governing.recipe))
  }

  /// The last event, or change of holdings, of the product `p` of a statement.
  static let lastArrival: Query =
    """
    greatest(0, (SELECT max(arrival) FROM influence_events WHERE product_id = p.id),
      (SELECT max(arrival) FROM holding_changes WHERE product_id = p.id))
    """

  static func lastArrival(_ product: ProductID, in db: some Queryable) async throws -> Int64 {
    try await db.first(
      "SELECT \(lastArrival) FROM products p WHERE p.id = \(product.uuid)", as: Int64.self) ?? 0
  }

  /// The shares, and all that explains them.
  public func divide(in db: some Queryable) async throws -> Division {
    Division(
      try await ReadClaims.run(of: product, by: recipe, horizon: horizon, in: db),
      try await HoldingChanges.of(product, horizon: horizon, in: db))
  }
}
