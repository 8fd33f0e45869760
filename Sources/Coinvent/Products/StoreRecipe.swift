import Postgres

/// Writes a version of a product's recipe, which never changes afterwards.
enum StoreRecipe {
  /// - Parameter startsAt: nil for the first version, which governs everything before the second.
  static func run(
    _ recipe: Recipe, of product: ProductID, version: Int, startsAt: Timestamp? = nil,
    reason: String, by: MemberID?, at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO recipes
        (product_id, version, unclaimed, total_ppb, created_at, starts_at, reason, made_by)
      VALUES (\(product.uuid), \(version)::bigint, \(recipe.unclaimed.rawValue),
              \(recipe.parts.reduce(0) { $0 + $1.ppb }), \(now),
              coalesce(\(startsAt)::timestamptz, '-infinity'), \(reason), \(by?.uuid))
      """)
    let parts = recipe.parts
    try await tx.execute(
      """
      INSERT INTO recipe_slices
        (product_id, version, position, slice, role, ppb, policy, step, tolerance_ppm, cap_ppb,
         minimum_ppb)
      SELECT \(product.uuid), \(version)::bigint, position, slice, role, ppb, policy,
        nullif(step, 0), nullif(tolerance_ppm, 0), nullif(cap_ppb, 0), nullif(minimum_ppb, 0)
      FROM unnest(\(parts.map(\.slice.rawValue))::text[], \(parts.map(\.role.rawValue))::text[],
                  \(parts.map(\.ppb))::bigint[], \(parts.map(\.policy.rawValue))::text[],
                  \(parts.map { $0.step ?? 0 })::bigint[],
                  \(parts.map { $0.tolerancePPM ?? 0 })::bigint[],
                  \(parts.map { $0.cap ?? 0 })::bigint[],
                  \(parts.map { $0.minimum ?? 0 })::bigint[])
        WITH ORDINALITY
        AS part (slice, role, ppb, policy, step, tolerance_ppm, cap_ppb, minimum_ppb, position)
      """)
  }
}
