import Ledger
import Postgres

/// A member's word to buy so many units at a price.
public struct CommitmentID: EntityID {
  public static let prefix = "commit"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

public struct Commitment: Sendable {
  /// Units in one commitment.
  public static let units: ClosedRange<Int64> = 1...100
  /// How long a member may give another payment method after one was declined.
  public static let timeForAnotherMethod = Duration.seconds(7 * 86_400)

  public let product: ProductID
  public let id: CommitmentID
  public let presale: Int
  public let member: MemberID
  public let tier: Int
  public let units: Int64
  public let unitPrice: Int64
  public let amount: Amount
  public let state: CommitmentState
  public let step: Int
  /// The provider's name for the payment method, only while it is needed.
  public let method: String?
  /// The code of the link that the member came by.
  public let referral: String?
  public let charge: Int
  public let attempts: Int
  public let firstSentAt: Timestamp?
  public let problem: String?
  public let methodUntil: Timestamp?
  public let madeAt: Timestamp
  public let changedAt: Timestamp

  /// What the provider is told; the same words at every attempt.
  public var order: ChargeOrder {
    ChargeOrder(
      key: "\(id).\(charge)", amount: amount, method: method, reference: id.description)
  }

  /// Whether the provider may have forgotten its key by now.
  func isTooOldToSend(at now: Timestamp) -> Bool {
    guard let firstSentAt else { return false }
    return now - firstSentAt >= PayoutPolicy.keyLifetime
  }
}

/// What a payment provider is asked to take, or to give back.
public struct ChargeOrder: Sendable, Equatable {
  public let key: String
  public let amount: Amount
  /// Nil once the provider has captured it.
  public let method: String?
  public let reference: String
}

extension Commitment: RowDecodable {
  static let columns: Query = """
    product_id, id, presale, member_id, tier, units, unit_price, currency, amount, state, step,
    method, referral, charge, attempts, first_sent_at, problem, method_until, made_at, changed_at
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    id = CommitmentID(uuid: try row.next())
    presale = Int(try row.next(Int32.self))
    member = MemberID(uuid: try row.next())
    tier = Int(try row.next(Int32.self))
    units = try row.next()
    unitPrice = try row.next()
    amount = try row.amount()
    state = try row.known()
    step = Int(try row.next(Int32.self))
    method = try row.next()
    referral = try row.next()
    charge = Int(try row.next(Int32.self))
    attempts = Int(try row.next(Int32.self))
    firstSentAt = try row.next()
    problem = try row.next()
    methodUntil = try row.next()
    madeAt = try row.next()
    changedAt = try row.next()
  }

  public static func find(_ id: CommitmentID, of product: ProductID, in db: some Queryable)
    async throws -> Commitment?
  {
    try await db.first(
      """
      SELECT \(columns) FROM commitments WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """, of: Commitment.self)
  }

  static func hold(_ id: CommitmentID, of product: ProductID, in tx: Transaction) async throws
    -> Commitment?
  {
    try await tx.first(
      """
      SELECT \(columns) FROM commitments WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      FOR NO KEY UPDATE
      """, of: Commitment.self)
  }
}
