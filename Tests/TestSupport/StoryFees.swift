import Coinvent
import Ledger
import Postgres

extension Story {
  public static let dollars = Currency("USD")!

  /// Sets what submitting an idea costs, in dollars.
  public func fee(_ decimal: String, by finance: MemberID, at now: Timestamp = .now) async throws {
    let amount = try Amount(decimal: decimal, currency: Story.dollars)
    try await pool.transaction {
      try await FeeRate.set(amount, by: finance, at: now, in: $0)
    }
  }

  /// Makes a member earn 12.60 USD.
  public func rich(_ member: MemberID, curator: MemberID) async throws {
    let product = try await product(by: member, curator: curator)
    try await lock(product)
    try await sell([Story.line("sale of \(product)", product, price: "100")])
    try await settle()
  }

  @discardableResult
  public func pay(_ idea: IdeaID, _ payment: PayFee.Payment) async throws -> PayFee.Outcome {
    try await pool.transaction { try await PayFee.run(payment, for: idea, in: $0) }
  }

  /// What stands in a member's balance, in dollars.
  public func payable(_ member: MemberID) async throws -> String {
    let balances = try await Balances.of(owner: member.uuid, in: pool)
    return Amount(
      nanos: balances[.memberPayable]?[Story.dollars] ?? 0, currency: Story.dollars
    ).decimal
  }

  public func ideaState(_ idea: IdeaID) async throws -> Idea.State? {
    try await FindIdeas.run([idea], in: pool)[0]?.state
  }
}
