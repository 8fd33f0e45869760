import Postgres

/// What the community asks of votes: a budget, and when suspicious ones are held by the
/// rules. Every change is a new row, and changes nothing that was before it.
public struct VotePolicy: Sendable, RowDecodable {
  public enum Budget: Sendable, Equatable {
    case none
    /// So many votes in each period; one that is withdrawn in the period it was cast in comes back.
    case perPeriod(Int64, Period)
    /// So many votes on ideas that are not decided yet.
    case outstanding(Int64)

    public var word: String {
      switch self {
      case .none: "none"
      case .perPeriod: "per_period"
      case .outstanding: "outstanding"
      }
    }

    public var votes: Int64? {
      switch self {
      case .none: nil
      case .perPeriod(let votes, _), .outstanding(let votes): votes
      }
    }

    public var period: Period? {
      if case .perPeriod(_, let period) = self { period } else { nil }
    }

    /// The account that a vote is charged to now; nil without a budget.
    func account(at now: Timestamp) -> VoteAccount? {
      switch self {
      case .none: nil
      case .perPeriod(_, let period):
        VoteAccount(kind: period.rawValue, beganAt: period.start(of: now))
      case .outstanding: VoteAccount.outstanding
      }
    }
  }

  /// In UTC; weeks begin on Mondays.
  public enum Period: String, CaseIterable, Sendable {
    case day, week, month

    func start(of now: Timestamp) -> Timestamp {
      let day = now.day
      switch self {
      case .day: return day.start
      // 1970-01-01 was a Thursday.
      case .week: return day.adding(days: -((day.number % 7 + 10) % 7)).start
      case .month: return day.adding(days: 1 - day.parts.day).start
      }
    }
  }

  public let number: Int64
  public let budget: Budget
  /// Signals that score so much hold their votes at once; nil: a curator decides.
  public let holdScore: Int64?
  public let reason: String
  public let madeBy: MemberID?
  public let madeAt: Timestamp

  public init(row: inout RowReader) throws {
    number = Int64(try row.next(Int32.self))
    let word = try row.next(String.self)
    let votes = Int64(try row.next(Int32?.self) ?? 0)
    let period = try row.next(String?.self).flatMap(Period.init)
    budget =
      switch (word, period) {
      case ("per_period", let period?): .perPeriod(votes, period)
      case ("outstanding", _): .outstanding(votes)
      default: .none
      }
    holdScore = try row.next(Int32?.self).map(Int64.init)
    reason = try row.next(String.self)
    madeBy = try row.next(UUID?.self).map(MemberID.init(uuid:))
    madeAt = try row.next(Timestamp.self)
  }

  private static let columns: Query =
    "number, budget, votes, period, hold_score, reason, made_by, made_at"

  public static func current(in db: some Queryable) async throws -> VotePolicy {
    try await db.one(
      "SELECT \(columns) FROM vote_policies ORDER BY number DESC LIMIT 1", of: VotePolicy.self)
  }

  /// The last hundred, the newest first.
  public static func history(in db: some Queryable) async throws -> [VotePolicy] {
    try await db.all(
      "SELECT \(columns) FROM vote_policies ORDER BY number DESC LIMIT 100", of: VotePolicy.self)
  }

  /// Makes a policy that counts from now on.
  /// - Throws: `Invalid` for a bad reason.
  public static func make(
    _ budget: Budget, holdScore: Int64? = nil, reason: String,
    by admin: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> VotePolicy {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    return try await tx.one(
      """
      INSERT INTO vote_policies (budget, votes, period, hold_score, reason, made_by,
                                 made_at)
      VALUES (\(budget.word), \(budget.votes), \(budget.period?.rawValue), \(holdScore),
              \(reason.trimmed), \(admin.uuid), \(now))
      RETURNING \(columns)
      """, of: VotePolicy.self)
  }
}
