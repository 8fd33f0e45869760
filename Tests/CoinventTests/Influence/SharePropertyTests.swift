import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What holds for every recipe and whatever has happened.
@Suite struct SharePropertyTests {
  private func byPart(_ shares: [Share], _ recipe: Recipe) -> [[Share]] {
    recipe.parts.map { part in
      shares.filter { $0.slice == part.slice.rawValue && $0.role == part.role }
    }
  }

  @Test func `shares are whole, replay to the same bytes and do not heed the order of events`() {
    var random = Seeded(seed: 5)
    let members = RandomInfluence.members(12)
    for _ in 0..<600 {
      let recipe = RandomInfluence.recipe(&random)
      let count = Int.random(in: 0...120, using: &random)
      let events = RandomInfluence.events(count, members: members, &random)
      let shares = ShareOut.shares(recipe: recipe, events: events)
      #expect(shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
      #expect(shares.allSatisfy { $0.ppb > 0 && $0.reason.count < 200 && !$0.reason.isEmpty })
      #expect(Set(shares.map(\.line)).count == shares.count)
      let snapshot = Snapshot(shares: shares, recipeVersion: 1, horizon: 0)
      for _ in 0..<3 {
        let again = ShareOut.shares(recipe: recipe, events: events.shuffled(using: &random))
        #expect(again == shares)
        #expect(Snapshot(shares: again, recipeVersion: 1, horizon: 0).sha256 == snapshot.sha256)
      }
    }
  }

  @Test func `nobody holds more than the cap, nor less than a minimum that can be given`() {
    var random = Seeded(seed: 6)
    let members = RandomInfluence.members(10)
    var (capped, raised, equal) = (0, 0, 0)
    for _ in 0..<600 {
      let recipe = RandomInfluence.recipe(&random)
      let events = RandomInfluence.events(
        Int.random(in: 1...150, using: &random), members: members, &random)
      let shares = ShareOut.shares(recipe: recipe, events: events)
      for (part, held) in zip(recipe.parts, byPart(shares, recipe)) where !held.isEmpty {
        let size = held.reduce(0) { $0 + $1.ppb }
        let (least, most) = (held.map(\.ppb).min()!, held.map(\.ppb).max()!)
        if let cap = part.cap {
          #expect(most <= cap)
          if most == cap { capped += 1 }
        }
        guard let minimum = part.minimum else { continue }
        if least < minimum {
          // Then it could not be given to all, and all hold the same, to one ppb.
          #expect(most - least <= 1)
          #expect(Int64(members.count) * minimum > size)
          equal += 1
        } else {
          raised += 1
        }
      }
    }
    #expect(capped > 50 && raised > 50 && equal > 10)
  }

  @Test func `what everybody is kept from by a cap is the house's, and it says so`() {
    let recipe = Recipe(
      parts: [Recipe.Part(slice: .naming, ppb: Recipe.whole, policy: .proRata, cap: 300_000_000)],
      unclaimed: .spread)
    let events = RandomInfluence.members(2).enumerated().map { number, member in
      InfluenceEvent(
        id: UUID(high: 1, low: UInt64(number)), member: member, slice: .naming,
        weight: Int64(number + 1), occurredAt: Timestamp(microseconds: 0))
    }
    let shares = ShareOut.shares(recipe: recipe, events: events)
    #expect(shares.map(\.ppb) == [300_000_000, 300_000_000, 400_000_000])
    #expect(shares.last?.member == nil)
    #expect(shares.last?.reason == "everybody is at the cap of naming")
  }

  @Test func `the water level is the one that a search finds`() {
    var random = Seeded(seed: 7)
    for _ in 0..<2000 {
      let count = Int.random(in: 1...9, using: &random)
      let weights = (0..<count).map { _ in
        UInt128(1) << UInt128.random(in: 0...100, using: &random)
          + UInt128.random(in: 0...9, using: &random)
      }
      let whole = Int64.random(in: 1...1000, using: &random)
      let cap = Int64.random(in: 1...1000, using: &random)
      let minimum = Int64.random(in: 1...cap, using: &random)
      let parts = Bounds.divide(whole, by: weights, minimum: minimum, cap: cap)
      guard Int64(count) * minimum <= whole, Int64(count) * cap >= whole else { continue }
      #expect(parts.reduce(0, +) == whole)
      #expect(parts.allSatisfy { (minimum...cap).contains($0) })
      // Who weighs more holds no less, to the ppb of the rounding; and between the bounds parts
      // are in proportion.
      for a in 0..<count {
        for b in 0..<count where weights[a] >= weights[b] {
          #expect(parts[a] >= parts[b] - 1)
          guard parts[a] < cap, parts[b] > minimum else { continue }
          let left = (UInt128(parts[a]) + 1).multipliedFullWidth(by: weights[b])
          let right = UInt128(max(0, parts[b] - 1)).multipliedFullWidth(by: weights[a])
          #expect((left.high, left.low) >= (right.high, right.low))
        }
      }
    }
  }

  @Test func `a total beyond 2⁹⁷ divides as exactly as a small one`() {
    let huge = UInt128(1) << 122
    #expect(
      LargestRemainder.divide(1_000_000_000, by: [huge, huge, huge * 2])
        == [250_000_000, 250_000_000, 500_000_000])
    #expect(LargestRemainder.divide(10, by: [huge, huge, huge]) == [4, 3, 3])
  }

  @Test func `the database adds up to the same claims, and what was revoked never was`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      var random = Seeded(seed: 8)
      let crowd = try await story.crowd(8)
      let curator = try await story.member("curator", role: .curator)
      for _ in 0..<12 {
        let recipe = RandomInfluence.recipe(&random)
        let product = try await story.product(by: crowd[0], curator: curator, recipe: recipe)
        let made = RandomInfluence.events(80, members: crowd, &random)
        try await pool.transaction { tx in
          _ = try await AddEvents.hold(product, in: tx)
          try await AddEvents.run(made.map { ($0, "test") }, to: product, by: nil, in: tx)
        }
        let gone = made.prefix(Int.random(in: 0...40, using: &random))
        for event in gone { try await revoke(event, of: product, in: pool) }
        let standing = try await ReadInfluence.events(of: product, in: pool)
        #expect(standing.count == 81 - gone.count)
        let claims = try await ReadClaims.run(of: product, by: recipe, in: pool)
        #expect(claims == Claims(recipe, events: standing))
        #expect(Set(standing.map(\.id)).isDisjoint(with: gone.map(\.id)))
        let shares = try await Influence.of(product, in: pool)?.shares
        #expect(shares == ShareOut.shares(recipe: recipe, events: standing))
        try await story.lock(product)
        #expect(try await Influence.of(product, in: pool)?.shares == shares)
      }
      try await story.verify()
    }
  }

  private func revoke(_ event: InfluenceEvent, of product: ProductID, in pool: Pool) async throws {
    try await pool.execute(
      """
      INSERT INTO influence_events
        (product_id, id, member_id, slice, role, weight, evidence, occurred_at, revokes)
      VALUES (\(product.uuid), \(UUID.v7(now: .now)), \(event.member.uuid),
              \(event.slice.rawValue), \(event.role.rawValue), 1, 'taken back', \(Timestamp.now),
              \(event.id))
      """)
  }
}
