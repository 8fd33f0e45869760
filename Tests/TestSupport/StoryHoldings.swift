import Coinvent
import Postgres

extension Story {
  /// Proposes the shares as they stand; the version.
  @discardableResult
  public func propose(_ product: ProductID, days: Int64 = 14) async throws -> Int {
    let outcome = try await pool.transaction {
      try await ProposeShares.run(product: product, disputeDays: days, by: nil, in: $0)
    }
    guard case .proposed(let version, _) = outcome else { throw Surprise("\(outcome)") }
    return version
  }

  public func tryLock(_ product: ProductID) async throws -> LockSharesOutcome {
    try await pool.transaction { try await LockShares.run(product: product, by: nil, in: $0) }
  }

  public func dispute(
    _ product: ProductID, version: Int = 1, by member: MemberID, at now: Timestamp = .now
  ) async throws -> OpenDispute.Outcome {
    try await pool.transaction {
      try await OpenDispute.run(
        product, version: version, text: "The name was mine.", evidence: ["contrib_1"],
        by: member, at: now, in: $0)
    }
  }

  /// A dispute that was opened.
  public func disputed(_ product: ProductID, version: Int = 1, by member: MemberID) async throws
    -> DisputeID
  {
    let outcome = try await dispute(product, version: version, by: member)
    guard case .opened(let dispute) = outcome else { throw Surprise("\(outcome)") }
    return dispute.id
  }

  @discardableResult
  public func answer(
    _ dispute: DisputeID, of product: ProductID, _ answer: EndDispute.Answer,
    by curator: MemberID
  ) async throws -> EndDispute.Outcome {
    try await pool.transaction {
      try await EndDispute.answer(
        dispute, of: product, answer, reason: "We have looked.", by: curator, in: $0)
    }
  }

  @discardableResult
  public func revoke(_ contribution: ContributionID, of product: ProductID) async throws
    -> RevokeContribution.Outcome
  {
    try await pool.transaction {
      try await RevokeContribution.run(
        contribution, of: product, reason: "It was another's.", by: nil, in: $0)
    }
  }

  /// Who holds how much, by the id of a holder; nil is the house.
  public func holdings(_ product: ProductID) async throws -> [MemberID?: Int64] {
    let shares = try await Influence.of(product, in: pool)?.shares ?? []
    return shares.reduce(into: [:]) { $0[$1.member, default: 0] += $1.ppb }
  }
}

extension Story {
  public func offer(
    _ product: ProductID, from giver: MemberID, to taker: MemberID, ppm: Int64 = 1_000_000
  ) async throws -> OfferShare.Outcome {
    try await pool.transaction {
      try await OfferShare.run(ppm, of: product, from: giver, to: taker, in: $0)
    }
  }

  /// An offer that was made.
  public func offered(
    _ product: ProductID, from giver: MemberID, to taker: MemberID, ppm: Int64 = 1_000_000
  ) async throws -> OfferID {
    let outcome = try await offer(product, from: giver, to: taker, ppm: ppm)
    guard case .offered(let offer) = outcome else { throw Surprise("\(outcome)") }
    return offer.id
  }

  @discardableResult
  public func accept(
    _ offer: OfferID, of product: ProductID, by taker: MemberID, at now: Timestamp = .now
  ) async throws -> AnswerOffer.Outcome {
    try await pool.transaction {
      try await AnswerOffer.accept(offer, of: product, by: taker, at: now, in: $0)
    }
  }
}
