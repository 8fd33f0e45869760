import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PresaleTests {
  private struct Scene {
    let story: Story
    let curator: MemberID
    let product: ProductID
    var pool: Pool { story.pool }

    static func with(_ body: (Scene) async throws -> Void) async throws {
      try await withDatabase(configure: {
        $0.size = 16
        $0.waitLimit = .seconds(60)
      }) { pool in
        let story = Story(pool)
        let curator = try await story.member("curator", role: .curator)
        let product = try await story.product(by: curator, curator: curator)
        try await body(Scene(story: story, curator: curator, product: product))
      }
    }

    func tiers() async throws -> [PresaleTier] {
      guard let presale = try await Presale.latest(of: product, in: pool) else { return [] }
      return try await PresaleTier.all(of: presale, in: pool)
    }
  }

  @Test func `of many who want the last units of a price exactly those get it`() async throws {
    try await Scene.with { scene in
      try await scene.story.presale(
        of: scene.product, target: 100, prices: [("20.00", 25), ("22.50", 10), ("25.00", nil)],
        by: scene.curator)
      let crowd = try await scene.story.crowd(60)
      let made = try await withThrowingTaskGroup(of: Commitment.self) { group in
        for member in crowd {
          group.addTask { try await scene.story.commit(member, to: scene.product) }
        }
        var made: [Commitment] = []
        for try await one in group { made.append(one) }
        return made
      }
      #expect(made.filter { $0.tier == 1 && $0.unitPrice == 20_000_000_000 }.count == 25)
      #expect(made.filter { $0.tier == 2 }.count == 10)
      #expect(made.filter { $0.tier == 3 }.count == 25)
      #expect(try await scene.tiers().map(\.taken) == [25, 10, 25])
      try await scene.story.verify()

      // Half of them think better of it while others come.
      let others = try await scene.story.crowd(30, prefix: "n")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for commitment in made.prefix(30) {
          group.addTask { try await scene.story.cancel(commitment) }
        }
        for member in others {
          group.addTask { try await scene.story.commit(member, to: scene.product) }
        }
        try await group.waitForAll()
      }
      let presale = try #require(try await Presale.latest(of: scene.product, in: scene.pool))
      #expect(presale.units == 60)
      #expect(try await scene.tiers().reduce(0) { $0 + $1.taken } == 60)
      try await scene.story.verify()
    }
  }

  @Test func `cancelled units are free again at their price, and more than are left go on`()
    async throws
  {
    try await Scene.with { scene in
      try await scene.story.presale(
        of: scene.product, target: 10, prices: [("20.00", 5), ("25.00", nil)], by: scene.curator)
      let ada = try await scene.story.member("ada")
      let first = try await scene.story.commit(ada, to: scene.product, units: 4)
      #expect(first.amount.decimal == "80.00" && first.tier == 1)
      #expect(try await scene.story.commit(ada, to: scene.product, units: 2).tier == 2)
      for _ in 0..<2 { try await scene.story.cancel(first) }
      #expect(try await scene.tiers().map(\.taken) == [0, 2])
      #expect(try await scene.story.commit(ada, to: scene.product, units: 5).tier == 1)
      #expect(try await scene.tiers().map(\.free) == [0, nil])
      try await scene.story.verify()
    }
  }

  @Test func `the database keeps what was promised`() async throws {
    try await Scene.with { scene in
      try await scene.story.presale(
        of: scene.product, target: 10, prices: [("20.00", 5), ("25.00", nil)], by: scene.curator)
      let ada = try await scene.story.member("ada")
      let made = try await scene.story.commit(ada, to: scene.product, units: 4)
      for (refused, name) in [
        (
          "UPDATE presale_tiers SET taken = 6 WHERE position = 1",
          "presale_tiers_are_never_oversold"
        ),
        ("UPDATE commitments SET state = 'captured', method = NULL", nil),
        ("UPDATE commitments SET unit_price = 1", "commitments_are_whole_minor_units"),
      ] as [(String, String?)] {
        do {
          try await scene.pool.transaction { try await $0.execute("\(unsafeSQL: refused)") }
          Issue.record("taken: \(refused)")
        } catch let error as DatabaseError {
          if let name { #expect(error.constraint == name) }
        }
      }
      #expect(try await scene.story.standing(made).state == .committed)
    }
  }

  @Test func `who leaves is not charged, and the way to pay is forgotten`() async throws {
    try await Scene.with { scene in
      try await scene.story.presale(of: scene.product, target: 1, by: scene.curator)
      let ada = try await scene.story.member("ada")
      let made = try await scene.story.commit(ada, to: scene.product, units: 4)
      try await scene.pool.transaction { tx in
        _ = try await AskErasure.run(ada, gives: true, after: .zero, in: tx)
        _ = try await EraseMember.run(ada, in: tx)
      }
      let standing = try await scene.story.standing(made)
      #expect(standing.state == .cancelled && standing.method == nil)
      #expect(try await scene.tiers().map(\.taken) == [0])
      try await scene.story.verify()
    }
  }

  @Test func `verify names what does not go together`() async throws {
    try await Scene.with { scene in
      try await scene.story.presale(of: scene.product, target: 1, by: scene.curator)
      let ada = try await scene.story.member("ada")
      try await scene.story.commit(ada, to: scene.product, units: 4)
      try await scene.pool.execute("UPDATE presales SET units = 5")
      let finding = try #require(try await Verify.run(pool: scene.pool).first)
      #expect(finding.check == "presales" && finding.detail.contains("units"))
      try await scene.pool.execute("UPDATE presales SET units = 4")
      try await scene.story.sell(
        [try Story.line("stray", scene.product, price: "25")], source: "presale")
      #expect(try await Verify.run(pool: scene.pool).first?.detail.contains("stray") == true)
    }
  }
}
