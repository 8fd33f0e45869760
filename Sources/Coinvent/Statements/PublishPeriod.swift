import Postgres
import Synchronization

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
/// Members are done some at a time, on several connections; killed, it goes on where it was.
public enum PublishPeriod {
  public struct Progress: Sendable {
    public let statements: Int64
    public let isResumed: Bool
  }

  /// Members in one transaction.
  static let batch: Int64 = 1000

  /// - Parameter steps: stops, as if it were killed, after so many rounds; for tests.
  public static func run(
    _ name: String, by: MemberID?, at now: Timestamp = .now, pool: Pool, steps: Int = .max,
    progress: @Sendable (Progress) -> Void = { _ in }
  ) async throws -> PublishPeriodOutcome {
    try await SettlementLock.run(pool) { session in
      let jobs = SettlementJobs(pool: pool, session: session)
      try await Settle.finishEarlier(jobs, progress: { _ in })
      let found = try await begin(name, by: by, at: now, in: session)
      guard case .open(let period, var publication, let isResumed) = found else {
        guard case .ended(let outcome) = found else { preconditionFailure("neither") }
        return outcome
      }
      var left = steps - 1
      let facts = try await StatementFacts.load(
        period, version: publication.version, products: nil, in: session)
      while left > 0, let next = try await round(publication, facts, jobs) {
        publication = next
        left -= 1
        progress(Progress(statements: publication.made, isResumed: isResumed))
      }
      if left <= 0 { throw CancellationError() }
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

  /// Some more members on every connection; nil when all have theirs.
  private static func round(
    _ publication: Publication, _ facts: StatementFacts, _ jobs: SettlementJobs
  ) async throws -> Publication? {
    let round = try await publication.next(
      batch * Int64(jobs.count), of: facts.period, in: jobs.session)
    guard let round else { return nil }
    let size = Int(batch)
    let batches = stride(from: 0, to: round.members.count, by: size).map {
      Array(round.members[$0..<min($0 + size, round.members.count)])
    }
    let queue = WorkQueue(count: batches.count)
    let made = Atomic<Int>(0)
    try await jobs.run(atMost: batches.count) { session in
      while let number = queue.next() {
        // One snapshot: balances and transfers of one moment.
        let count = try await session.transaction(isolation: .repeatableRead) { tx in
          try await MakeStatements.run(batches[number], facts, in: tx).count
        }
        made.add(count, ordering: .relaxed)
      }
    }
    let next = Publication(
      version: publication.version, after: round.through,
      made: publication.made + Int64(made.load(ordering: .relaxed)))
    try await next.keep(of: facts.period, in: jobs.session)
    return next
  }

  private static func end(
    _ period: Period, _ publication: Publication, by: MemberID?, at now: Timestamp,
    in session: Session
  ) async throws -> PublishPeriodOutcome {
    try await session.transaction { tx in
      try await tx.execute(
        """
        UPDATE publications SET done_at = \(now), made = (
          SELECT count(*) FROM statements s
          WHERE s.period_id = publications.period_id AND s.version = publications.version)
        WHERE period_id = \(period.id.uuid) AND version = \(Int32(publication.version))
        """)
      let members = try await tx.all(
        """
        SELECT member_id FROM statements
        WHERE period_id = \(period.id.uuid) AND version = \(Int32(publication.version))
        ORDER BY member_id
        """, as: UUID.self)
      try await NotifyMembers.post(
        .statement, subject: period.id.uuid,
        detail: publication.version == 1
          ? "Your statement of \(period.name) is there."
          : "Your statement of \(period.name) has a version \(publication.version).",
        by: nil, to: .members(members.map(MemberID.init(uuid:))), at: now, in: tx)
      let move = MovePeriod(
        what: .published, reason: "\(members.count) statements.", by: by, now: now)
      let published = try await move.run(period, to: .published, in: tx)
      return .published(
        published, version: publication.version, statements: Int64(members.count))
    }
  }
}
