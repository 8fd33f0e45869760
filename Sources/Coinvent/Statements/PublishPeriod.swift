import Postgres

public enum PublishPeriodOutcome: Sendable {
  case repeated(Period)
  /// With how many statements there are, and of which version.
  case published(Period, version: Int, statements: Int64)
  case unknown
  case notApproved(Period)
  /// An earlier period is not published.
  case earlierFirst(Period)
  /// A settlement, approval or publication is running.
  case busy
}

/// Makes the statements of an approved period, then shows them all at once and tells members.
///
/// A great part of the members is one step, some at once on several connections; killed, it goes
/// on where it was. `SealStatements` keeps the hashes behind it.
public enum PublishPeriod {
  public struct Progress: Sendable {
    public let steps: Int
    public let of: Int
    public let isResumed: Bool
  }

  /// - Parameter steps: stops, as if it were killed, after so many; beginning is one. For tests.
  public static func run(
    _ name: String, by: MemberID?, at now: Timestamp = .now, pool: Pool, steps: Int = .max,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> PublishPeriodOutcome {
    try await SettlementLock.run(pool) { session in
      let jobs = SettlementJobs(pool: pool, session: session)
      try await Settle.finishEarlier(jobs, progress: { _ in })
      let found = try await begin(name, by: by, at: now, in: session)
      guard case .open(let period, let publication, let isResumed) = found else {
        guard case .ended(let outcome) = found else { preconditionFailure("neither") }
        return outcome
      }
      let left = try await publication.left(of: period, in: session)
      try await make(Array(left.prefix(steps - 1)), publication, period, jobs) { done in
        progress(
          Progress(
            steps: publication.steps - left.count + done, of: publication.steps,
            isResumed: isResumed))
      }
      if left.count >= steps { throw CancellationError() }
      return try await end(period, publication, by: by, at: now, in: session)
    } ?? .busy
  }

  private enum Begun: Sendable {
    case open(Period, Publication, isResumed: Bool)
    case ended(PublishPeriodOutcome)
  }

  private static func begin(
    _ name: String, by: MemberID?, at now: Timestamp, in session: Session
  ) async throws -> Begun {
    try await session.transaction { tx in
      guard let period = try await Period.lock(name, in: tx) else { return .ended(.unknown) }
      switch period.state {
      case .published, .closed: return .ended(.repeated(period))
      case .open, .previewed: return .ended(.notApproved(period))
      case .approved: break
      }
      if let first = try await period.unpublishedBefore(in: tx) {
        return .ended(.earlierFirst(first))
      }
      if let open = try await Publication.open(of: period, in: tx) {
        return .open(period, open, isResumed: true)
      }
      let publication = try await Publication.begin(period, by: by, at: now, in: tx)
      return .open(period, publication, isResumed: false)
    }
  }

  /// Does some steps, as many at once as there are connections.
  private static func make(
    _ steps: [Int], _ publication: Publication, _ period: Period, _ jobs: SettlementJobs,
    progress: @escaping @Sendable (Int) -> Void
  ) async throws {
    let settlements = try await StatementSettlements.load(
      period, version: publication.version, in: jobs.session)
    let near = MakeStatements(period: period, publication: publication, settlements: settlements)
    let all = MakeStatements(
      period: period, publication: publication, settlements: settlements.anywhen)
    let queue = WorkQueue(count: steps.count)
    try await jobs.run(atMost: steps.count) { session in
      while let number = queue.next() {
        do {
          try await step(steps[number], near, in: session)
        } catch is MakeStatements.DoesNotAddUp {
          // Something was posted at a time that clocks of servers do not explain.
          try await step(steps[number], all, in: session)
        }
        queue.finish(progress)
      }
    }
  }

  private static func step(_ number: Int, _ making: MakeStatements, in session: Session)
    async throws
  {
    let publication = making.publication
    // One snapshot: balances and transfers of one moment.
    try await session.transaction(isolation: .repeatableRead) { tx in
      let made = try await making.run(.step(number, of: publication.steps), in: tx)
      try await publication.finish(number, of: making.period, statements: made, in: tx)
    }
  }

  private static func end(
    _ period: Period, _ publication: Publication, by: MemberID?, at now: Timestamp,
    in session: Session
  ) async throws -> PublishPeriodOutcome {
    try await session.transaction { tx in
      let version = Int32(publication.version)
      let made = try await tx.one(
        """
        UPDATE publications SET done_at = \(now), made = (
          SELECT sum(statements)::bigint FROM publication_steps
          WHERE period_id = \(period.id.uuid) AND version = \(version))
        WHERE period_id = \(period.id.uuid) AND version = \(version)
        RETURNING made
        """, as: Int64.self)
      try await NotifyMembers.post(
        .statement, subject: period.id.uuid,
        detail: publication.version == 1
          ? "Your statement of \(period.name) is there."
          : "Your statement of \(period.name) has a version \(publication.version).",
        by: nil, to: .holdersOfStatements, at: now, in: tx)
      let move = MovePeriod(what: .published, reason: "\(made) statements.", by: by, now: now)
      let published = try await move.run(period, to: .published, in: tx)
      return .published(published, version: publication.version, statements: made)
    }
  }
}
