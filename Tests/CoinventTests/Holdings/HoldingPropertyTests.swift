import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What holds whatever has been earned, merged and given away.
@Suite struct HoldingPropertyTests {
  private func hash(_ shares: [Share]) -> [UInt8] {
    Snapshot(shares: shares, recipeVersion: 1, horizon: 0).sha256
  }

  private func shares(_ recipe: Recipe, _ events: [InfluenceEvent], _ changes: [HoldingChange])
    -> [Share]
  {
    let changes = HoldingChanges(changes)
    return changes.move(ShareOut.shares(of: changes.mapMembers(Claims(recipe, events: events))))
  }

  /// Assignments and departures among members, now and then a merge that closes no circle: always
  /// into a member with a smaller id.
  private func change(_ members: [MemberID], _ random: inout some RandomNumberGenerator)
    -> HoldingChange
  {
    let from = Int.random(in: 1..<members.count, using: &random)
    let to = Int.random(in: 0..<from, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return HoldingChange(.leave, from: members[from], to: nil)
    case 1: return HoldingChange(.merge, from: members[from], to: members[to])
    case 2: return HoldingChange(.unmerge, from: members[from], to: members[to])
    default:
      let isUp = Bool.random(using: &random)
      return HoldingChange(
        .assignment, from: members[isUp ? to : from], to: members[isUp ? from : to],
        ppm: Int64.random(in: 1...1_000_000, using: &random))
    }
  }

  @Test func `shares stay whole, one row a holder and part, whatever is given to whom`() {
    var random = Seeded(seed: 41)
    let members = RandomInfluence.members(9)
    for _ in 0..<400 {
      let recipe = RandomInfluence.recipe(&random)
      let events = RandomInfluence.events(
        Int.random(in: 0...80, using: &random), members: members, &random)
      let changes = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        change(members, &random)
      }
      let shares = shares(recipe, events, changes)
      #expect(shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
      #expect(shares.allSatisfy { $0.ppb > 0 })
      let rows = shares.map { "\($0.slice) \($0.role) \($0.member?.description ?? "house")" }
      #expect(Set(rows).count == rows.count)
      // Whoever has left holds nothing, unless given something later.
      if let last = changes.last, last.kind == .leave {
        #expect(!shares.contains { $0.member == last.from })
      }
    }
  }

  @Test func `an undone merge leaves no trace, and one in force is as if one had done it all`() {
    var random = Seeded(seed: 42)
    let members = RandomInfluence.members(8)
    var different = 0
    for _ in 0..<300 {
      let recipe = RandomInfluence.recipe(&random)
      let events = RandomInfluence.events(60, members: members, &random)
      let plain = shares(recipe, events, [])
      let merge = HoldingChange(.merge, from: members[5], to: members[2])
      let next = HoldingChange(.merge, from: members[2], to: members[1])
      let undo = HoldingChange(.unmerge, from: members[5], to: members[2])
      let undone = shares(recipe, events, [merge, undo])
      #expect(hash(undone) == hash(plain) && undone == plain)
      // Through two accounts to the third.
      let merged = shares(recipe, events, [merge, next])
      let one = events.map { event in
        [members[5], members[2]].contains(event.member) ? event.of(members[1]) : event
      }
      #expect(merged == shares(recipe, one, []))
      if merged != plain { different += 1 }
      // The first of the two undone: the second still stands.
      let half = shares(recipe, events, [merge, next, undo])
      #expect(half == shares(recipe, events, [next]))
    }
    #expect(different > 200)
  }

  @Test func `what is given is applied in the order of arrival and moves with a merged taker`() {
    let members = RandomInfluence.members(3)
    let recipe = Recipe(
      parts: [Recipe.Part(slice: .naming, ppb: Recipe.whole, policy: .equal)], unclaimed: .house)
    let event = InfluenceEvent(
      id: .zero, member: members[0], slice: .naming, occurredAt: Timestamp(microseconds: 0))
    let half = HoldingChange(.assignment, from: members[0], to: members[1], ppm: 500_000)
    let all = HoldingChange(.assignment, from: members[0], to: members[2])
    func held(_ changes: [HoldingChange]) -> [Int64] {
      let shares = shares(recipe, [event], changes)
      return members.map { member in shares.first { $0.member == member }?.ppb ?? 0 }
    }
    #expect(held([half, all]) == [0, 500_000_000, 500_000_000])
    #expect(held([all, half]) == [0, 0, 1_000_000_000])
    #expect(held([half, half]) == [250_000_000, 750_000_000, 0])
    let merge = HoldingChange(.merge, from: members[1], to: members[2])
    #expect(held([half, merge]) == [500_000_000, 0, 500_000_000])
    // A gift from one account of a person to the other moves nothing.
    let own = HoldingChange(.merge, from: members[1], to: members[0])
    #expect(held([half, own]) == [1_000_000_000, 0, 0])
    let third = HoldingChange(.assignment, from: members[0], to: members[1], ppm: 333_333)
    #expect(held([third]) == [666_667_000, 333_333_000, 0])
  }

  @Test func `a second arithmetic comes to the same, by random changes in the database`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let members = try await story.crowd(7).sorted()
      var random = Seeded(seed: 43)
      for round in 0..<12 {
        let product = try await story.product(
          by: members[round % 7], curator: members[0],
          recipe: RandomInfluence.recipe(&random))
        let events = RandomInfluence.events(40, members: members, &random)
        let changes = (0..<8).map { _ in change(members, &random) }
        try await pool.transaction { tx in
          _ = try await AddEvents.hold(product, in: tx)
          try await AddEvents.run(
            events.map { ($0, "by chance") }, to: product, by: nil, in: tx)
          for change in changes {
            try await RecordChanges.run(
              change, of: [product], cause: .v7(), evidence: "by chance", by: nil, at: .now,
              in: tx)
          }
        }
        try await story.lock(product)
        let influence = try #require(try await Influence.of(product, in: pool))
        #expect(influence.shares.reduce(0) { $0 + $1.ppb } == Recipe.whole)
      }
      try await story.verify()
      // A gift that nobody wrote is found.
      try await pool.execute("UPDATE holding_changes SET ppm = 1 WHERE kind = 'assignment'")
      #expect(try await Verify.run(pool: pool).first?.check == "shares")
    }
  }

  @Test func `the running estimate follows merges and gifts, and explains what was given`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      let product = try await story.product(by: crowd[0], curator: crowd[3])
      let book = RunningShareBook(in: pool)
      func held() async throws -> [Int64] {
        let running = try #require(try await book.shares(of: product))
        let counted = try #require(try await Snapshot.now(of: product, in: pool))
        #expect(running.sha256 == counted.sha256 && running.horizon == counted.horizon)
        return crowd.map { member in
          let shares = running.influence(of: member).shares
          #expect(shares == running.influence().shares.filter { $0.member == member })
          return shares.reduce(0) { $0 + $1.ppb }
        }
      }
      func mark() async throws -> String? {
        try await InfluenceMark.of([product], in: pool)[product]?.mark
      }
      func write(_ change: HoldingChange) async throws {
        let before = try await mark()
        try await pool.transaction {
          try await RecordChanges.run(
            change, of: [product], cause: .v7(), evidence: "a test", by: nil, at: .now, in: $0)
        }
        #expect(try await mark() != before)
      }
      #expect(try await held() == [420_000_000, 0, 0, 0])
      try await story.contribute(crowd[1], to: product, .research)
      #expect(try await held() == [420_000_000, 50_000_000, 0, 0])
      try await write(HoldingChange(.merge, from: crowd[1], to: crowd[2]))
      #expect(try await held() == [420_000_000, 0, 50_000_000, 0])
      try await story.contribute(crowd[1], to: product, .comparison)
      let found = try await held()
      #expect(found[1] == 0 && found[2] > 50_000_000)
      try await write(HoldingChange(.assignment, from: crowd[0], to: crowd[3], ppm: 100_000))
      #expect(try await held()[3] == 42_000_000)

      let running = try #require(try await book.shares(of: product))
      func explained(_ member: MemberID) async throws -> ExplainedShare {
        try await ExplainedShare.of(member, running.basis, running.division, in: pool)
      }
      let giver = try await explained(crowd[0])
      #expect(giver.assigned == -42_000_000 && giver.ppb == 378_000_000)
      let taker = try await explained(crowd[3])
      #expect(taker.ppb == 42_000_000 && taker.parts.isEmpty)
      // Both accounts' events stand behind what one of them holds.
      #expect(try await explained(crowd[2]).eventCount == 2)
      #expect(try await explained(crowd[1]).eventCount == 0)
    }
  }
}
