import Coinvent
import Postgres

/// The database's clock as a worker sees it: read once, carried on by the machine's steady one.
struct WorkerClock: Sendable {
  private let read: Timestamp
  private let at: ContinuousClock.Instant

  init(pool: Pool) async throws {
    read = try await DatabaseClock.now(in: pool)
    at = .now
  }

  var now: Timestamp { read + (.now - at) }
}
