import Coinvent
import Postgres
import Synchronization

/// Ends presales that are due, charges their commitments and pays back what was stopped. Any number
/// may run at once; each may die at any moment.
public final class ChargeWorker: Sendable {
  public struct Configuration: Sendable {
    /// How many calls to the provider run at once.
    public var calls = 8
    /// How long a dead worker keeps others waiting.
    public var lease = Duration.seconds(20)
    /// How long an idle worker sleeps.
    public var interval = Duration.seconds(2)
    /// How long a drain waits for something that is put off.
    public var patience = Duration.seconds(10)
    public var backoff = Backoff()
    public init() {}
  }

  private let pool: Pool
  private let provider: PaymentClient
  private let settings: Configuration
  private let log: @Sendable (String) -> Void
  private let passed: @Sendable (ChargeStep, CommitmentID) throws -> Void
  private let leases: CommitmentLeases
  private let alarm = Alarm()
  private let stopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - log: told what goes wrong and is tried again
  ///   - passed: told after each step of a commitment; for tests that die there
  public init(
    pool: Pool, provider: PaymentClient, settings: Configuration,
    log: @escaping @Sendable (String) -> Void,
    passed: @escaping @Sendable (ChargeStep, CommitmentID) throws -> Void = { _, _ in }
  ) {
    self.pool = pool
    self.provider = provider
    self.settings = settings
    self.log = log
    self.passed = passed
    leases = CommitmentLeases(worker: UUID.v7(), length: settings.lease)
  }

  /// Asks it to end: calls in flight are finished and recorded, nothing new is begun.
  public func stop() {
    stopping.store(true, ordering: .relaxed)
    alarm.ring()
  }

  private var isStopping: Bool { stopping.load(ordering: .relaxed) }

  /// Works until nothing is due, and waits a little for what is put off.
  public func drain() async throws -> ChargeReport {
    var report = ChargeReport()
    repeat { report += try await pass() } while try await waitForMore(&report)
    return report
  }

  /// Sleeps until something is due and free, if that is soon.
  private func waitForMore(_ report: inout ChargeReport) async throws -> Bool {
    let figures = try await CommitmentWork.figures(in: pool)
    report.waiting = figures.waiting
    guard !isStopping, let due = figures.due, let free = figures.free else { return false }
    let now = try await WorkerClock(pool: pool).now
    guard due - now <= settings.patience else { return false }
    let wait = min(free - now, .milliseconds(250))
    _ = await alarm.sleep(for: max(wait, .milliseconds(5)))
    return true
  }

  /// Works until `stop`, through restarts of the database and outages of the provider.
  public func run() async {
    var failures = 0
    while !isStopping {
      do {
        let report = try await pass()
        failures = 0
        if !report.didNothing { log("presales: \(report.sentence)") }
      } catch {
        failures += 1
        log("presales: \(error); trying again")
      }
      let pause = Backoff(first: .milliseconds(200), longest: .seconds(10)).delay(after: failures)
      _ = await alarm.sleep(for: failures == 0 ? settings.interval : pause)
    }
  }

  /// Everything that is due now.
  private func pass() async throws -> ChargeReport {
    try await heartbeating {
      // Nothing is in work between two passes: what is still held comes from a failed one.
      try await leases.release(in: pool)
      var report = ChargeReport()
      let now = try await WorkerClock(pool: pool).now
      report.ended = try await all { try await EndPresale.allDue(in: pool, now: now) }
      report.released = try await all { try await ReleaseDeclined.run(in: pool, now: now) }
      while !isStopping {
        let clock = try await WorkerClock(pool: pool)
        let claims = try await leases.claim(limit: 4 * settings.calls, now: clock.now, in: pool)
        if claims.isEmpty { break }
        for claim in claims { try passed(.claimed, claim.id) }
        report += try await work(claims, clock)
      }
      try await leases.release(in: pool)
      return report
    }
  }

  /// Repeats a step that does some of what is due until it finds nothing.
  private func all(_ step: () async throws -> Int) async throws -> Int {
    var sum = 0
    while !isStopping {
      let some = try await step()
      if some == 0 { break }
      sum += some
    }
    return sum
  }

  private func work(_ claims: [CommitmentClaim], _ clock: WorkerClock) async throws -> ChargeReport
  {
    let attempt = ChargeAttempt(
      pool: pool, provider: provider, backoff: settings.backoff, clock: clock, passed: passed)
    // Each runs to its own end: one that fails must not cut off another's call to the provider.
    let parts = await withTaskGroup(of: Result<ChargeReport, any Error>.self) { group in
      var parts: [Result<ChargeReport, any Error>] = []
      for (index, claim) in claims.enumerated() {
        if index >= settings.calls, let part = await group.next() { parts.append(part) }
        if isStopping { break }
        group.addTask {
          do { return .success(try await attempt.run(claim)) } catch { return .failure(error) }
        }
      }
      for await part in group { parts.append(part) }
      return parts
    }
    return try parts.reduce(into: ChargeReport()) { $0 += try $1.get() }
  }

  /// Renews the leases while `body` runs.
  private func heartbeating<Value: Sendable>(
    _ body: () async throws -> Value
  ) async throws -> Value {
    let heart = Task {
      while !Task.isCancelled {
        do {
          try await Task.sleep(for: settings.lease / 3)
          let now = try await DatabaseClock.now(in: pool)
          try await leases.renew(now: now, in: pool)
        } catch {
          if !Task.isCancelled { log("presales: a heartbeat failed: \(error)") }
        }
      }
    }
    defer { heart.cancel() }
    return try await body()
  }
}
