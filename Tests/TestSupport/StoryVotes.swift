import Coinvent
import Postgres
import Testing

extension Story {
  /// A policy of votes from now on.
  @discardableResult
  public func budget(
    _ budget: VotePolicy.Budget, holdScore: Int64? = nil
  ) async throws -> VotePolicy {
    let admin = try await FindMember.by(handleOrID: "policy_maker", in: pool)?.id
    let maker = if let admin { admin } else { try await member("policy_maker", role: .admin) }
    return try await pool.transaction {
      try await VotePolicy.make(
        budget, holdScore: holdScore, reason: "So we agreed.", by: maker,
        in: $0)
    }
  }
}

/// The database itself must say no, with this SQLSTATE.
public func expectRefusal(_ state: String, _ work: () async throws -> Void) async throws {
  do {
    try await work()
    Issue.record("it was not refused")
  } catch let error as DatabaseError {
    #expect(error.sqlState == state)
  }
}

extension Story {
  /// A signal that names these votes, as if it had been found.
  public func signal(_ votes: [(IdeaID, MemberID)], score: Int64 = 500) async throws -> SignalID {
    let id = SignalID.new()
    try await pool.transaction { tx in
      try await tx.execute(
        """
        INSERT INTO vote_signals (id, about, kind, method, score, evidence, state, pending,
                                  found_at, changed_at)
        VALUES (\(id.uuid), \(id.description), 'lockstep', 'told/1', \(score), '{}', 'open', true,
                now(), now())
        """)
      try await tx.execute(
        """
        INSERT INTO vote_signal_votes (signal_id, idea_id, member_id)
        SELECT \(id.uuid), i, m FROM unnest(\(votes.map(\.0.uuid)), \(votes.map(\.1.uuid))) AS v (i, m)
        """)
    }
    return id
  }

  @discardableResult
  public func decide(_ decision: DecideSignal.Decision, _ signal: SignalID, by curator: MemberID)
    async throws -> DecideSignal.Outcome
  {
    try await pool.transaction {
      try await DecideSignal.run(
        decision, signal: signal, reason: "We have looked.", by: curator, in: $0)
    }
  }
}
