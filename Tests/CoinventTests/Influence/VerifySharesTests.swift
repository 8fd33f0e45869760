import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Whatever the policy, one ppb in the wrong place and one changed fact are found.
@Suite struct VerifySharesTests {
  /// A policy, and what changes a fact that it looks at.
  private static let facts: [(policy: SlicePolicy, sql: String)] = [
    (.named, "UPDATE influence_events SET weight = weight + 1 WHERE slice = 'design'"),
    (.equal, "UPDATE influence_events SET member_id = recorded_by WHERE place = 1"),
    (.weight, "UPDATE influence_events SET weight = weight + 1 WHERE slice = 'design'"),
    (.proRata, "UPDATE influence_events SET weight = weight + 1 WHERE slice = 'design'"),
    (.pickWeight, "UPDATE influence_events SET weight = weight + 1 WHERE slice = 'design'"),
    (.selective, "UPDATE influence_events SET spread = spread + 1 WHERE slice = 'design'"),
    (.earlyWeighted, "UPDATE influence_events SET place = place + 2 WHERE place = 3"),
    (.earlyWeighted, "UPDATE recipe_slices SET step = step + 1 WHERE step IS NOT NULL"),
    (.accuracy, "UPDATE influence_events SET value = value + 1000000000 WHERE value > 0"),
    (.accuracy, "UPDATE recipe_slices SET tolerance_ppm = 777777 WHERE policy = 'accuracy'"),
    (.lifetimeBalanced, "UPDATE influence_events SET weight = weight + 1 WHERE slice = 'design'"),
    (.proRata, "UPDATE recipe_slices SET cap_ppb = cap_ppb - 1 WHERE cap_ppb IS NOT NULL"),
    (.proRata, "UPDATE recipe_slices SET minimum_ppb = minimum_ppb + 1 WHERE cap_ppb IS NOT NULL"),
    (.equal, "UPDATE influence_events SET role = 'vote' WHERE place = 1"),
    (.equal, "UPDATE recipes SET unclaimed = 'spread'"),
    (.equal, "DELETE FROM influence_events WHERE revokes IS NOT NULL"),
  ]

  private func tell(_ policy: SlicePolicy, bounded: Bool, _ story: Story) async throws {
    let crowd = try await story.crowd(6)
    let curator = try await story.member("curator", role: .curator)
    let part = Recipe.Part(
      slice: .design, role: .entry, ppb: 600_000_007, policy: policy, step: 2,
      cap: bounded ? 199_999_999 : nil, minimum: bounded ? 60_000_000 : nil)
    let recipe = Recipe(
      parts: [
        Recipe.Part(slice: .inventor, ppb: 300_000_000, policy: .named), part,
        Recipe.Part(slice: .naming, ppb: 99_999_993, policy: .equal),
      ], unclaimed: .house)
    let product = try await story.product(by: crowd[0], curator: curator, recipe: recipe)
    let facts: [(weight: Int64, spread: Int64, place: Int64, value: Int64)] = [
      (1, 1, 1, 30), (3, 2, 2, 27), (5, 4, 3, 33), (20, 7, 5, 25), (1, 60, 9, 36),
    ]
    let events = zip(crowd, facts).map { member, fact in
      InfluenceEvent(
        id: UUID.v7(now: .now), member: member, slice: .design, role: .entry,
        weight: fact.weight, spread: fact.spread, place: fact.place,
        guess: InfluenceEvent.Guess(value: fact.value * 1_000_000_000, target: 30_000_000_000),
        occurredAt: .now)
    }
    try await story.pool.transaction { tx in
      _ = try await AddEvents.hold(product, in: tx)
      try await AddEvents.run(events.map { ($0, "x") }, to: product, by: crowd[5], in: tx)
    }
    try await story.pool.execute(
      """
      INSERT INTO influence_events
        (product_id, id, member_id, slice, weight, evidence, occurred_at, revokes)
      VALUES (\(product.uuid), \(UUID.v7(now: .now)), \(crowd[4].uuid), 'design', 1, 'x',
              \(Timestamp.now), \(events[4].id))
      """)
    try await story.lock(product)
  }

  @Test(arguments: facts.indices)
  func `a changed fact is found`(index: Int) async throws {
    let (policy, sql) = Self.facts[index]
    try await withDatabase { pool in
      let story = Story(pool)
      try await tell(policy, bounded: sql.contains("_ppb"), story)
      #expect(try await Verify.run(pool: pool).first == nil)
      #expect(try await pool.execute("\(unsafeSQL: sql)") > 0)
      #expect(try await Verify.run(pool: pool).first?.check == "shares")
    }
  }

  @Test(arguments: SlicePolicy.allCases, [false, true])
  func `a ppb that went from one member to another is found`(policy: SlicePolicy, bounded: Bool)
    async throws
  {
    try await withDatabase { pool in
      try await tell(policy, bounded: bounded, Story(pool))
      #expect(try await Verify.run(pool: pool).first == nil)
      let two = try await pool.all(
        "SELECT member_id FROM shares WHERE slice = 'design' ORDER BY ppb, member_id LIMIT 2",
        as: UUID.self)
      #expect(two.count == 2)
      for (member, more) in [(two[0], Int64(1)), (two[1], -1)] {
        try await pool.execute(
          """
          UPDATE shares SET ppb = ppb + \(more) WHERE slice = 'design' AND member_id = \(member)
          """)
        try await pool.execute(
          "UPDATE share_totals SET ppb = ppb + \(more) WHERE member_id = \(member)")
      }
      let found = try await Verify.run(pool: pool).first
      #expect(found?.check == "shares")
      #expect(found?.detail.contains("design/entry of mem_") == true)
    }
  }
}
