import Coinvent
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

struct Killed: Error {}

@Suite struct ProviderFaultTests {
  @Test(arguments: [
    ("ok", PayoutState.paid), ("timeout", .paid), ("500-before", .paid), ("500-after", .paid),
    ("duplicate", .paid), ("drop", .paid), ("refuse", .failed), ("late-failure", .failed),
    ("returned", .returned), ("500-before/500-before/timeout", .paid),
    ("500-before/500-after/late-failure", .paid),
  ])
  func `each fault ends with one payment or none, as the provider says`(
    script: String, state: PayoutState
  ) async throws {
    try await PayoutScene.with("late-ms=150,hang-ms=600,script=\(script)") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      _ = try await scene.worker().drain()
      // On a busy machine a call may run into its time-out once more; asking again is what counts.
      for _ in 0..<40 where try await scene.payouts(ada).map(\.state) != [state] {
        try await Task.sleep(for: .milliseconds(200))
        _ = try await scene.worker().drain()
      }
      #expect(try await scene.payouts(ada).map(\.state) == [state])
      #expect(try await scene.payable(ada) == (state == .paid ? "0.00" : "20.00"))
      try await scene.check()
      if state != .paid { #expect(try await scene.why(ada) == .lastPayoutReturned) }
    }
  }

  @Test func `after a failure nothing goes out by itself until the member asks`() async throws {
    try await PayoutScene.with("script=refuse") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      let first = try await scene.worker().drain()
      #expect(first.failed == 1 && first.isPartial)
      let second = try await scene.worker().drain()
      #expect(second.didNothing)
      #expect(try await scene.request(ada, .everything(usd)).payout != nil)
      #expect(try await scene.worker().drain().paid == 1)
      try await scene.credit(ada, dollars("11.00"))
      #expect(try await scene.worker().drain().paid == 1)
      try await scene.check()
    }
  }

  @Test func `what the bank returns after it was paid is payable again, both ways visible`()
    async throws
  {
    try await PayoutScene.with { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      #expect(try await scene.worker().drain().paid == 1)
      let payout = try await scene.payouts(ada)[0]
      try await scene.provider.push(payout, "return")
      var returned = 0
      for _ in 0..<40 where returned == 0 {
        returned += try await scene.worker().drain().returned
        if returned == 0 { try await Task.sleep(for: .milliseconds(200)) }
      }
      #expect(returned == 1)
      #expect(try await scene.payable(ada) == "20.00")
      let reasons = try await scene.pool.all(
        "SELECT reason::text FROM transfers WHERE cause = \(payout.id.uuid) ORDER BY reason",
        as: String.self)
      #expect(Set(reasons) == ["reserve", "pay", "bounce"])
      let events = try await FindPayout.events(of: payout, in: scene.pool)
      #expect(events.map(\.state) == [.requested, .submitting, .submitted, .paid, .returned])
      try await scene.check()
    }
  }

  @Test func `a late failure releases the money`() async throws {
    try await PayoutScene.with("settle-ms=60000") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      var settings = scene.settings()
      settings.patience = .zero
      let first = try await scene.worker(settings).drain()
      #expect(first.submitted == 1 && first.waiting == 1 && first.isPartial)
      #expect(try await scene.why(ada) == .inFlight)
      try await scene.provider.push(try await scene.payouts(ada)[0], "fail")
      #expect(try await scene.worker(settings).drain().failed == 1)
      #expect(try await scene.payable(ada) == "20.00")
      try await scene.check()
    }
  }

  @Test func `a provider that is away costs nothing but time`() async throws {
    try await PayoutScene.with { scene in
      _ = try await scene.member("ada", paid: "20.00")
      var settings = scene.settings()
      settings.patience = .milliseconds(50)
      let away = PayoutWorker(
        pool: scene.pool,
        provider: ProviderClient(
          address: "http://127.0.0.1:1", token: nil, patience: .seconds(1),
          threads: scene.provider.threads),
        csv: scene.csv(), settings: settings, log: { _ in })
      let report = try await away.drain()
      #expect(report.unknown > 0 && report.waiting == 1 && report.isPartial)
      #expect(try await scene.worker().drain().paid == 1)
      try await scene.check()
    }
  }

  @Test func `an old order is asked for and never sent again`() async throws {
    try await PayoutScene.with("script=500-before") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      var settings = scene.settings()
      settings.backoff = Backoff(first: .seconds(60))
      _ = try await scene.worker(settings).drain()
      try await scene.pool.execute("UPDATE payouts SET first_sent_at = now() - interval '21 hours'")
      try await scene.pool.execute("UPDATE payout_work SET due_at = now()")
      let report = try await scene.worker(settings).drain()
      #expect(report.waiting == 1)
      #expect(try await scene.provider.transfers().isEmpty)
      let payout = try await scene.payouts(ada)[0]
      #expect(payout.state == .submitting && payout.attempts == 1)
      #expect(payout.problem == "the provider does not know its key")
      let mark = MarkPayout(id: payout.id, mark: .failed, actor: "test", now: .now)
      #expect(try await scene.pool.transaction { try await mark.run(in: $0) } == .marked)
      #expect(try await scene.payable(ada) == "20.00")
      try await scene.check()
    }
  }

  @Test(arguments: PayoutStep.allCases, ["ok", "500-before", "timeout", "500-before/500-before"])
  func `a worker dies after any step and the next one finishes`(step: PayoutStep, script: String)
    async throws
  {
    try await PayoutScene.with("hang-ms=400,script=\(script)") { scene in
      let ada = try await scene.member("ada", paid: "20.00")
      // Three workers die at that step, one after the other; each later one takes over the lease.
      for _ in 0..<3 {
        let dying = scene.worker { passed, _ in if passed == step { throw Killed() } }
        do { _ = try await dying.drain() } catch is Killed {}
        try await scene.checkBooks()
        try await Task.sleep(for: .milliseconds(650))
      }
      _ = try await scene.worker().drain()
      #expect(try await scene.payouts(ada).map(\.state) == [.paid])
      #expect(try await scene.provider.transfers().count == 1)
      try await scene.check()
    }
  }
}
