import Postgres

/// Decides the gates that are due: enough votes move an idea to its next step or qualify it, a
/// missed deadline ends it, and some days before that its author is to be warned.
///
/// Any number of workers may do it at once, and each may die at any moment: an idea is one
/// transaction, and what it finds decided it leaves alone.
public enum AdvanceGates {
  public struct Report: Sendable, Equatable {
    /// Steps that were passed and led to another one.
    public var passed = 0
    public var qualified = 0
    public var expired = 0
    public var warned = 0

    public init() {}

    public var didNothing: Bool { self == Report() }

    public static func += (sum: inout Report, part: Report) {
      sum.passed += part.passed
      sum.qualified += part.qualified
      sum.expired += part.expired
      sum.warned += part.warned
    }
  }

  /// How long before a deadline the warning comes.
  public static let warnedBefore = Duration.seconds(7 * 86_400)

  /// - Parameter limit: ideas of each kind in one go; call again while the report is not empty.
  public static func run(at now: Timestamp = .now, limit: Int = 200, in pool: Pool) async throws
    -> Report
  {
    var report = Report()
    for idea in try await reached(limit, in: pool) + missed(limit, at: now, in: pool) {
      report += try await pool.transaction { try await decide(idea, at: now, in: $0) }
    }
    report.warned = try await warn(at: now, limit: limit, in: pool)
    return report
  }

  /// The list of open ideas by votes is read down to the lowest threshold there is.
  static func reached(_ limit: Int, in db: some Queryable) async throws -> [IdeaID] {
    try await db.all(reachedQuery(limit: limit), as: UUID.self).map(IdeaID.init(uuid:))
  }

  static func reachedQuery(limit: Int) -> Query {
    """
    SELECT g.idea_id FROM tallies t JOIN idea_gates g ON g.idea_id = t.idea_id
    WHERE t.state = 'open' AND g.outcome IS NULL AND t.votes >= g.votes
      AND t.votes >= (SELECT min(votes) FROM idea_gates WHERE outcome IS NULL)
    ORDER BY t.votes DESC, t.idea_id DESC LIMIT \(limit)
    """
  }

  private static func missed(_ limit: Int, at now: Timestamp, in db: some Queryable) async throws
    -> [IdeaID]
  {
    try await db.all(
      """
      SELECT idea_id FROM idea_gates WHERE outcome IS NULL AND deadline <= \(now)
      ORDER BY deadline LIMIT \(limit)
      """, as: UUID.self
    ).map(IdeaID.init(uuid:))
  }

  private static func decide(_ idea: IdeaID, at now: Timestamp, in tx: Transaction) async throws
    -> Report
  {
    // In the order in which everything locks: the idea, its tally, its gate.
    let state = try await tx.first(
      "SELECT state FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE", as: Idea.State.self)
    guard state == .open else { return Report() }
    let votes = try await tx.one(
      "SELECT votes FROM tallies WHERE idea_id = \(idea.uuid) FOR NO KEY UPDATE", as: Int64.self)
    let gate = try await Gates.of(idea, in: tx).last
    guard let gate, gate.outcome == nil else { return Report() }
    if votes >= gate.votes {
      return try await pass(gate, of: idea, votes: votes, at: now, in: tx)
    }
    guard gate.deadline <= now else { return Report() }
    try await SealTally.run(idea, gate: gate.number, at: now, in: tx)
    let reason = "\(votes) of \(gate.votes) votes by \(gate.deadline)."
    _ = try await MoveIdea.run(idea, to: .expired, reason: reason, by: nil, at: now, in: tx)
    var report = Report()
    report.expired = 1
    return report
  }

  private static func pass(
    _ gate: Gates.Step, of idea: IdeaID, votes: Int64, at now: Timestamp, in tx: Transaction
  ) async throws -> Report {
    try await SealTally.run(idea, gate: gate.number, at: now, in: tx)
    try await tx.execute(
      """
      UPDATE idea_gates SET outcome = 'passed', ended_at = \(now)
      WHERE idea_id = \(idea.uuid) AND number = \(Int64(gate.number))
      """)
    var report = Report()
    let hasNext = try await Gates.begin(
      idea, chain: gate.chain, step: gate.step + 1, at: now, in: tx)
    if hasNext {
      report.passed = 1
    } else {
      let reason = "\(votes) votes; \(gate.votes) were needed."
      _ = try await MoveIdea.run(idea, to: .qualified, reason: reason, by: nil, at: now, in: tx)
      report.qualified = 1
    }
    return report
  }

  private static func warn(at now: Timestamp, limit: Int, in pool: Pool) async throws -> Int {
    try await pool.transaction { tx in
      let warned = try await tx.all(
        """
        UPDATE idea_gates g SET warned_at = \(now) FROM ideas
        WHERE ideas.id = g.idea_id AND (g.idea_id, g.number) IN (
          SELECT idea_id, number FROM idea_gates
          WHERE outcome IS NULL AND warned_at IS NULL AND deadline <= \(now + warnedBefore)
            AND deadline > \(now)
          ORDER BY deadline LIMIT \(limit) FOR UPDATE SKIP LOCKED)
        RETURNING g.idea_id, author_id, g.votes, deadline
        """, as: (UUID, UUID, Int64, Timestamp).self)
      for (idea, author, votes, deadline) in warned {
        try await Notify.post(
          .gateWarning, about: IdeaID(uuid: idea), detail: "\(votes) votes by \(deadline)",
          by: nil, to: .members([MemberID(uuid: author)]), at: now, in: tx)
      }
      return warned.count
    }
  }
}
