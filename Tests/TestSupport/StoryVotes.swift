import Coinvent
import Postgres
import Testing

extension Story {
  /// A policy of votes from now on.
  @discardableResult
  public func budget(
    _ budget: VotePolicy.Budget, holdScore: Int64? = nil,
    gatesCount: VotePolicy.GateCount = .votes
  ) async throws -> VotePolicy {
    let admin = try await FindMember.by(handleOrID: "policy_maker", in: pool)?.id
    let maker = if let admin { admin } else { try await member("policy_maker", role: .admin) }
    return try await pool.transaction {
      try await VotePolicy.make(
        budget, holdScore: holdScore, gatesCount: gatesCount, reason: "So we agreed.", by: maker,
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
