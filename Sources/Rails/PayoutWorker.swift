import Coinvent
import EventLoop
import Postgres
import Synchronization

/// Makes due payouts, pays them through their rail and records what became of them. Any number of
/// workers may run at once; each may die at any moment.
public final class PayoutWorker: Sendable {
  public struct Configuration: Sendable {
    public var policy = PayoutPolicy.standard
    /// How many calls to the provider run at once.
    public var calls = 8
    /// How long a dead worker keeps others waiting.
    public var lease = Duration.seconds(20)
    /// How long an idle worker sleeps when nobody rings.
    public var interval = Duration.seconds(2)
    /// How often an idle worker looks for members to pay when nobody rings.
    public var automaticInterval = Duration.seconds(30)
    /// How often files are written while it runs; a drain writes them at once.
    public var fileInterval = Duration.seconds(3600)
    /// How long a drain waits for something that is put off.
    public var patience = Duration.seconds(10)
    public var backoff = Backoff()
    /// Names the provider's list of changes in the database.
    public var feed = "sandbox"
    public init() {}
  }

  private let pool: Pool
  private let provider: ProviderClient
  private let csv: CSVRail
  private let settings: Configuration
  private let log: @Sendable (String) -> Void
  private let passed: @Sendable (PayoutStep, PayoutID) throws -> Void
  private let leases: PayoutLeases
  private let alarm = Alarm()
  private let stopping = Atomic<Bool>(false)

  /// - Parameters:
  ///   - log: told what goes wrong and is tried again
  ///   - passed: told after each step of a payout; for tests that die there
  public init(
    pool: Pool, provider: ProviderClient, csv: CSVRail, settings: Configuration,
    log: @escaping @Sendable (String) -> Void,
    passed: @escaping @Sendable (PayoutStep, PayoutID) throws -> Void = { _, _ in }
  ) {
    self.pool = pool
    self.provider = provider
    self.csv = csv
    self.settings = settings
    self.log = log
    self.passed = passed
    leases = PayoutLeases(worker: UUID.v7(), length: settings.lease)
  }

  /// Asks it to end: calls in flight are finished and recorded, nothing new is begun.
  public func stop() {
    stopping.store(true, ordering: .relaxed)
    alarm.ring()
  }

  private var isStopping: Bool { stopping.load(ordering: .relaxed) }

  // MARK: Draining

  /// Works until nothing is due, and waits a little for what is put off.
  public func drain() async throws -> WorkerReport {
    try await heartbeating {
      var report = try await automatic()
      report += try await files()
      report += await news()
      while !isStopping {
        report += try await work()
        guard try await waitForMore(&report) else { break }
        report += await news()
      }
      try await leases.release(in: pool)
      return report
    }
  }

  /// Sleeps until the next payout is due if that is soon.
  private func waitForMore(_ report: inout WorkerReport) async throws -> Bool {
    let figures = try await DuePayouts.figures(in: pool)
    report.waiting = figures.waiting
    guard let due = figures.due, let free = figures.free else { return false }
    let now = try await WorkerClock(pool: pool).now
    guard due - now <= settings.patience else { return false }
    // What another worker holds may become free long before its lease ends, so look often.
    let wait = min(free - now, .milliseconds(250))
    _ = await alarm.sleep(for: max(wait, .milliseconds(5)))
    return true
  }

  // MARK: Running

  /// Works until `stop`, through restarts of the database and outages of the provider.
  public func run() async {
    let bell = Task { await self.listen() }
    defer { bell.cancel() }
    var failures = 0
    var rang = true
    var lastMade = ContinuousClock.now
    var lastFiles: ContinuousClock.Instant?
    while !isStopping {
      do {
        let make = rang || .now - lastMade >= settings.automaticInterval
        let write = lastFiles.map { .now - $0 >= settings.fileInterval } ?? true
        let report = try await pass(make: make, write: write)
        if make { lastMade = .now }
        if write { lastFiles = .now }
        failures = 0
        if !report.didNothing { log("payouts: \(report.sentence)") }
      } catch {
        failures += 1
        log("payouts: \(error); trying again")
      }
      rang = await alarm.sleep(for: failures == 0 ? settings.interval : pause(failures))
    }
    await letGo()
  }

  private func pass(make: Bool, write: Bool) async throws -> WorkerReport {
    try await heartbeating {
      var report = make ? try await automatic() : WorkerReport()
      if write { report += try await files() }
      report += await news()
      report += try await work()
      return report
    }
  }

  private func pause(_ failures: Int) -> Duration {
    Backoff(first: .milliseconds(200), longest: .seconds(10)).delay(after: failures)
  }

  private func letGo() async {
    do {
      try await leases.release(in: pool)
    } catch {
      log("payouts: leases stay until they run out: \(error)")
    }
  }

  private func listen() async {
    while !Task.isCancelled {
      do {
        for await _ in try await pool.listen(PayoutBell.channel) { alarm.ring() }
      } catch {
        log("payouts: cannot listen, looking every \(settings.interval): \(error)")
      }
      _ = await Alarm().sleep(for: .seconds(5))
    }
  }

  // MARK: Parts

  private func automatic() async throws -> WorkerReport {
    var report = WorkerReport()
    let now = try await DatabaseClock.now(in: pool)
    report.made = try await MakeAutomaticPayouts(policy: settings.policy, now: now).run(in: pool)
    return report
  }

  private func files() async throws -> WorkerReport {
    var report = WorkerReport()
    let now = try await DatabaseClock.now(in: pool)
    let written = try await csv.export(actor: "worker", now: now, pool: pool)
    report.exported = written.reduce(0) { $0 + $1.lines }
    report.files = written.map(\.path)
    return report
  }

  /// What changed at the provider. It may be away: the next pass asks again.
  private func news() async -> WorkerReport {
    guard settings.policy.rail == .provider else { return WorkerReport() }
    do {
      return try await ReadChanges(
        pool: pool, provider: provider, name: settings.feed, backoff: settings.backoff,
        clock: try await WorkerClock(pool: pool)
      ).run()
    } catch {
      log("payouts: no news from the provider: \(error)")
      return WorkerReport()
    }
  }

  /// Claims and pays until nothing is due.
  private func work() async throws -> WorkerReport {
    var report = WorkerReport()
    // Nothing is in work between two rounds: what is still held comes from a failed one.
    try await leases.release(in: pool)
    while !isStopping {
      let clock = try await WorkerClock(pool: pool)
      let claims = try await leases.claim(limit: 4 * settings.calls, now: clock.now, in: pool)
      if claims.isEmpty { break }
      for claim in claims { try passed(.claimed, claim.id) }
      report += try await pay(claims, clock)
    }
    return report
  }

  private func pay(_ claims: [PayoutClaim], _ clock: WorkerClock) async throws -> WorkerReport {
    let attempt = PayoutAttempt(
      pool: pool, provider: provider, backoff: settings.backoff, clock: clock, passed: passed)
    // Each runs to its own end: one that fails must not cut off another's call to the provider.
    let parts = await withTaskGroup(of: Result<WorkerReport, any Error>.self) { group in
      var parts: [Result<WorkerReport, any Error>] = []
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
    return try parts.reduce(into: WorkerReport()) { $0 += try $1.get() }
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
          if !Task.isCancelled { log("payouts: a heartbeat failed: \(error)") }
        }
      }
    }
    defer { heart.cancel() }
    return try await body()
  }
}
