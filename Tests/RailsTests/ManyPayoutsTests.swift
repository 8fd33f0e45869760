import Coinvent
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

@Suite struct ManyPayoutsTests {
  static let faults =
    "timeout=3,500-before=6,500-after=6,duplicate=4,drop=4,late-failure=3,returned=4,"
    + "lookup-500=10,settle-ms=20,late-ms=250,hang-ms=500"

  @Test
  func `a thousand payouts, three in ten with a fault, four workers: none is lost or doubled`()
    async throws
  {
    try await PayoutScene.with(ManyPayoutsTests.faults, poolSize: 16) { scene in
      try await crowd(1000, scene)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try await drain(scene) } }
        try await group.waitForAll()
      }
      try await Task.sleep(for: .milliseconds(300))
      try await drain(scene)
      let payouts = try await scene.payouts()
      #expect(payouts.count == 1000)
      #expect(payouts.allSatisfy { !$0.state.isOpen })
      #expect(payouts.contains { $0.state == .failed })
      #expect(payouts.contains { $0.state == .returned })
      try await scene.check()
    }
  }

  @Test func `workers that keep dying lose and double nothing`() async throws {
    try await PayoutScene.with(ManyPayoutsTests.faults + ",seed=7", poolSize: 16) { scene in
      try await crowd(150, scene)
      let steps = Tally()
      for _ in 0..<12 {
        let dying = scene.worker { _, _ in if steps.next() % 97 == 96 { throw Killed() } }
        do { _ = try await dying.drain() } catch is Killed {}
        try await scene.checkBooks()
      }
      try await Task.sleep(for: .milliseconds(700))
      try await drain(scene)
      #expect(try await scene.payouts().count == 150)
      #expect(try await scene.payouts().allSatisfy { !$0.state.isOpen })
      try await scene.check()
    }
  }

  private func crowd(_ count: Int, _ scene: PayoutScene) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        if number >= 8 { try await group.next() }
        group.addTask { _ = try await scene.member("m\(number + 100)", paid: "\(10 + number).37") }
      }
      try await group.waitForAll()
    }
  }

  private func drain(_ scene: PayoutScene) async throws {
    for _ in 0..<20 {
      let report = try await scene.worker().drain()
      if report.waiting == 0 { return }
    }
  }
}
