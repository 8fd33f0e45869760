import Coinvent
import Ledger
import Postgres

extension Story {
  /// A product out of a voted idea, with its inventor; the shares are not locked yet.
  public func product(
    by inventor: MemberID, curator: MemberID, recipe: Recipe = .standard,
    contract: ContractTerms = .standard
  ) async throws -> ProductID {
    let idea = try await idea(by: inventor)
    return try await accept(idea, by: curator, recipe: recipe, contract: contract)
  }

  /// An adopted contribution.
  @discardableResult
  public func contribute(
    _ member: MemberID, to product: ProductID, _ slice: Slice, weight: Int64 = 1,
    at now: Timestamp = .now
  ) async throws -> RecordContributionOutcome {
    try await pool.transaction { tx in
      try await RecordContribution.run(
        product: product, member: member, slice: slice, weight: weight, evidence: "entry",
        by: nil, at: now, in: tx)
    }
  }

  /// Proposes and locks the shares as they stand.
  public func lock(_ product: ProductID) async throws {
    try await pool.transaction { tx in
      _ = try await ProposeShares.run(product: product, disputeDays: 0, by: nil, in: tx)
      _ = try await LockShares.run(product: product, by: nil, in: tx)
    }
  }

  /// Records lines of one source.
  @discardableResult
  public func sell(_ lines: [SaleLine], source: String = "shop") async throws -> [SaleOutcome] {
    try await pool.transaction { tx in
      try await RecordSales.run(lines, source: source, at: .now, in: tx)
    }
  }

  /// Another contract from a moment on, for a reason that does not matter.
  public func amend(
    _ product: ProductID, _ terms: ContractTerms, startsAt: Timestamp? = nil, in tx: Transaction
  ) async throws -> AmendContractOutcome {
    try await AmendContract.run(
      terms, of: product, startsAt: startsAt, reason: "Agreed.", by: nil, in: tx)
  }

  /// A sale line as a test writes it.
  public static func line(
    _ id: String, _ product: ProductID, channel: String = "direct", quantity: Int = 1,
    price: String, discount: String = "0", allowance: String = "0", currency: String = "USD",
    soldAt: String = "2026-01-31T12:00:00Z", returnOf: String? = nil,
    referral: String? = nil
  ) throws -> SaleLine {
    let fields = [
      "external_id": id, "product_id": product.description, "channel": channel,
      "quantity": "\(quantity)", "unit_price": price, "discount": discount,
      "allowance": allowance, "currency": currency, "sold_at": soldAt, "return_of": returnOf,
      "referral": referral,
    ]
    return try SaleLine(at: "") { fields[$0] ?? nil }
  }

  @discardableResult
  public func settle(through: Day? = nil) async throws -> SettleOutcome {
    try await Settle.run(through: through, pool: pool)
  }

  /// What a member was credited in all, as a decimal.
  public func credited(_ member: MemberID, _ currency: String = "USD") async throws -> String {
    let totals = try await Earnings.of(member, in: pool).totals
    guard let total = totals.first(where: { $0.currency.code == currency }) else { return "0.00" }
    return Amount(nanos: total.credited, currency: total.currency).decimal
  }

  /// The pools of a product in one currency, as a decimal.
  public func pools(_ product: ProductID, _ currency: String = "USD") async throws -> String {
    let pools = try await Product.find(product, in: pool)?.pools ?? []
    return pools.first { $0.currency.code == currency }?.decimal ?? "0.00"
  }

  /// Throws with the first thing that is wrong in the books.
  public func verify() async throws {
    if let finding = try await Verify.run(pool: pool).first { throw Surprise("\(finding)") }
  }
}
