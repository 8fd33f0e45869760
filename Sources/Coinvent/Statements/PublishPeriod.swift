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
/// Members are done some at a time, each in a transaction; killed, it goes on where it was.
public enum PublishPeriod {
  public struct Progress: Sendable {
    public let statements: Int64
    public let isResumed: Bool
  }

  /// Members in one transaction.
  static let batch: Int64 = 1000

  /// - Parameter steps: stops, as if it were killed, after so many transactions; for tests.
  public static func run(
    _ name: String, by: MemberID?, at now: Timestamp = .now, pool: Pool, steps: Int = .max,
    progress: @Sendable (Progress) -> Void = { _ in }
  ) async throws -> PublishPeriodOutcome {
    try await SettlementLock.run(pool) { session in
      try await Settle.finishEarlier(
        SettlementJobs(pool: pool, session: session), progress: { _ in })
      let found = try await begin(name, by: by, at: now, in: session)
      guard case .open(let period, var publication, let isResumed) = found else {
        guard case .ended(let outcome) = found else { preconditionFailure("neither") }
        return outcome
      }
      var left = steps - 1
      let facts = try await StatementFacts.load(
        period, version: publication.version, products: nil, in: session)
      while left > 0, let next = try await step(period, publication, facts, in: session) {
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

  /// Some more members; nil when all have theirs.
  private static func step(
    _ period: Period, _ publication: Publication, _ facts: StatementFacts, in session: Session
  ) async throws -> Publication? {
    try await session.transaction { tx in
      let ids = try await tx.all(
        """
        SELECT DISTINCT b.owner FROM balances b JOIN members m ON m.id = b.owner
        WHERE b.owner > \(publication.after) ORDER BY b.owner LIMIT \(batch)
        """, as: UUID.self)
      guard let last = ids.last else { return nil }
      let made = try await MakeStatements.run(
        ids, period: period, version: publication.version, facts: facts, in: tx)
      try await tx.execute(
        """
        UPDATE publications SET after = \(last), made = made + \(Int64(made.count))
        WHERE period_id = \(period.id.uuid) AND version = \(Int32(publication.version))
        """)
      return Publication(
        version: publication.version, after: last, made: publication.made + Int64(made.count))
    }
  }

  private static func end(
    _ period: Period, _ publication: Publication, by: MemberID?, at now: Timestamp,
    in session: Session
  ) async throws -> PublishPeriodOutcome {
    try await session.transaction { tx in
      try await tx.execute(
        """
        UPDATE publications SET done_at = \(now)
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
