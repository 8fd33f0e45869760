import Coinvent
import Ledger
import Postgres

extension Story {
  /// Opens a presale in dollars. The last price has no limit.
  @discardableResult
  public func presale(
    of product: ProductID, target: Int64, prices: [(String, Int64?)] = [("25.00", nil)],
    by curator: MemberID, lasting: Duration = .seconds(3600), at now: Timestamp = .now
  ) async throws -> Presale {
    let tiers = try prices.map {
      (unitPrice: try Amount.nanos(decimal: $0.0), limit: $0.1)
    }
    let terms = OpenPresale.Terms(
      target: target, endsAt: now + lasting, currency: Story.dollars, tiers: tiers)
    let outcome = try await pool.transaction {
      try await OpenPresale.run(terms, of: product, by: curator, at: now, in: $0)
    }
    guard case .opened(let presale) = outcome else { throw Surprise("\(outcome)") }
    return presale
  }

  @discardableResult
  public func commit(
    _ member: MemberID, to product: ProductID, units: Int64 = 1, method: String = "pm_visa",
    at now: Timestamp = .now
  ) async throws -> Commitment {
    let action = MakeCommitment(
      product: product, member: member, units: units, method: method, now: now)
    let outcome = try await pool.transaction { try await action.run(in: $0) }
    guard case .made(let commitment) = outcome else { throw Surprise("\(outcome)") }
    return commitment
  }

  @discardableResult
  public func cancel(_ commitment: Commitment, at now: Timestamp = .now) async throws
    -> CancelCommitment.Outcome
  {
    try await pool.transaction {
      try await CancelCommitment.run(
        commitment.id, of: commitment.product, by: commitment.member, at: now, in: $0)
    }
  }

  /// Starts production before the end.
  @discardableResult
  public func produce(_ product: ProductID, by curator: MemberID, at now: Timestamp = .now)
    async throws -> EndPresale.Outcome
  {
    try await pool.transaction {
      try await EndPresale.early(
        product, reason: "The factory is ready.", by: curator, at: now, in: $0)
    }
  }

  @discardableResult
  public func stop(_ product: ProductID, by curator: MemberID, at now: Timestamp = .now)
    async throws -> StopPresale.Outcome
  {
    try await pool.transaction {
      try await StopPresale.run(
        product, reason: "The mould broke.", by: curator, at: now, in: $0)
    }
  }

  /// The code of a member's referral link.
  public func referral(_ member: MemberID, _ product: ProductID) async throws -> String {
    let outcome = try await pool.transaction {
      try await MakeReferral.run(product, by: member, in: $0)
    }
    switch outcome {
    case .made(let referral), .repeated(let referral): return referral.code
    case .unknownProduct: throw Surprise("there is no such product")
    }
  }

  /// The commitment as it stands now.
  public func standing(_ commitment: Commitment) async throws -> Commitment {
    guard let now = try await Commitment.find(commitment.id, of: commitment.product, in: pool)
    else { throw Surprise("\(commitment.id) is gone") }
    return now
  }
}
