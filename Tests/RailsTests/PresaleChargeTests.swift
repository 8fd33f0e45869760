import Coinvent
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

@Suite struct PresaleChargeTests {
  /// Worked example 6.
  @Test func `at 959 of 960 units nobody is charged`() async throws {
    try await PresaleScene.with { scene in
      _ = try await scene.ended(
        target: 960, units: Array(repeating: 100, count: 9) + [59])
      let report = try await scene.worker().drain()
      #expect(report.ended == 1 && report.captured == 0 && report.waiting == 0)
      let presale = try #require(try await Presale.latest(of: scene.product, in: scene.pool))
      #expect(presale.state == .failed)
      #expect(
        presale.reason == "presale reached 959 of 960 units by \(presale.endsAt)")
      #expect(try await scene.commitments().allSatisfy { $0.state == .released })
      let stage = try #require(
        try await ProductStage.current(of: scene.product, in: scene.pool))
      #expect(stage.stage == .shelved && stage.reason == presale.reason)
      #expect(try await scene.scene.provider.payments().isEmpty)
      try await scene.story.lock(scene.product)
      try await scene.story.settle()
      #expect(try await scene.story.pools(scene.product) == "0.00")
      try await scene.check()
    }
  }

  /// Worked example 6.
  @Test func `at 960 units of 25 dollars the inventor's two fifths of the pool are 2880`()
    async throws
  {
    try await PresaleScene.with { scene in
      let made = try await scene.ended(
        target: 960, units: Array(repeating: 100, count: 9) + [59, 1])
      let report = try await scene.worker().drain()
      #expect(report.ended == 1 && report.captured == 11)
      #expect(try await scene.state() == .charged)
      try await scene.story.lock(scene.product)
      try await scene.story.settle()
      #expect(try await scene.story.pools(scene.product) == "7200.00")
      #expect(try await scene.story.credited(scene.inventor) == "2880.00")
      // 100 of 960 units of three fifths of 7 200.
      #expect(try await scene.story.credited(made[0].member) == "450.00")
      #expect(try await scene.balance("provider_clearing") == "-24000.00")
      #expect(try await scene.balance("channel_revenue") == "16800.00")
      try await scene.check()
      #expect(try await scene.worker().drain().didNothing)
    }
  }

  @Test(arguments: [
    ("ok", CommitmentState.captured), ("timeout", .captured), ("500-before", .captured),
    ("500-after", .captured), ("duplicate", .captured), ("drop", .captured),
    ("refuse", .declined), ("500-before/500-before/timeout", .captured),
    ("500-before/refuse", .declined),
  ])
  func `each fault ends with one charge or none, as the provider says`(
    script: String, state: CommitmentState
  ) async throws {
    try await PresaleScene.with("hang-ms=600,script=\(script)") { scene in
      let made = try await scene.ended(target: 1, units: [3])
      try await scene.finish()
      let standing = try await scene.story.standing(made[0])
      #expect(standing.state == state)
      #expect(standing.method == nil)
      try await scene.check()
    }
  }

  @Test(arguments: ["ok", "timeout", "500-before", "500-after", "duplicate", "drop", "refuse"])
  func `what was charged goes back once, whatever the provider does`(fault: String) async throws {
    try await PresaleScene.with("hang-ms=600,script=ok/\(fault)") { scene in
      _ = try await scene.ended(target: 1, units: [3])
      try await scene.finish()
      try await scene.story.lock(scene.product)
      try await scene.story.settle()
      #expect(try await scene.story.pools(scene.product) == "22.50")
      try await scene.story.stop(scene.product, by: scene.curator)
      try await scene.check()
      try await scene.finish()
      #expect(try await scene.commitments().map(\.state) == [.refunded])
      #expect(try await scene.state() == .refunded)
      try await scene.story.settle()
      #expect(try await scene.story.pools(scene.product) == "0.00")
      #expect(try await scene.balance("provider_clearing") == "0.00")
      let influence = try #require(try await Influence.of(scene.product, in: scene.pool))
      #expect(influence.shares.contains { $0.slice == "presale" && $0.member != nil })
      // Later shares leave out who was paid back.
      try await scene.story.lock(scene.product)
      let later = try #require(try await Influence.of(scene.product, in: scene.pool))
      #expect(!later.shares.contains { $0.slice == "presale" && $0.member != nil })
      try await scene.check()
    }
  }

  @Test(arguments: ChargeStep.allCases, ["ok", "500-before", "timeout", "500-before/500-before"])
  func `a worker dies after any step of a charge and of a refund, and the next one finishes`(
    step: ChargeStep, script: String
  ) async throws {
    try await PresaleScene.with("hang-ms=400,script=\(script)/ok/\(script)") { scene in
      let made = try await scene.ended(target: 1, units: [2])
      try await scene.dieThrice(at: step)
      try await scene.finish()
      #expect(try await scene.story.standing(made[0]).state == .captured)
      try await scene.check()
      try await scene.story.stop(scene.product, by: scene.curator)
      try await scene.dieThrice(at: step)
      try await scene.finish()
      #expect(try await scene.story.standing(made[0]).state == .refunded)
      #expect(try await scene.scene.provider.payments().count == 1)
      try await scene.check()
    }
  }

  @Test func `two hundred commitments, three in ten with a fault, three workers that keep dying`()
    async throws
  {
    let faults =
      "timeout=3,500-before=7,500-after=6,duplicate=5,drop=5,refuse=4,lookup-500=10,hang-ms=500"
    try await PresaleScene.with(faults, poolSize: 16) { scene in
      _ = try await scene.ended(target: 200, units: Array(repeating: 1, count: 200))
      let steps = Tally()
      for _ in 0..<6 {
        let dying = scene.worker { _, _ in if steps.next() % 97 == 96 { throw Killed() } }
        do { _ = try await dying.drain() } catch is Killed {}
      }
      try await scene.check()
      try await Task.sleep(for: .milliseconds(700))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<3 { group.addTask { try await scene.finish() } }
        try await group.waitForAll()
      }
      let states = Set(try await scene.commitments().map(\.state))
      #expect(states == [.captured, .declined])
      try await scene.check()
      try await scene.story.stop(scene.product, by: scene.curator)
      try await scene.finish()
      #expect(Set(try await scene.commitments().map(\.state)) == [.refunded, .released])
      try await scene.check()
    }
  }
}

extension PresaleScene {
  /// Three workers die at that step, one after the other; each later one takes over the lease.
  func dieThrice(at step: ChargeStep) async throws {
    for _ in 0..<3 {
      let dying = worker { passed, _ in if passed == step { throw Killed() } }
      do { _ = try await dying.drain() } catch is Killed {}
      try await story.verify()
      try await Task.sleep(for: .milliseconds(650))
    }
  }

  /// What all accounts of a kind hold in dollars.
  func balance(_ kind: String) async throws -> String {
    let balances = try await Verify.run(pool: pool).balances
    return Amount(
      nanos: Int64(balances.first { $0.kind.rawValue == kind && $0.currency == usd }?.nanos ?? 0),
      currency: usd
    ).decimal
  }
}
