import Ledger
import Postgres

/// Money on its way from a member's balance to the outside.
public struct Payout: Sendable {
  public let member: MemberID
  public let id: PayoutID
  public let rail: PayoutRail
  public let origin: PayoutOrigin
  public let amount: Amount
  /// As they were at the request: every retry and every rewritten file says the same.
  public let handle: String
  public let name: String
  public let state: PayoutState
  public let step: Int
  public let attempts: Int
  public let firstSentAt: Timestamp?
  public let batch: BatchID?
  public let providerID: String?
  public let problem: String?
  public let createdAt: Timestamp
  public let changedAt: Timestamp

  public var order: PayoutOrder {
    PayoutOrder(
      key: id.description, amount: amount, recipient: member.description, name: name,
      reference: id.description)
  }

  /// Whether the provider may have forgotten its key by now.
  func isTooOldToSend(at now: Timestamp) -> Bool {
    guard let firstSentAt else { return false }
    return now - firstSentAt >= PayoutPolicy.keyLifetime
  }
}

extension Payout: RowDecodable {
  static let columns: Query = """
    member_id, id, rail::text, origin, currency, amount, handle, name, state::text, step,
    attempts, first_sent_at, batch_id, provider_id, problem, created_at, changed_at
    """

  public init(row: inout RowReader) throws {
    member = MemberID(uuid: try row.next())
    id = PayoutID(uuid: try row.next())
    rail = try row.known()
    origin = try row.known()
    amount = try row.amount()
    handle = try row.next()
    name = try row.next()
    state = try row.known()
    step = Int(try row.next(Int32.self))
    attempts = Int(try row.next(Int32.self))
    firstSentAt = try row.next()
    batch = try row.next(UUID?.self).map { BatchID(uuid: $0) }
    providerID = try row.next()
    problem = try row.next()
    createdAt = try row.next()
    changedAt = try row.next()
  }
}

/// The database holds a word that this program does not know: it is older than the schema.
struct UnknownWord: Error, CustomStringConvertible {
  let type: String
  var description: String { "the database holds a \(type) that this version does not know" }
}

extension RowReader {
  mutating func known<Choice: RawRepresentable>(_ type: Choice.Type = Choice.self) throws
    -> Choice where Choice.RawValue == String
  {
    guard let choice = Choice(rawValue: try next(String.self)) else {
      throw UnknownWord(type: "\(Choice.self)")
    }
    return choice
  }

  /// A currency's code and, in the next column, nanos.
  mutating func amount() throws -> Amount {
    guard let currency = Currency(try next(String.self)) else {
      throw UnknownWord(type: "currency")
    }
    return Amount(nanos: try next(Int64.self), currency: currency)
  }
}
