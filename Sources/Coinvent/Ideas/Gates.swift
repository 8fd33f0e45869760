import Postgres

/// The gates an idea must pass while it is open: so many votes within so many days, step by step.
public enum Gates {
  /// A step as it was when the idea reached it; chains that are made later change nothing.
  public struct Step: Sendable, RowDecodable {
    public let number: Int
    public let chain: String
    public let step: Int
    public let votes: Int64
    public let beganAt: Timestamp
    public let deadline: Timestamp
    public let warnedAt: Timestamp?
    /// `passed`, `expired`, `overridden` (a curator moved the idea on) or `closed` (something else
    /// ended the voting); nil while it runs.
    public let outcome: String?
    public let endedAt: Timestamp?
    /// The tally that was sealed when it ended; nil when the gate was not decided by votes.
    public let seal: Seal?

    public init(row: inout RowReader) throws {
      number = Int(try row.next(Int32.self))
      chain = try row.next(String.self)
      step = Int(try row.next(Int32.self))
      votes = try row.next(Int64.self)
      beganAt = try row.next(Timestamp.self)
      deadline = try row.next(Timestamp.self)
      warnedAt = try row.next(Timestamp?.self)
      outcome = try row.next(String?.self)
      endedAt = try row.next(Timestamp?.self)
      let electorate = try row.next(Int64?.self)
      let counted = try row.next(Int64?.self)
      let hash = try row.next([UInt8]?.self)
      if let electorate, let counted, let hash {
        seal = Seal(electorate: electorate, votes: counted, hash: hash)
      } else {
        seal = nil
      }
    }
  }

  public struct Seal: Sendable, Equatable {
    /// Members there were.
    public let electorate: Int64
    public let votes: Int64
    /// SHA-256; see the schema's comment on tally_seals.
    public let hash: [UInt8]
  }

  /// The steps of an idea, the first one first.
  public static func of(_ idea: IdeaID, in db: some Queryable) async throws -> [Step] {
    try await db.all(
      """
      SELECT number, chain, step, g.votes, began_at, deadline, warned_at, outcome, ended_at,
             s.electorate, s.votes, s.hash
      FROM idea_gates g LEFT JOIN tally_seals s USING (idea_id, number)
      WHERE idea_id = \(idea.uuid) ORDER BY number
      """, of: Step.self)
  }

  /// What a change of an idea's state means for its gate: the first step begins when it opens for
  /// the first time; when it is opened again, the step it was at begins anew. Every way out ends it.
  static func follow(
    _ idea: IdeaID, from old: Idea.State, to new: Idea.State, at now: Timestamp, in tx: Transaction
  ) async throws {
    if new == .open && (old == .draft || old == .submitted) {
      try await begin(idea, chain: nil, step: 1, at: now, in: tx)
    } else if new == .open {
      guard let last = try await of(idea, in: tx).last else { return }
      try await begin(idea, chain: last.chain, step: last.step, at: now, in: tx)
    } else if old == .open {
      let outcome =
        switch new {
        case .qualified: "overridden"
        case .expired: "expired"
        default: "closed"
        }
      try await tx.execute(
        """
        UPDATE idea_gates SET outcome = \(outcome), ended_at = \(now)
        WHERE idea_id = \(idea.uuid) AND outcome IS NULL
        """)
    }
  }

  /// Begins a step of a chain, or of the one that is chosen now.
  /// - Returns: false when there is no such step.
  @discardableResult
  static func begin(
    _ idea: IdeaID, chain: String?, step: Int, at now: Timestamp, in tx: Transaction
  ) async throws -> Bool {
    try await tx.execute(
      """
      INSERT INTO idea_gates (idea_id, number, chain, step, votes, began_at, deadline)
      SELECT \(idea.uuid),
             1 + coalesce((SELECT max(number) FROM idea_gates WHERE idea_id = \(idea.uuid)), 0),
             chain, step, votes, \(now), \(now)::timestamptz + days * interval '24 hours'
      FROM gate_steps
      WHERE step = \(Int64(step)) AND chain = coalesce(\(chain), (
        SELECT chain FROM gate_choices ORDER BY number DESC LIMIT 1))
      """) > 0
  }
}
