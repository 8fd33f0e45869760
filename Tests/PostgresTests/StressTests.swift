import EventLoop
import Postgres
import Synchronization
import TestSupport
import Testing

/// What the clients of the stress test saw.
private final class Tally: Sendable {
  let done = Atomic<Int>(0)
  let cancelled = Atomic<Int>(0)
  let failed = Atomic<Int>(0)
  let wrong = Atomic<Int>(0)
  /// Rows whose writer was told that they are there, and that they are not.
  let rows = Locked<(present: [Int], absent: [Int])>(([], []))
}

@Suite(.serialized)
struct StressTests {
  /// How many clients at once; sanitizers make everything slower.
  private var clients: Int {
    #if DEBUG
      2000
    #else
      5000
    #endif
  }

  @Test(.timeLimit(.minutes(4)))
  func `thousands of statements, cancellations and crashes lose no answer and no connection`()
    async throws
  {
    try await withScratchServer(settings: ["max_connections": "40"]) { try await stress($0) }
  }

  private func stress(_ server: ScratchServer) async throws {
    let configuration = PoolConfiguration(
      url: server.url, size: 8, applicationName: "stress", waitLimit: .seconds(20))
    let pool = try Pool(configuration, loops: testLoops)
    try await pool.start()
    try await pool.execute("CREATE TABLE stress (n int8 PRIMARY KEY)")
    let tally = Tally()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<clients {
        group.addTask(executorPreference: client % 3 == 0 ? testLoops[client % 2] : nil) {
          await self.work(as: client, pool, tally)
        }
      }
      group.addTask {
        for _ in 0..<3 {
          try await Task.sleep(for: .milliseconds(400))
          try await server.crash()
        }
      }
      try await group.waitForAll()
    }
    try await check(pool, tally)
    await pool.stop()
    #expect(pool.figures.shared == 0 && pool.figures.idle == 0)
  }

  private func work(as client: Int, _ pool: Pool, _ tally: Tally) async {
    var random = SystemRandomNumberGenerator()
    for round in 0..<5 {
      let number = client * 10 + round
      let kind = Int.random(in: 0..<6, using: &random)
      let task = Task(executorPreference: testLoops[number % 2]) {
        await self.step(kind, number, pool, tally)
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        do { try await Task.sleep(for: .microseconds(Int.random(in: 0..<3000))) } catch {}
        task.cancel()
      }
      await task.value
    }
  }

  private func step(_ kind: Int, _ number: Int, _ pool: Pool, _ tally: Tally) async {
    do {
      switch kind {
      case 0: try await pool.execute("SELECT pg_sleep(0.001)")
      case 1: try await insert(number, tally) { try await pool.execute($0) }
      case 2:
        try await insert(number, tally) { query in
          try await pool.transaction { try await $0.execute(query) }
        }
      default:
        let back = try await pool.one("SELECT \(number)", as: Int.self)
        if back != number { tally.wrong.add(1, ordering: .relaxed) }
      }
      tally.done.add(1, ordering: .relaxed)
    } catch is CancellationError {
      tally.cancelled.add(1, ordering: .relaxed)
    } catch {
      tally.failed.add(1, ordering: .relaxed)
    }
  }

  private func insert(
    _ number: Int, _ tally: Tally, _ run: (Query) async throws -> Int
  ) async throws {
    do {
      _ = try await run("INSERT INTO stress VALUES (\(number))")
      tally.rows.withLock { $0.present.append(number) }
    } catch let error as DatabaseError {
      if !error.isOutcomeUnknown { tally.rows.withLock { $0.absent.append(number) } }
      throw error
    }
  }

  private func check(_ pool: Pool, _ tally: Tally) async throws {
    let (present, absent) = tally.rows.withLock { $0 }
    let missing = try await pool.one(
      "SELECT count(*) FROM unnest(\(present)) AS p (n) WHERE n NOT IN (SELECT n FROM stress)",
      as: Int.self)
    let extra = try await pool.one(
      "SELECT count(*) FROM stress WHERE n = ANY(\(absent))", as: Int.self)
    #expect(missing == 0)
    #expect(extra == 0)
    #expect(tally.wrong.load(ordering: .relaxed) == 0)
    let total =
      tally.done.load(ordering: .relaxed) + tally.cancelled.load(ordering: .relaxed)
      + tally.failed.load(ordering: .relaxed)
    #expect(total == clients * 5)
    #expect(tally.done.load(ordering: .relaxed) > clients)
    let open = try await pool.one(
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'stress'", as: Int.self)
    let figures = pool.figures
    #expect(figures.waiting == 0 && figures.inUse == 0 && figures.underWay == 0)
    #expect(open == figures.shared + figures.idle)
    #expect(open <= figures.size)
    print(
      "stress: \(tally.done.load(ordering: .relaxed)) done,"
        + " \(tally.cancelled.load(ordering: .relaxed)) cancelled,"
        + " \(tally.failed.load(ordering: .relaxed)) failed, \(figures)")
  }
}
