import Ledger
import Postgres

/// What a settlement run came to.
public enum SettleOutcome: Sendable {
  /// Every pool is as posted. Sales that wait for locked shares are still named.
  case nothingToDo(waiting: [WaitingSales])
  case settled(SettlementSummary)
  /// Another run holds the lock; it does the same work.
  case busy
}

/// Settles royalties: plans what changes, posts it product by product, and credits the members.
///
/// Safe to start twice, to kill at any point and to start again: the plan is committed before
/// anything is posted, each step is one transaction with natural keys, and the next run first
/// finishes what an earlier one left.
public enum Settle {
  static let lock: Int64 = 0x636f_696e_0002

  /// What a run is doing, for people who wait.
  public enum Progress: Sendable {
    case resuming(SettlementID)
    case planned(SettlementID)
    case posted(batches: Int)
    case delivered(step: Int64, of: Int64)
  }

  /// - Parameter through: the last day whose sales count; nil for everything recorded.
  public static func run(
    through: Day?, pool: Pool, progress: @Sendable (Progress) -> Void = { _ in }
  ) async throws -> SettleOutcome {
    try await pool.session { session in
      guard try await session.one("SELECT pg_try_advisory_lock(\(lock))", as: Bool.self) else {
        return .busy
      }
      // Its statements grow with the books; the time-out of ordinary requests is not for them.
      try await session.execute("SET statement_timeout = 0")
      do {
        let outcome = try await locked(through: through, in: session, progress: progress)
        try await session.execute("SELECT pg_advisory_unlock(\(lock))")
        return outcome
      } catch {
        // A connection that is gone has given its lock back by itself.
        do { try await session.execute("SELECT pg_advisory_unlock(\(lock))") } catch {}
        throw error
      }
    }
  }

  private static func locked(
    through: Day?, in session: Session, progress: @Sendable (Progress) -> Void
  ) async throws -> SettleOutcome {
    var resumed: SettlementID?
    while true {
      switch try await PlanSettlement.run(through: through, in: session) {
      case .unfinished(let id):
        progress(.resuming(SettlementID(uuid: id)))
        try await finish(id, in: session, progress: progress)
        resumed = SettlementID(uuid: id)
      case .planned(let id):
        progress(.planned(SettlementID(uuid: id)))
        try await finish(id, in: session, progress: progress)
        return .settled(
          try await SettlementSummary.of(SettlementID(uuid: id), resumed: resumed, in: session))
      case .nothingToDo:
        guard let resumed else {
          return .nothingToDo(waiting: try await WaitingSales.all(in: session))
        }
        return .settled(try await SettlementSummary.of(resumed, resumed: resumed, in: session))
      }
    }
  }

  private static func finish(
    _ id: UUID, in session: Session, progress: @Sendable (Progress) -> Void
  ) async throws {
    var batches = 0
    while try await PostSettlement.step(id, in: session) {
      batches += 1
      progress(.posted(batches: batches))
    }
    let steps = try await DeliverCredits.steps(id, in: session)
    for number in 0..<steps {
      try await DeliverCredits.step(number, of: steps, id, in: session)
      progress(.delivered(step: number + 1, of: steps))
    }
    try await DeliverCredits.close(id, in: session)
  }
}
