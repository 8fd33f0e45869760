import Postgres

/// Reads what the pure function needs: a product's recipe and its standing events.
enum ReadInfluence {
  /// - Parameter version: nil for the newest.
  static func recipe(of product: ProductID, version: Int? = nil, in db: some Queryable)
    async throws -> (version: Int, recipe: Recipe)?
  {
    let head = try await db.first(
      """
      SELECT version, unclaimed FROM recipes
      WHERE product_id = \(product.uuid)
        AND (\(version)::bigint IS NULL OR version = \(version))
      ORDER BY version DESC LIMIT 1
      """, as: (Int32, String).self)
    guard let (version, unclaimed) = head else { return nil }
    let parts = try await db.all(
      """
      SELECT slice, ppb, policy FROM recipe_slices
      WHERE product_id = \(product.uuid) AND version = \(version) ORDER BY position
      """, as: (String, Int64, String).self)
    let recipe = Recipe(
      parts: parts.map { slice, ppb, policy in
        Recipe.Part(
          slice: named(slice), ppb: ppb, policy: named(policy))
      }, unclaimed: named(unclaimed))
    return (Int(version), recipe)
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
        guess: value.flatMap { value in target.map { InfluenceEvent.Guess(value: value, target: $0) } },
        occurredAt: at)
    }
  }

  /// A name that a check in the schema vouches for.
  private static func named<Name: RawRepresentable<String>>(_ text: String) -> Name {
    guard let name = Name(rawValue: text) else {
      preconditionFailure("\(text) is no \(Name.self), though the schema lets it stand")
    }
    return name
  }
}
