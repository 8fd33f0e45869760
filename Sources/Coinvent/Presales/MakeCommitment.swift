import Ledger
import Postgres

/// Takes a member's word to buy; the price is fixed with it.
///
/// The presale is locked, so that of many who want the last units of a price exactly those get it
/// for whom there are enough; the others get the next price.
public struct MakeCommitment: Sendable {
  public enum Outcome: Sendable {
    case made(Commitment)
    /// The product has no presale.
    case none
    /// No commitments are taken any more.
    case ended(Presale)
    /// The price has become higher than the member accepts.
    case priceTooHigh(Amount)
    /// The presale has all units that it can count.
    case tooMany
    /// Nobody has such a referral code for the product.
    case unknownReferral
    /// The referral code is the member's own.
    case ownReferral
  }

  let product: ProductID
  let member: MemberID
  let units: Int64
  let method: String
  /// The highest price of a unit that the member accepts, in nanos; nil: any.
  let accepts: Int64?
  /// The code of the link that the member came by.
  let referral: String?
  let now: Timestamp

  public init(
    product: ProductID, member: MemberID, units: Int64, method: String, accepts: Int64? = nil,
    referral: String? = nil, now: Timestamp
  ) {
    self.product = product
    self.member = member
    self.units = units
    self.method = method
    self.accepts = accepts
    self.referral = referral
    self.now = now
  }

  /// - Throws: `Invalid` for units or a method that cannot be.
  public func run(in tx: Transaction) async throws -> Outcome {
    try Invalid.refuse(faults)
    guard let presale = try await Presale.holdLatest(of: product, in: tx) else { return .none }
    guard presale.state == .open, now < presale.endsAt else { return .ended(presale) }
    guard presale.units + units <= PresaleTier.units.upperBound else { return .tooMany }
    var referrer: Referral?
    if let referral {
      referrer = try await Referral.find(referral, of: product, in: tx)
      guard let referrer else { return .unknownReferral }
      if referrer.member == member { return .ownReferral }
    }
    let tiers = try await PresaleTier.all(of: presale, in: tx)
    guard let tier = tiers.first(where: { $0.free ?? .max >= units }) else {
      preconditionFailure("the last price of a presale has no limit")
    }
    if let accepts, tier.unitPrice > accepts {
      return .priceTooHigh(Amount(nanos: tier.unitPrice, currency: presale.currency))
    }
    try await CountUnits.add(units, tier: tier.position, presale, in: tx)
    return .made(try await insert(presale, tier, referrer, tx))
  }

  private var faults: [Invalid.Fault] {
    var found: [Invalid.Fault] = []
    if !Commitment.units.contains(units) {
      found.append(("/units", "must be 1 to \(Commitment.units.upperBound)"))
    }
    if let fault = MakeCommitment.fault(method: method) { found.append(("/method", fault)) }
    return found
  }

  /// What is wrong with a provider's name of a payment method; nil when nothing is.
  static func fault(method: String) -> String? {
    let isGood =
      (1...200).contains(method.utf8.count) && method.utf8.allSatisfy { (33...126).contains($0) }
    return isGood ? nil : "must be what the payment provider calls it: 1 to 200 visible ASCII"
  }

  private func insert(
    _ presale: Presale, _ tier: PresaleTier, _ referrer: Referral?, _ tx: Transaction
  ) async throws -> Commitment {
    let id = CommitmentID.new(at: now)
    let commitment = try await tx.one(
      """
      INSERT INTO commitments (product_id, id, presale, member_id, tier, units, unit_price,
                               currency, unit, state, step, method, referral, referrer_id, made_at,
                               changed_at)
      VALUES (\(product.uuid), \(id.uuid), \(presale.number), \(member.uuid), \(tier.position),
              \(units), \(tier.unitPrice), \(presale.currency.code),
              \(presale.currency.minorUnit), 'committed', 1, \(method), \(referrer?.code),
              \(referrer?.member.uuid), \(now), \(now))
      RETURNING \(Commitment.columns)
      """, of: Commitment.self)
    try await tx.execute(
      """
      INSERT INTO commitment_events (product_id, commitment_id, number, to_state, actor, at)
      VALUES (\(product.uuid), \(id.uuid), 1, 'committed', 'member', \(now))
      """)
    return commitment
  }
}

/// Counts units of a presale and of one of its prices, both held by the caller.
enum CountUnits {
  /// - Parameter units: less than zero when they become free again.
  static func add(_ units: Int64, tier: Int, _ presale: Presale, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE presale_tiers SET taken = taken + \(units)
      WHERE product_id = \(presale.product.uuid) AND presale = \(presale.number)
        AND position = \(tier)
      """)
    try await tx.execute(
      """
      UPDATE presales SET units = units + \(units)
      WHERE product_id = \(presale.product.uuid) AND number = \(presale.number)
      """)
  }
}
