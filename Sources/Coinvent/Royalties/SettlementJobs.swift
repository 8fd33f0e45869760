import Postgres
import Synchronization

/// The connections that a settlement works on at once: its own, which holds the lock, and others of
/// the pool as far as there are any.
struct SettlementJobs {
  var count = 2
  let pool: Pool
  let session: Session

  /// Runs the same work on each, or on as many as there is work for; it ends when all have ended,
  /// and fails when one fails.
  func run(
    atMost limit: Int, _ work: @escaping @Sendable (Session) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 1..<max(1, min(count, limit)) {
        group.addTask { [pool] in try await SettlementJobs.help(pool, work) }
      }
      try await work(session)
      try await group.waitForAll()
    }
  }

  /// Statements grow with the books: the time-out of ordinary requests is not for them, and
  /// compiling them takes longer than it saves.
  static func prepare(_ session: Session) async throws {
    try await session.execute("SET statement_timeout = 0")
    try await session.execute("SET jit = off")
  }

  private static func help(
    _ pool: Pool, _ work: @escaping @Sendable (Session) async throws -> Void
  ) async throws {
    let hasBegun = Atomic<Bool>(false)
    do {
      try await pool.session { session in
        hasBegun.store(true, ordering: .relaxed)
        try await prepare(session)
        try await work(session)
      }
    } catch let error as DatabaseError
      where [.busy, .queueFull].contains(error.kind) && !hasBegun.load(ordering: .relaxed)
    {
      // No connection is free: the others do it all.
    }
  }
}

/// Numbers from 0 on, handed out to whoever is free.
final class WorkQueue: Sendable {
  private let count: Int
  private let state = Mutex((next: 0, finished: 0))

  init(count: Int) { self.count = count }

  /// Nil when all are handed out.
  func next() -> Int? {
    state.withLock { state in
      if state.next >= count { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  /// Calls `report` with how many are finished, one caller at a time.
  func finish(_ report: (Int) -> Void) {
    state.withLock { state in
      state.finished += 1
      report(state.finished)
    }
  }
}
