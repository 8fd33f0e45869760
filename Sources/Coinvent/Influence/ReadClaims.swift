import Postgres

/// Lets the database add up a product's standing events: one row a member and part, however many
/// events there are.
///
/// The inner grouping is kept apart from the outer one, so that it hashes: sorting a million events
/// takes longer than all the rest.
enum ReadClaims {
  /// - Parameter horizon: the last arrival that counts; `.max` for all.
  static func run(
    of product: ProductID, by recipe: Recipe, horizon: Int64 = .max, in db: some Queryable
  ) async throws -> Claims {
    let cuts = cuts(of: recipe)
    let rows = try await db.all(
      """
      WITH grouped AS MATERIALIZED (
        SELECT p.part, e.member_id, min(e.occurred_at) AS first, count(*) AS events,
          CASE p.policy
            WHEN 'selective' THEN coalesce(e.spread, e.weight)
            WHEN 'early_weighted' THEN 1 + (coalesce(e.place, 1) - 1) / p.step
            WHEN 'accuracy' THEN coalesce(least(\(Accuracy.farPPM), div(
              1000000 * abs(e.value::numeric - e.target), e.target)), \(Accuracy.farPPM))::bigint
            ELSE 0 END AS term,
          sum(e.weight) AS weight,
          sum(CASE WHEN p.policy = 'accuracy' AND e.target IS NOT NULL THEN greatest(0,
            p.tolerance * e.target::numeric - 1000000 * abs(e.value::numeric - e.target)) END)
            AS nearness
        FROM influence_events e
        JOIN unnest(\(cuts.map(\.slice))::text[], \(cuts.map(\.role))::text[],
                    \(cuts.map(\.place))::bigint[], \(cuts.map(\.policy))::text[],
                    \(cuts.map(\.step))::bigint[], \(cuts.map(\.tolerance))::bigint[])
          AS p (slice, role, part, policy, step, tolerance)
          ON p.slice = e.slice AND p.role = e.role
        WHERE e.product_id = \(product.uuid) AND e.arrival <= \(horizon) AND e.revokes IS NULL
          AND NOT EXISTS (
            SELECT FROM influence_events r
            WHERE r.product_id = \(product.uuid) AND r.revokes = e.id AND r.revokes IS NOT NULL
              AND r.arrival <= \(horizon))
        GROUP BY p.part, e.member_id, term
      )
      SELECT part, member_id, min(first), sum(events)::bigint, sum(weight),
        coalesce(sum(nearness), 0), array_agg(term ORDER BY term),
        array_agg(events ORDER BY term)
      FROM grouped GROUP BY part, member_id
      """, as: (Int, UUID, Timestamp, Int64, Int128, Int128, [Int64], [Int64]).self)
    var claims = Claims(recipe)
    for (place, member, first, events, weight, nearness, values, times) in rows {
      let part = recipe.parts[place]
      claims.set(
        Claim(
          first: first, events: events,
          weight: UInt128(part.policy == .accuracy ? nearness : weight),
          terms: part.hasTerms
            ? zip(values, times).map { Claim.Term(value: $0, times: $1) } : []),
        of: MemberID(uuid: member), at: place)
    }
    return claims
  }

  private typealias Cut = (
    slice: String, role: String, place: Int, policy: String, step: Int64, tolerance: Int64
  )

  /// Which part each slice and role of an event counts for.
  private static func cuts(of recipe: Recipe) -> [Cut] {
    Slice.allCases.flatMap { slice in
      ContributionRole.allCases.compactMap { role in
        recipe.place(of: slice, role).map { place in
          let part = recipe.parts[place]
          return (
            slice.rawValue, role.rawValue, place, part.policy.rawValue, part.step ?? 1,
            part.tolerancePPM ?? 0
          )
        }
      }
    }
  }
}
