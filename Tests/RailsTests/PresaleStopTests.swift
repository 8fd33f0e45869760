import Coinvent
import Ledger
import Postgres
import Rails
import TestSupport
import Testing

@Suite struct PresaleStopTests {
  @Test func `a declined payment is told, and another method is another charge`() async throws {
    try await PresaleScene.with { scene in
      let made = try await scene.ended(target: 2, units: [2], method: "pm_declined_stolen")[0]
      #expect(try await scene.worker().drain().declined == 1)
      let declined = try await scene.story.standing(made)
      #expect(declined.state == .declined && declined.problem == "the card was declined")
      #expect(try await scene.state() == .charging)
      _ = try await HandOutNotices.run(isMailing: false, in: scene.pool)
      let told = try await scene.pool.all(
        """
        SELECT detail FROM notifications
        WHERE member_id = \(made.member.uuid) AND subject = \(made.id.uuid)
        """, as: String.self)
      #expect(told.first?.hasPrefix("The payment was declined.") == true)
      try await scene.check()
      #expect(try await scene.change(made, "pm_visa"))
      #expect(try await scene.worker().drain().captured == 1)
      #expect(try await scene.state() == .charged)
      let payments = try await scene.scene.provider.payments()
      #expect(payments.map(\.key) == ["\(made.id).1", "\(made.id).2"])
      try await scene.check()
    }
  }

  @Test func `who gives no other method in time is released and not charged`() async throws {
    try await PresaleScene.with { scene in
      let made = try await scene.ended(target: 2, units: [2], method: "pm_declined")[0]
      _ = try await scene.worker().drain()
      try await scene.pool.execute(
        "UPDATE commitments SET method_until = now() - interval '1 second'")
      #expect(try await !scene.change(made, "pm_visa"))
      #expect(try await scene.worker().drain().released == 1)
      #expect(try await scene.story.standing(made).state == .released)
      #expect(try await scene.state() == .charged)
      try await scene.check()
    }
  }

  @Test func `a product that is shelved after the charges pays everybody back`() async throws {
    try await PresaleScene.with { scene in
      let made = try await scene.ended(target: 2, units: [2, 3])
      #expect(try await scene.worker().drain().captured == 2)
      try await scene.story.stage(
        scene.product, .shelved, reason: "The mould broke.", by: scene.curator)
      #expect(try await scene.state() == .refunding)
      try await scene.finish()
      #expect(try await scene.state() == .refunded)
      for commitment in made {
        #expect(try await scene.story.standing(commitment).state == .refunded)
      }
      try await scene.check()
    }
  }

  @Test func `cancelling against charging, each commitment is one or the other`() async throws {
    try await PresaleScene.with(poolSize: 16) { scene in
      let made = try await scene.ended(target: 60, units: Array(repeating: 1, count: 60))
      #expect(try await EndPresale.allDue(in: scene.pool, now: .now) == 1)
      async let worked: Void = scene.finish()
      try await withThrowingTaskGroup(of: Void.self) { group in
        let shuffled = made.shuffled()
        for start in 0..<6 {
          group.addTask {
            for place in stride(from: start, to: shuffled.count, by: 6) {
              try await scene.story.cancel(shuffled[place])
            }
          }
        }
        try await group.waitForAll()
      }
      try await worked
      try await scene.finish()
      let states = Set(try await scene.commitments().map(\.state))
      #expect(states.isSubset(of: [.captured, .cancelled]))
      try await scene.check()
    }
  }

  @Test func `a charge under way when a presale stops is paid back once it is known`()
    async throws
  {
    try await PresaleScene.with("hang-ms=400,script=timeout") { scene in
      let made = try await scene.ended(target: 1, units: [2])[0]
      let dying = scene.worker { step, _ in if step == .sent { throw Killed() } }
      do { _ = try await dying.drain() } catch is Killed {}
      #expect(try await scene.story.standing(made).state == .charging)
      try await scene.story.stop(scene.product, by: scene.curator)
      #expect(try await scene.state() == .refunding)
      #expect(try await scene.story.standing(made).state == .charging)
      try await Task.sleep(for: .milliseconds(650))
      try await scene.finish()
      #expect(try await scene.story.standing(made).state == .refunded)
      #expect(try await scene.state() == .refunded)
      let events = try await CommitmentEvent.all(of: made, in: scene.pool).map(\.state)
      #expect(
        events == [.committed, .charging, .captured, .refundDue, .refunding, .refunded])
      try await scene.check()
    }
  }

  @Test func `an old charge is asked for and never sent again; finance says what became of it`()
    async throws
  {
    try await PresaleScene.with("script=500-before") { scene in
      let made = try await scene.ended(target: 1, units: [2])[0]
      _ = try await scene.worker(first: .seconds(60)).drain()
      try await scene.pool.execute(
        "UPDATE commitments SET first_sent_at = now() - interval '21 hours'")
      try await scene.pool.execute("UPDATE commitment_work SET due_at = now()")
      let report = try await scene.worker(first: .seconds(60)).drain()
      #expect(report.waiting == 1)
      #expect(try await scene.scene.provider.payments().isEmpty)
      let standing = try await scene.story.standing(made)
      #expect(standing.state == .charging && standing.attempts == 1)
      #expect(standing.problem == "the provider does not know its key")
      let record = RecordCharge(
        product: made.product, id: made.id, charge: nil, answer: .declined(why: "never arrived"),
        reporter: .finance, now: .now)
      let outcome = try await scene.pool.transaction { try await record.run(in: $0) }
      #expect(outcome == .moved(.declined))
      let other = RecordCharge(
        product: made.product, id: made.id, charge: nil, answer: .refunded(providerID: nil),
        reporter: .finance, now: .now)
      #expect(
        try await scene.pool.transaction { try await other.run(in: $0) }
          == .contradicts(.declined))
      try await scene.check()
    }
  }

  @Test func `a provider that is away costs nothing but time`() async throws {
    try await PresaleScene.with { scene in
      let made = try await scene.ended(target: 1, units: [2])[0]
      var settings = ChargeWorker.Configuration()
      settings.patience = .milliseconds(50)
      let away = ChargeWorker(
        pool: scene.pool,
        provider: PaymentClient(
          address: "http://127.0.0.1:1", token: nil, patience: .seconds(1),
          threads: scene.scene.provider.threads), settings: settings, log: { _ in })
      let report = try await away.drain()
      #expect(report.unknown > 0 && report.waiting == 1 && report.isPartial)
      try await scene.finish()
      #expect(try await scene.story.standing(made).state == .captured)
      try await scene.check()
    }
  }

  @Test func `a worker that runs ends and charges by itself until it is stopped`() async throws {
    try await PresaleScene.with { scene in
      let worker = scene.worker()
      let running = Task { await worker.run() }
      let made = try await scene.ended(target: 1, units: [2])[0]
      for _ in 0..<200 where try await scene.story.standing(made).state != .captured {
        try await Task.sleep(for: .milliseconds(20))
      }
      worker.stop()
      await running.value
      #expect(try await scene.story.standing(made).state == .captured)
      try await scene.check()
    }
  }
}

extension PresaleScene {
  /// Whether another method was taken.
  func change(_ commitment: Commitment, _ method: String) async throws -> Bool {
    let outcome = try await pool.transaction {
      try await ChangeMethod.run(
        commitment.id, of: commitment.product, to: method, by: commitment.member, at: .now, in: $0)
    }
    switch outcome {
    case .changed: return true
    case .unknown, .tooLate: return false
    }
  }
}
