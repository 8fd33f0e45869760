import Postgres

/// Opens the next version of a recipe from a date on, of a product or of the community's default.
/// It never changes what was earned or sold before.
public enum AddRecipe {
  public enum Outcome: Sendable, Equatable {
    /// `before` is what would have been in force at its start without it.
    case added(version: Int, startsAt: Timestamp, before: Recipe)
    case unknownProduct
    /// It would have begun before now, and recipes never act backwards.
    case startsInThePast(now: Timestamp)
    case startTaken
  }

  /// - Parameter startsAt: nil for now.
  public static func run(
    _ recipe: Recipe, of product: ProductID, startsAt: Timestamp? = nil, reason: String,
    by: MemberID?, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = fault(reason: reason) { throw Invalid("/reason", fault) }
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    let startsAt = startsAt ?? now
    if startsAt < now { return .startsInThePast(now: now) }
    let known = try await tx.one(
      """
      SELECT max(version), bool_or(starts_at = \(startsAt)),
        (SELECT o.version FROM recipes o
         WHERE o.product_id = \(product.uuid) AND o.starts_at <= \(startsAt)
         ORDER BY o.starts_at DESC LIMIT 1)
      FROM recipes WHERE product_id = \(product.uuid)
      """, as: (Int32, Bool, Int32).self)
    if known.1 { return .startTaken }
    let stored = try await ReadInfluence.recipe(of: product, version: Int(known.2), in: tx)
    guard let before = stored else { return .unknownProduct }
    let version = Int(known.0) + 1
    try await StoreRecipe.run(
      recipe, of: product, version: version, startsAt: startsAt, reason: reason.trimmed, by: by,
      at: now, in: tx)
    return .added(version: version, startsAt: startsAt, before: before)
  }

  /// The same of the default.
  public static func toDefault(
    _ recipe: Recipe, startsAt: Timestamp? = nil, reason: String, by: MemberID?,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = fault(reason: reason) { throw Invalid("/reason", fault) }
    let startsAt = startsAt ?? now
    if startsAt < now { return .startsInThePast(now: now) }
    // One after the other, so that versions have no gaps and no start is taken twice.
    try await tx.execute("LOCK TABLE default_recipes IN SHARE ROW EXCLUSIVE MODE")
    let (last, isTaken) = try await tx.one(
      """
      SELECT coalesce(max(version), 0), coalesce(bool_or(starts_at = \(startsAt)), false)
      FROM default_recipes
      """, as: (Int32, Bool).self)
    if isTaken { return .startTaken }
    let before = try await DefaultRecipe.inForce(at: startsAt, in: tx).recipe
    let version = Int(last) + 1
    try await tx.execute(
      """
      INSERT INTO default_recipes (version, starts_at, recipe, reason, made_by, made_at)
      VALUES (\(version)::bigint, \(startsAt), \(recipe.json.text()), \(reason.trimmed),
              \(by?.uuid), \(now))
      """)
    return .added(version: version, startsAt: startsAt, before: before)
  }

  /// What is wrong with a reason; nil when nothing is.
  public static func fault(reason: String) -> String? { MoveIdea.fault(reason: reason) }
}
