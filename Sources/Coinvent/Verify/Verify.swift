import Ledger
import Postgres

/// Recomputes everything from raw sales, contracts, events and votes, and compares it with the
/// books. Reads one moment's view and writes nothing.
public enum Verify {
  public struct Check: Sendable {
    public let name: String
    /// How many rows were compared.
    public let rows: Int
    /// The first row that is wrong; nil when all are right.
    public let finding: Finding?
  }

  public struct Report: Sendable {
    public let checks: [Check]
    /// A settlement that is planned and not finished; it is no fault.
    public let unfinished: SettlementID?
    public let balances: [TrialBalance]
    /// Final things without their proof yet; it is no fault.
    public let unproven: UnprovenThings
    public var first: Finding? { checks.lazy.compactMap(\.finding).first }
  }

  /// - Parameter progress: called with a check's name and the rows it has read so far.
  public static func run(
    pool: Pool, progress: @escaping @Sendable (String, Int) -> Void = { _, _ in }
  ) async throws -> Report {
    try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      // Reads the whole books: the time-out of ordinary requests is not for it.
      try await tx.execute("SET LOCAL statement_timeout = 0")
      let unfinished = try await tx.first(
        "SELECT id FROM settlements WHERE state = 'planned'", as: UUID.self)
      let checks = [
        try await VerifyPools.run(in: tx) { progress("pools", $0) },
        try await VerifyPostings.pools(in: tx),
        try await VerifyHistory.run(in: tx),
        try await VerifyCounted.run(in: tx),
        try await VerifyPostings.causes(in: tx),
        try await VerifyAccounts.run(in: tx),
        try await VerifyCredits.run(in: tx) { progress("credits", $0) },
        try await VerifyPostings.clearing(finished: unfinished == nil, in: tx),
        try await VerifyDeliveries.run(in: tx),
        try await VerifyFees.run(in: tx),
        try await VerifyPresales.run(in: tx),
        try await VerifyPostings.balances(in: tx),
        try await VerifyPayouts.run(in: tx),
        try await VerifyBooks.days(in: tx),
        try await VerifyBooks.deposits(in: tx),
        try await VerifyBooks.bankDays(in: tx),
        try await VerifyBooks.assertions(in: tx),
        try await VerifyPreviews.run(in: tx),
        try await VerifySales.run(in: tx),
        try await VerifyStatementRows.run(in: tx),
        try await VerifyStatements.run(in: tx) { progress("statements", $0) },
        try await VerifyShares.run(in: tx) { progress("shares", $0) },
        try await VerifyVotes.run(in: tx),
        try await VerifyVotes.holds(in: tx),
        try await VerifyChain.links(in: tx),
        try await VerifyChain.payouts(in: tx),
        try await VerifyChain.settlements(in: tx),
        try await VerifyLines.run(in: tx),
        try await VerifyChain.checkpoints(in: tx),
      ]
      return Report(
        checks: checks, unfinished: unfinished.map(SettlementID.init(uuid:)),
        balances: try await TrialBalance.all(in: tx),
        unproven: try await UnprovenThings.count(in: tx))
    }
  }
}
