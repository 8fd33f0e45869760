import Postgres

/// Something about votes that looks like one person behind many.
public struct SignalID: EntityID {
  public static let prefix = "sig"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

public struct VoteSignal: Sendable, RowDecodable {
  public enum Kind: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// Many votes for an idea within five minutes, against its usual rate.
    case burst
    /// Many accounts from one network for one idea on a day.
    case origin
    /// Many accounts that joined shortly before their vote.
    case young
    /// Accounts that vote for the same ideas again and again: at the same time, or in such numbers
    /// that it is no chance.
    case lockstep
    /// Two members who vote for each other's ideas.
    case reciprocal
  }

  public enum State: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    case open, held, released, upheld, dismissed
  }

  public let id: SignalID
  public let kind: Kind
  /// The method and its version.
  public let method: String
  /// 0 to 1 000.
  public let score: Int64
  /// Counts, as a JSON object.
  public let evidence: String
  public let state: State
  public let foundAt: Timestamp
  public let changedAt: Timestamp

  static let columns: Query =
    "s.id, s.kind, s.method, s.score, s.evidence::text, s.state, s.found_at, s.changed_at"

  public init(row: inout RowReader) throws {
    id = SignalID(uuid: try row.next(UUID.self))
    kind = try row.next(Kind.self)
    method = try row.next(String.self)
    score = Int64(try row.next(Int32.self))
    evidence = try row.next(String.self)
    state = try row.next(State.self)
    foundAt = try row.next(Timestamp.self)
    changedAt = try row.next(Timestamp.self)
  }

  /// A vote that a signal names, and what it is now; nil: it was withdrawn.
  public struct Vote: Sendable {
    public let idea: IdeaID
    public let member: MemberID
    public let standing: CastVotes.Standing?
  }

  public struct Decision: Sendable {
    public let decision: DecideSignal.Decision
    public let reason: String
    /// Nil: the rules.
    public let by: MemberID?
    public let at: Timestamp
    /// How many votes it concerned.
    public let votes: Int64
  }

  public struct Details: Sendable {
    public let signal: VoteSignal
    /// At most a thousand.
    public let votes: [Vote]
    public let decisions: [Decision]
  }

  /// The newest first.
  public static func list(
    idea: IdeaID? = nil, state: State? = nil, before: SignalID? = nil, limit: Int = 20,
    in db: some Queryable
  ) async throws -> [VoteSignal] {
    var conditions: Query = "TRUE"
    if let state { conditions += " AND s.state = \(state)" }
    if let before { conditions += " AND s.id < \(before.uuid)" }
    if let idea {
      conditions += """
         AND EXISTS (SELECT FROM vote_signal_votes v
                     WHERE v.signal_id = s.id AND v.idea_id = \(idea.uuid))
        """
    }
    return try await db.all(
      "SELECT \(columns) FROM vote_signals s WHERE \(conditions) ORDER BY s.id DESC LIMIT \(limit)",
      of: VoteSignal.self)
  }

  public static func find(_ id: SignalID, in db: some Queryable) async throws -> Details? {
    let signals = try await db.all(
      "SELECT \(columns) FROM vote_signals s WHERE s.id = \(id.uuid)", of: VoteSignal.self)
    guard let signal = signals.first else { return nil }
    let votes = try await db.all(
      """
      SELECT s.idea_id, s.member_id,
        CASE WHEN v.member_id IS NOT NULL THEN 'counted'
             WHEN h.withdrawn OR h.state = 'released' THEN NULL ELSE h.state END
      FROM vote_signal_votes s LEFT JOIN votes v USING (idea_id, member_id)
      LEFT JOIN held_votes h USING (idea_id, member_id)
      WHERE s.signal_id = \(id.uuid) ORDER BY 1, 2 LIMIT 1000
      """, as: (UUID, UUID, CastVotes.Standing?).self)
    let decisions = try await db.all(
      """
      SELECT decision, reason, decided_by, decided_at, votes::bigint FROM vote_signal_decisions
      WHERE signal_id = \(id.uuid) ORDER BY number
      """, as: (DecideSignal.Decision, String, UUID?, Timestamp, Int64).self)
    return Details(
      signal: signal,
      votes: votes.map {
        Vote(idea: IdeaID(uuid: $0.0), member: MemberID(uuid: $0.1), standing: $0.2)
      },
      decisions: decisions.map {
        Decision(
          decision: $0.0, reason: $0.1, by: $0.2.map(MemberID.init(uuid:)), at: $0.3, votes: $0.4)
      })
  }
}
