import Coinvent
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

@Suite struct WorkerRunTests {
  private func until(
    _ limit: Duration = .seconds(20), _ condition: () async throws -> Bool
  ) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
      if try await condition() { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test func `a request wakes a sleeping worker`() async throws {
    try await PayoutScene.with { scene in
      var settings = scene.settings()
      settings.interval = .seconds(60)
      settings.policy.automatic = false
      let worker = scene.worker(settings)
      let running = Task { await worker.run() }
      try await Task.sleep(for: .milliseconds(500))
      let ada = try await scene.member("ada", paid: "20.00")
      _ = try await scene.request(ada, .everything(usd))
      #expect(try await until { try await scene.payouts(ada).first?.state == .paid })
      worker.stop()
      await running.value
      try await scene.check()
    }
  }

  @Test func `a worker outlives its connections`() async throws {
    try await PayoutScene.with("500-after=20,settle-ms=10") { scene in
      var configuration = scene.pool.configuration
      configuration.applicationName = "victim"
      let victim = try Pool(configuration, loops: testLoops)
      try await victim.start()
      let worker = PayoutScene(pool: victim, provider: scene.provider, folder: scene.folder)
        .worker()
      let running = Task { await worker.run() }
      for number in 0..<40 {
        _ = try await scene.member("mem\(number)", paid: "20.00")
        if number % 8 == 7 { try await cutConnections(scene) }
      }
      #expect(
        try await until {
          let payouts = try await scene.payouts()
          return payouts.count == 40 && payouts.allSatisfy { $0.state == .paid }
        })
      worker.stop()
      await running.value
      await victim.stop()
      try await scene.check()
    }
  }

  /// As a restart of the server would, for the worker.
  private func cutConnections(_ scene: PayoutScene) async throws {
    try await scene.pool.execute(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'victim'
      """)
    try await Task.sleep(for: .milliseconds(100))
  }

  @Test func `a worker that is asked to stop finishes its call and lets go`() async throws {
    try await PayoutScene.with("hang-ms=400,script=timeout") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      let worker = scene.worker(patience: .seconds(5))
      let running = Task { await worker.run() }
      #expect(try await until { try await scene.payouts(ada).first?.state == .submitting })
      worker.stop()
      await running.value
      let (tries, holder) = try await scene.pool.one(
        "SELECT tries, worker FROM payout_work", as: (Int32, UUID?).self)
      #expect(tries == 1 && holder == nil)
      _ = try await scene.worker().drain()
      #expect(try await scene.payouts(ada).first?.state == .paid)
      try await scene.check()
    }
  }
}
