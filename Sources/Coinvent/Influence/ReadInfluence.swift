import Postgres

/// Reads what the pure function needs: a product's recipe and its standing events.
enum ReadInfluence {
  static func recipe(of product: ProductID, version: Int, in db: some Queryable) async throws
    -> Recipe?
  {
    let unclaimed = try await db.first(
      """
      SELECT unclaimed FROM recipes
      WHERE product_id = \(product.uuid) AND version = \(version)
      """, as: String.self)
    guard let unclaimed else { return nil }
    let parts = try await db.all(
      """
      SELECT slice, role, ppb, policy, step, tolerance_ppm, cap_ppb, minimum_ppb
      FROM recipe_slices
      WHERE product_id = \(product.uuid) AND version = \(version) ORDER BY position
      """, as: (String, String, Int64, String, Int64?, Int64?, Int64?, Int64?).self)
    return Recipe(
      parts: parts.map { slice, role, ppb, policy, step, tolerance, cap, minimum in
        Recipe.Part(
          slice: named(slice), role: named(role), ppb: ppb, policy: named(policy), step: step,
          tolerancePPM: tolerance, cap: cap, minimum: minimum)
      }, unclaimed: named(unclaimed))
  }

  /// The recipe that governs shares made now. The first shares have no start, so that the first
  /// recipe governs them; later ones are governed by the recipe that is in force when they start.
  static func governing(_ product: ProductID, at now: Timestamp, in db: some Queryable)
    async throws -> (version: Int, recipe: Recipe)?
  {
    let version = try await db.first(governingVersion(product, at: now), as: Int32.self)
    guard let version,
      let recipe = try await recipe(of: product, version: Int(version), in: db)
    else { return nil }
    return (Int(version), recipe)
  }

  static func governingVersion(_ product: ProductID, at now: Timestamp) -> Query {
    """
    SELECT r.version FROM recipes r
    WHERE r.product_id = \(product.uuid) AND (r.version = 1 OR r.starts_at <= \(now) AND EXISTS (
      SELECT FROM share_versions v WHERE v.product_id = r.product_id AND v.state = 'locked'))
    ORDER BY r.starts_at DESC LIMIT 1
    """
  }

  /// Every event that no later one took back, in the order of time.
  /// - Parameter horizon: the last arrival that counts; `.max` for all.
  static func events(of product: ProductID, horizon: Int64 = .max, in db: some Queryable)
    async throws -> [InfluenceEvent]
  {
    let rows = try await db.all(
      """
      SELECT e.id, e.member_id, e.slice, e.role, e.weight, e.spread, e.place, e.value, e.target,
        e.occurred_at
      FROM influence_events e
      WHERE e.product_id = \(product.uuid) AND e.arrival <= \(horizon) AND e.revokes IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM influence_events r
          WHERE r.product_id = e.product_id AND r.revokes = e.id AND r.arrival <= \(horizon))
      ORDER BY e.occurred_at, e.id
      """,
      as: (UUID, UUID, String, String, Int64, Int64?, Int64?, Int64?, Int64?, Timestamp).self)
    return rows.map { id, member, slice, role, weight, spread, place, value, target, at in
      InfluenceEvent(
        id: id, member: MemberID(uuid: member), slice: named(slice), role: named(role),
        weight: weight, spread: spread, place: place,
        guess: guess(value, target), occurredAt: at)
    }
  }

  static func guess(_ value: Int64?, _ target: Int64?) -> InfluenceEvent.Guess? {
    guard let value, let target else { return nil }
    return InfluenceEvent.Guess(value: value, target: target)
  }

  /// A name that a check in the schema vouches for.
  static func named<Name: RawRepresentable<String>>(_ text: String) -> Name {
    guard let name = Name(rawValue: text) else {
      preconditionFailure("\(text) is no \(Name.self), though the schema lets it stand")
    }
    return name
  }
}
