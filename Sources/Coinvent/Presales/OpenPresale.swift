import Ledger
import Postgres

/// Opens a presale of a product.
public enum OpenPresale {
  /// What a curator states; none of it changes afterwards but the end.
  public struct Terms: Sendable {
    public let target: Int64
    public let endsAt: Timestamp
    public let channel: String
    public let currency: Currency
    /// In the order in which they are taken; all but the last with a limit of units.
    public let tiers: [(unitPrice: Int64, limit: Int64?)]

    public init(
      target: Int64, endsAt: Timestamp, channel: String = "direct", currency: Currency,
      tiers: [(unitPrice: Int64, limit: Int64?)]
    ) {
      self.target = target
      self.endsAt = endsAt
      self.channel = channel
      self.currency = currency
      self.tiers = tiers
    }

    var faults: [Invalid.Fault] {
      var found: [Invalid.Fault] = []
      if !PresaleTier.units.contains(target) {
        found.append(("/target", "must be 1 to \(PresaleTier.units.upperBound) units"))
      }
      if !(1...20).contains(tiers.count) {
        found.append(("/tiers", "must be 1 to 20 prices"))
      }
      for (index, tier) in tiers.enumerated() {
        found += faults(of: tier, at: index)
      }
      return found
    }

    private func faults(of tier: (unitPrice: Int64, limit: Int64?), at index: Int)
      -> [Invalid.Fault]
    {
      var found: [Invalid.Fault] = []
      let isLast = index == tiers.count - 1
      if tier.unitPrice <= 0 || tier.unitPrice > PresaleTier.highestPrice
        || tier.unitPrice % currency.minorUnit != 0
      {
        found.append(
          ("/tiers/\(index)/unit_price", "must be more than 0, in whole coins, up to 1000000"))
      }
      if isLast != (tier.limit == nil) {
        found.append(
          (
            "/tiers/\(index)/units_limit",
            isLast ? "the last price has no limit" : "only the last price has no limit"
          ))
      }
      if let limit = tier.limit, !PresaleTier.units.contains(limit) {
        found.append(("/tiers/\(index)/units_limit", "must be at least 1"))
      }
      return found
    }
  }

  public enum Outcome: Sendable {
    case opened(Presale)
    case unknownProduct
    /// One is open or being charged.
    case underWay(Presale)
    /// The product's contract says nothing of sales by this channel.
    case unknownChannel
  }

  /// - Throws: `Invalid` for terms with faults.
  public static func run(
    _ terms: Terms, of product: ProductID, by curator: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    var faults = terms.faults
    if terms.endsAt <= now { faults.append(("/ends_at", "must be in the future")) }
    try Invalid.refuse(faults)
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    let last = try await Presale.latest(of: product, in: tx)
    if let last, last.state == .open || last.state == .charging { return .underWay(last) }
    let isKnown = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM contract_rates
                     WHERE product_id = \(product.uuid) AND channel = \(terms.channel))
      """, as: Bool.self)
    guard isKnown else { return .unknownChannel }
    let presale = try await insert(terms, product, (last?.number ?? 0) + 1, curator, now, tx)
    try await Audit.record(
      "presale_opened", on: "\(product)",
      after: ["target": .int(terms.target), "ends_at": .string("\(terms.endsAt)")], by: curator,
      at: now, in: tx)
    try await Notify.post(
      .presale, about: IdeaID(uuid: product.uuid),
      detail: "A presale is open: \(terms.target) units are needed.", by: curator, to: .followers,
      at: now, in: tx)
    return .opened(presale)
  }

  private static func insert(
    _ terms: Terms, _ product: ProductID, _ number: Int, _ curator: MemberID, _ now: Timestamp,
    _ tx: Transaction
  ) async throws -> Presale {
    let presale = try await tx.one(
      """
      INSERT INTO presales (product_id, number, state, target, channel, currency, opened_at,
                            opened_by, ends_at)
      VALUES (\(product.uuid), \(number), 'open', \(terms.target), \(terms.channel),
              \(terms.currency.code), \(now), \(curator.uuid), \(terms.endsAt))
      RETURNING \(Presale.columns)
      """, of: Presale.self)
    try await tx.execute(
      """
      INSERT INTO presale_tiers (product_id, presale, position, unit_price, units_limit)
      SELECT \(product.uuid), \(number), position, unit_price, nullif(units_limit, 0)
      FROM unnest(\(terms.tiers.map(\.unitPrice))::bigint[],
                  \(terms.tiers.map { $0.limit ?? 0 })::bigint[])
        WITH ORDINALITY AS tier (unit_price, units_limit, position)
      """)
    return presale
  }
}
