import Postgres

/// Decides about the votes that a signal names. Nothing is deleted: a held vote waits apart from
/// those that count, and every decision stays on record.
public enum DecideSignal {
  public enum Decision: String, CaseIterable, Sendable, PostgresEncodable, PostgresDecodable {
    /// Its votes do not count until a person has decided.
    case hold
    /// They count again.
    case release
    /// They stay out for good.
    case uphold
    /// There was nothing in it.
    case dismiss

    /// What a signal is after it.
    var state: VoteSignal.State {
      switch self {
      case .hold: .held
      case .release: .released
      case .uphold: .upheld
      case .dismiss: .dismissed
      }
    }

    func follows(_ state: VoteSignal.State) -> Bool {
      switch self {
      case .hold, .dismiss: state == .open
      case .release, .uphold: state == .held
      }
    }
  }

  public enum Outcome: Sendable, Equatable {
    /// How many votes it concerned.
    case decided(votes: Int64)
    /// That does not follow from the state it is in.
    case wrongState(VoteSignal.State)
    case unknown
  }

  /// Votes of ideas that are decided already are not held any more: what was counted there is what
  /// was decided on.
  /// - Parameter decider: nil when the rules hold, which they may also do with votes that have
  ///   come to a signal since.
  public static func run(
    _ decision: Decision, signal: SignalID, reason: String, by decider: MemberID?,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    let found = try await tx.first(
      "SELECT state FROM vote_signals WHERE id = \(signal.uuid) FOR NO KEY UPDATE",
      as: VoteSignal.State.self)
    guard let state = found else { return .unknown }
    let isAgain = decider == nil && decision == .hold && state == .held
    guard decision.follows(state) || isAgain else { return .wrongState(state) }
    let number = try await tx.one(
      """
      SELECT 1 + count(*) FROM vote_signal_decisions WHERE signal_id = \(signal.uuid)
      """, as: Int64.self)
    try await lockTallies(of: signal, in: tx)
    let votes =
      switch decision {
      case .hold: try await hold(signal, number, at: now, in: tx)
      case .release: try await release(signal, number, in: tx)
      case .uphold: try await uphold(signal, number, reason: reason.trimmed, in: tx)
      case .dismiss: 0
      }
    try await tx.execute(
      """
      INSERT INTO vote_signal_decisions (signal_id, number, decision, reason, decided_by,
                                         decided_at, votes)
      VALUES (\(signal.uuid), \(number), \(decision), \(reason.trimmed), \(decider?.uuid), \(now),
              \(Int64(votes)))
      """)
    try await TellVoters.run(
      decision, signal: signal, number: number, reason: reason.trimmed, by: decider, at: now,
      in: tx)
    try await tx.execute(
      """
      UPDATE vote_signals SET state = \(decision.state), pending = false, changed_at = \(now)
      WHERE id = \(signal.uuid)
      """)
    return .decided(votes: Int64(votes))
  }

  /// The ideas whose votes it may touch, and the originals that took these over, in one order.
  private static func lockTallies(of signal: SignalID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      SELECT idea_id FROM tallies WHERE idea_id IN (
        SELECT idea_id FROM vote_signal_votes WHERE signal_id = \(signal.uuid)
        UNION SELECT m.original_id FROM vote_signal_votes s
              JOIN idea_merges m ON m.duplicate_id = s.idea_id AND m.undone_at IS NULL
              WHERE s.signal_id = \(signal.uuid)
        UNION SELECT idea_id FROM held_votes WHERE signal_id = \(signal.uuid))
      ORDER BY idea_id FOR NO KEY UPDATE
      """)
  }

  private static func hold(
    _ signal: SignalID, _ number: Int64, at now: Timestamp, in tx: Transaction
  ) async throws -> Int {
    let reason = "Held until a curator has looked at it: a signal was found."
    return try await tx.execute(
      """
      WITH named AS (
        SELECT idea_id, member_id FROM vote_signal_votes WHERE signal_id = \(signal.uuid)
        UNION
        SELECT m.original_id, s.member_id FROM vote_signal_votes s
        JOIN idea_merges m ON m.duplicate_id = s.idea_id AND m.undone_at IS NULL
        JOIN merged_votes v ON v.duplicate_id = m.duplicate_id AND v.number = m.number
          AND v.member_id = s.member_id AND v.moved
        WHERE s.signal_id = \(signal.uuid)
      ), taken AS (
        DELETE FROM votes USING named, tallies t
        WHERE votes.idea_id = named.idea_id AND votes.member_id = named.member_id
          AND t.idea_id = votes.idea_id
          AND t.state IN ('open', 'qualified', 'in_review', 'in_evaluation')
        RETURNING votes.idea_id, votes.member_id, cast_at, origin, session
      ), counted AS (
        UPDATE tallies SET votes = tallies.votes - n, held = tallies.held + n
        FROM (SELECT idea_id, count(*) AS n FROM taken GROUP BY idea_id) AS c
        WHERE tallies.idea_id = c.idea_id
      ), kept AS (
        INSERT INTO held_votes (idea_id, member_id, cast_at, origin, session, state, reason,
                                held_at, signal_id)
        SELECT idea_id, member_id, cast_at, origin, session, 'held', \(reason), \(now),
               \(signal.uuid)
        FROM taken
      )
      INSERT INTO vote_hold_events (signal_id, number, idea_id, member_id, cast_at)
      SELECT \(signal.uuid), \(number), idea_id, member_id, cast_at FROM taken
      """)
  }

  /// What another signal holds as well stays held by that one.
  private static func release(_ signal: SignalID, _ number: Int64, in tx: Transaction)
    async throws -> Int
  {
    try await tx.execute(
      """
      UPDATE held_votes h SET signal_id = other.id
      FROM vote_signals other JOIN vote_signal_votes v ON v.signal_id = other.id
      WHERE h.signal_id = \(signal.uuid) AND h.state = 'held' AND other.id <> \(signal.uuid)
        AND other.state = 'held' AND v.idea_id = h.idea_id AND v.member_id = h.member_id
      """)
    let released = try await tx.execute(
      """
      INSERT INTO vote_hold_events (signal_id, number, idea_id, member_id, cast_at)
      SELECT signal_id, \(number), idea_id, member_id, cast_at FROM held_votes
      WHERE signal_id = \(signal.uuid) AND state = 'held'
      """)
    try await tx.execute(
      """
      UPDATE held_votes h SET state = 'released' FROM tallies t
      WHERE h.signal_id = \(signal.uuid) AND h.state = 'held' AND t.idea_id = h.idea_id
        AND t.state = 'duplicate'
      """)
    try await tx.execute(
      """
      WITH freed AS (
        DELETE FROM held_votes WHERE signal_id = \(signal.uuid) AND state = 'held'
        RETURNING idea_id, member_id, cast_at, origin, session, withdrawn
      ), counted AS (
        UPDATE tallies SET votes = tallies.votes + n - gone, held = held - n
        FROM (SELECT idea_id, count(*) AS n, count(*) FILTER (WHERE withdrawn) AS gone
              FROM freed GROUP BY idea_id) AS c
        WHERE tallies.idea_id = c.idea_id
      )
      INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
      SELECT idea_id, member_id, cast_at, origin, session FROM freed WHERE NOT withdrawn
      """)
    return released
  }

  private static func uphold(
    _ signal: SignalID, _ number: Int64, reason: String, in tx: Transaction
  ) async throws -> Int {
    try await tx.execute(
      """
      WITH upheld AS (
        UPDATE held_votes SET state = 'upheld', reason = \(reason)
        WHERE signal_id = \(signal.uuid) AND state = 'held'
        RETURNING idea_id, member_id, cast_at
      )
      INSERT INTO vote_hold_events (signal_id, number, idea_id, member_id, cast_at)
      SELECT \(signal.uuid), \(number), idea_id, member_id, cast_at FROM upheld
      """)
  }
}
