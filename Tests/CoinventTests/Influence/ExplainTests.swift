import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// An explanation is the share's own arithmetic, to the ppb.
@Suite struct ExplainTests {
  @Test func `every explanation ends in the share, whatever the policy and bounds`() {
    var random = Seeded(seed: 11)
    let members = RandomInfluence.members(9)
    var seen: Set<String> = []
    for _ in 0..<500 {
      let recipe = RandomInfluence.recipe(&random)
      let events = RandomInfluence.events(
        Int.random(in: 0...90, using: &random), members: members, &random)
      let division = Division(Claims(recipe, events: events))
      var extras: [String: (given: Int64, left: Int64)] = [:]
      for member in members {
        let parts = division.explain(member)
        let held = division.shares.filter { $0.member == member }
        #expect(division.shares(of: member) == held)
        let told = parts.filter { $0.ppb > 0 }
        #expect(told.map(\.part.name) == held.map { Recipe.Part.name($0.slice, $0.role) })
        #expect(told.map(\.ppb) == held.map(\.ppb))
        for part in parts {
          seen.insert("\(part.part.policy) \(part.rule)")
          expectSound(part)
          guard let rounding = part.rounding else { continue }
          extras[part.part.name, default: (0, rounding.leftover)].given += rounding.hasExtra ? 1 : 0
        }
      }
      for (name, extra) in extras { #expect(extra.given == extra.left, "\(name)") }
    }
    for policy in SlicePolicy.allCases {
      #expect(seen.contains("\(policy) proportion") && seen.contains("\(policy) cap"), "\(policy)")
    }
    for rule in ["minimum", "same"] { #expect(seen.count { $0.hasSuffix(rule) } >= 5, "\(rule)") }
    #expect(seen.contains("accuracy nothing") && seen.contains("lifetimeBalanced nothing"))
  }

  private func expectSound(_ part: ExplainedPart) {
    #expect(part.sentences.count >= 3 && part.sentences.allSatisfy { $0.count < 300 })
    switch part.rule {
    case .nothing: #expect(part.ppb == 0)
    case .cap: #expect(part.ppb == min(part.part.cap ?? .max, part.size))
    case .minimum: #expect(part.ppb == part.part.minimum ?? 0)
    case .proportion, .same:
      guard let rounding = part.rounding else {
        Issue.record("what is divided tells how")
        return
      }
      #expect(rounding.floor + (rounding.hasExtra ? 1 : 0) == part.ppb)
      let left = UInt128(rounding.whole).multipliedFullWidth(by: rounding.number)
      let right = UInt128(rounding.floor).multipliedFullWidth(by: rounding.total)
      #expect(left.low &- right.low == rounding.remainder && rounding.remainder < rounding.total)
      guard part.rule == .proportion, part.held == nil, rounding.sharers == part.members else {
        return
      }
      // Without bounds the numbers are the weights themselves.
      #expect(rounding.whole == part.size)
      let unit =
        part.weight.denominator
        / Fractions.common(part.weight.denominator, part.all.denominator) * part.all.denominator
      let weight = part.weight.numerator * (unit / part.weight.denominator)
      let all = part.all.numerator * (unit / part.all.denominator)
      #expect(Ratio(rounding.number, rounding.total) == Ratio(weight, all))
    }
  }

  @Test func `a division that follows events is the one from the start`() {
    var random = Seeded(seed: 12)
    let members = RandomInfluence.members(7)
    for _ in 0..<300 {
      let recipe = RandomInfluence.recipe(&random)
      let events = RandomInfluence.events(
        Int.random(in: 1...80, using: &random), members: members, &random)
      var division = Division(Claims(recipe))
      var rest = events[...]
      while !rest.isEmpty {
        let some = rest.prefix(Int.random(in: 1...30, using: &random))
        let follows = division.follow(some.map(EventNews.added))
        #expect(follows)
        rest = rest.dropFirst(some.count)
        let known = Array(events[..<rest.startIndex])
        #expect(division.shares == ShareOut.shares(recipe: recipe, events: known))
      }
    }
  }

  @Test func `events are told page by page, without those that were taken back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: crowd[0], curator: curator)
      var random = Seeded(seed: 13)
      let events = RandomInfluence.events(60, members: crowd, &random)
      try await pool.transaction { tx in
        _ = try await AddEvents.hold(product, in: tx)
        try await AddEvents.run(events.map { ($0, "proof") }, to: product, by: nil, in: tx)
      }
      try await story.lock(product)
      let gone = try #require(events.first { $0.member == crowd[1] })
      try await story.takeBack(gone.id, of: product)

      let basis = try await basis(product, pool)
      #expect(basis.version == 1 && basis.state == "locked")
      let mine = events.filter { $0.member == crowd[1] }
        .sorted { ($0.occurredAt, $0.id) < ($1.occurredAt, $1.id) }
      // What was taken back after the shares were made still counts for them.
      #expect(try await told(crowd[1], basis, pool) == mine.map(\.id))
      try await story.lock(product)
      let later = try await self.basis(product, pool)
      let left = mine.map(\.id).filter { $0 != gone.id }
      #expect(later.version == 2)
      #expect(try await told(crowd[1], later, pool) == left)
      let nobody = try await ExplainedShare.of(
        curator, later, later.divide(in: pool), in: pool)
      #expect(nobody.parts.isEmpty && nobody.ppb == 0 && nobody.eventCount == 0)
      for version in [1, 2] {
        let basis = try await self.basis(product, version: version, pool)
        for member in crowd {
          let share = try await ExplainedShare.of(member, basis, basis.divide(in: pool), in: pool)
          let stored = try await pool.one(
            """
            SELECT coalesce(sum(ppb), 0)::bigint FROM share_totals
            WHERE product_id = \(product.uuid) AND version = \(version)::bigint
              AND member_id = \(member.uuid)
            """, as: Int64.self)
          #expect(share.ppb == stored)
        }
      }
      guard case .unknownVersion = try await ShareBasis.find(product, version: 3, in: pool),
        case .unknownProduct = try await ShareBasis.find(.new(), version: 1, in: pool),
        case .unknownProduct = try await ShareBasis.find(.new(), in: pool)
      else { throw Surprise("there is no such version or product") }
    }
  }

  private func basis(_ product: ProductID, version: Int? = nil, _ pool: Pool) async throws
    -> ShareBasis
  {
    let outcome = try await ShareBasis.find(product, version: version, in: pool)
    guard case .found(let basis) = outcome else { throw Surprise("\(outcome)") }
    return basis
  }

  /// The ids of all events, read in pages of seven.
  private func told(_ member: MemberID, _ basis: ShareBasis, _ pool: Pool) async throws -> [UUID] {
    let division = try await basis.divide(in: pool)
    var ids: [UUID] = []
    var cursor: TimeCursor?
    repeat {
      let share = try await ExplainedShare.of(
        member, basis, division, limit: 7, after: cursor.flatMap { TimeCursor($0.text) },
        in: pool)
      #expect(share.events.allSatisfy { $0.evidence == "proof" && !$0.words.isEmpty })
      ids += share.events.map(\.event.id)
      cursor = share.next
      if cursor == nil { #expect(share.eventCount == Int64(ids.count)) }
    } while cursor != nil
    return ids
  }

  @Test func `another recipe is tried on the same events, and the present one changes nothing`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(6)
      let curator = try await story.member("curator", role: .curator)
      var random = Seeded(seed: 14)
      for _ in 0..<6 {
        let recipe = RandomInfluence.recipe(&random)
        let other = RandomInfluence.recipe(&random)
        let product = try await story.product(by: crowd[0], curator: curator, recipe: recipe)
        let events = RandomInfluence.events(80, members: crowd, &random)
        try await pool.transaction { tx in
          _ = try await AddEvents.hold(product, in: tx)
          try await AddEvents.run(events.map { ($0, "proof") }, to: product, by: nil, in: tx)
        }
        let present = try #require(try await Influence.of(product, in: pool))
        let same = try #require(try await CompareRecipes.whatIf(product, recipe, in: pool))
        #expect(same.hashes.before == present.sha256 && same.hashes.after == present.sha256)
        #expect(same.changed.isEmpty && same.diff.isEmpty)
        let found = try #require(try await CompareRecipes.whatIf(product, other, in: pool))
        let standing = try await ReadInfluence.events(of: product, in: pool)
        let shares = ShareOut.shares(recipe: other, events: standing)
        #expect(found.hashes.after == Snapshot.sha256(of: shares))
        #expect(found.hashes.before == present.sha256)
        #expect(found.holdings.reduce(0) { $0 + $1.gain } == 0)
        #expect(found.holdings.map(\.gain) == found.holdings.map(\.gain).sorted(by: >))
        for holding in found.holdings {
          let held = shares.filter { $0.member == holding.member }.reduce(0) { $0 + $1.ppb }
          #expect(held == holding.after)
        }
        #expect(try await Influence.of(product, in: pool)?.sha256 == present.sha256)
      }
      #expect(try await CompareRecipes.whatIf(.new(), .standard, in: pool) == nil)
    }
  }
}

extension Story {
  /// Adds an event that takes another one back.
  func takeBack(_ id: UUID, of product: ProductID) async throws {
    try await pool.transaction { tx in
      _ = try await AddEvents.hold(product, in: tx)
      try await tx.execute(
        """
        INSERT INTO influence_events
          (product_id, id, member_id, slice, role, weight, evidence, occurred_at, revokes)
        SELECT product_id, \(UUID.v7(now: .now)), member_id, slice, role, 1, 'taken back',
          \(Timestamp.now), id
        FROM influence_events WHERE product_id = \(product.uuid) AND id = \(id)
        """)
    }
  }
}
