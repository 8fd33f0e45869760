import Postgres

/// A version of a product's recipe with what is on record about it.
public struct DatedRecipe: Sendable {
  public let version: Int
  /// Nil for the first, which governs the first shares whenever they are made.
  public let startsAt: Timestamp?
  public let recipe: Recipe
  public let reason: String
  public let madeAt: Timestamp

  public static func find(_ version: Int, of product: ProductID, in db: some Queryable)
    async throws -> DatedRecipe?
  {
    try await read(product, from: version, before: version + 1, limit: 1, in: db).first
  }

  /// The newest first; empty for no such product.
  public static func all(
    of product: ProductID, limit: Int, before version: Int? = nil, in db: some Queryable
  ) async throws -> [DatedRecipe] {
    try await read(product, from: 1, before: version ?? .max, limit: limit, in: db)
  }

  /// The one that governs shares that are made at a time; nil for no such product.
  public static func governing(_ product: ProductID, at now: Timestamp, in db: some Queryable)
    async throws -> DatedRecipe?
  {
    guard let (version, _) = try await ReadInfluence.governing(product, at: now, in: db) else {
      return nil
    }
    return try await find(version, of: product, in: db)
  }

  private static func read(
    _ product: ProductID, from first: Int, before end: Int, limit: Int, in db: some Queryable
  ) async throws -> [DatedRecipe] {
    let heads = try await db.all(
      """
      SELECT version, CASE WHEN version > 1 THEN starts_at END, reason, created_at FROM recipes
      WHERE product_id = \(product.uuid) AND version >= \(first)::bigint
        AND version < \(end)::bigint
      ORDER BY version DESC LIMIT \(limit)
      """, as: (Int32, Timestamp?, String, Timestamp).self)
    var found: [DatedRecipe] = []
    for (version, startsAt, reason, madeAt) in heads {
      let stored = try await ReadInfluence.recipe(of: product, version: Int(version), in: db)
      guard let recipe = stored else { continue }
      found.append(
        DatedRecipe(
          version: Int(version), startsAt: startsAt, recipe: recipe, reason: reason,
          madeAt: madeAt))
    }
    return found
  }
}
