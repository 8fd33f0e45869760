import Postgres

/// Lets the database add up a product's standing events: one row for what a member's policy cannot
/// tell apart, however many events there are.
///
/// The database only groups and counts, in 64 bits; what needs wide numbers is done here, once a
/// row. A million events of ten thousand members take it less than a second.
enum ReadClaims {
  /// - Parameter horizon: the last arrival that counts; `.max` for all.
  static func run(
    of product: ProductID, by recipe: Recipe, horizon: Int64 = .max, in db: some Queryable
  ) async throws -> Claims {
    if let tx = db as? Transaction { try await widen(tx) }
    let revoked = try await db.all(
      """
      SELECT revokes FROM influence_events
      WHERE product_id = \(product.uuid) AND revokes IS NOT NULL AND arrival <= \(horizon)
      """, as: UUID.self)
    let cuts = cuts(of: recipe)
    // A list of revoked ids is looked up in a hash table; so is the part of a slice and role.
    let rows = try await db.all(
      """
      SELECT p.part, e.member_id,
        CASE p.terms
          WHEN 1 THEN coalesce(e.spread, e.weight)
          WHEN 2 THEN 1 + (coalesce(e.place, 1) - 1) / p.step
          WHEN 3 THEN e.value END,
        CASE p.terms WHEN 3 THEN e.target END,
        min(e.occurred_at), count(*), sum(e.weight)
      FROM influence_events e
      JOIN unnest(\(cuts.map(\.slice))::text[], \(cuts.map(\.role))::text[],
                  \(cuts.map(\.place))::bigint[], \(cuts.map(\.terms))::bigint[],
                  \(cuts.map(\.step))::bigint[])
        AS p (slice, role, part, terms, step)
        ON p.slice = e.slice AND p.role = e.role
      WHERE e.product_id = \(product.uuid) AND e.arrival <= \(horizon) AND e.revokes IS NULL
        AND e.id <> ALL(\(revoked)::uuid[])
      GROUP BY 1, 2, 3, 4
      """, as: (Int, UUID, Int64?, Int64?, Timestamp, Int64, Int128).self)
    var claims = Claims(recipe)
    for (place, member, fact, target, first, events, weight) in rows {
      claims.add(
        lot(recipe.parts[place], fact, target, first, events, UInt128(weight)),
        of: MemberID(uuid: member), at: place)
    }
    return claims
  }

  /// Events that differ in nothing that the part's policy asks for.
  private static func lot(
    _ part: Recipe.Part, _ fact: Int64?, _ target: Int64?, _ first: Timestamp, _ events: Int64,
    _ weight: UInt128
  ) -> Claim {
    switch part.policy {
    case .named, .equal, .weight, .proRata, .pickWeight, .lifetimeBalanced:
      return Claim(first: first, events: events, weight: weight, terms: [])
    case .selective, .earlyWeighted:
      return Claim(
        first: first, events: events, weight: weight,
        terms: [Claim.Term(value: fact ?? 1, times: events)])
    case .accuracy:
      let guess = ReadInfluence.guess(fact, target)
      let each = Accuracy.weight(of: guess, tolerancePPM: part.tolerancePPM ?? 0)
      return Claim(
        first: first, events: events, weight: each * UInt128(events),
        terms: [Claim.Term(value: Accuracy.distancePPM(of: guess), times: events)])
    }
  }

  /// Room for the groups of a large product, both processors, and plans for these very values:
  /// for one statement that reads a million rows, and not for the many that read a few.
  private static func widen(_ tx: Transaction) async throws {
    try await tx.execute(
      """
      SELECT set_config('work_mem', '64MB', true), set_config('plan_cache_mode',
        'force_custom_plan', true), set_config('max_parallel_workers_per_gather', '2', true)
      """)
  }

  private typealias Cut = (slice: String, role: String, place: Int, terms: Int, step: Int64)

  /// Which part each slice and role of an event counts for.
  private static func cuts(of recipe: Recipe) -> [Cut] {
    Slice.allCases.flatMap { slice in
      ContributionRole.allCases.compactMap { role in
        recipe.place(of: slice, role).map { place in
          let part = recipe.parts[place]
          return (slice.rawValue, role.rawValue, place, terms(of: part.policy), part.step ?? 1)
        }
      }
    }
  }

  /// Which facts tell events of a policy apart.
  private static func terms(of policy: SlicePolicy) -> Int {
    switch policy {
    case .named, .equal, .weight, .proRata, .pickWeight, .lifetimeBalanced: 0
    case .selective: 1
    case .earlyWeighted: 2
    case .accuracy: 3
    }
  }
}
