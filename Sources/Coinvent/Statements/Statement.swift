import JSON
import Ledger
import Postgres

/// What a period brought a member: what was owed before, every line of it, and what is owed after.
///
/// It follows from rows that never change; its canonical JSON has a SHA-256, which is kept when the
/// statement is made.
public struct Statement: Sendable {
  public struct Product: Sendable {
    public let id: ProductID
    /// As it was called then.
    public let name: String
    public let lines: [StatementLine]
    public var credited: Int64 { lines.reduce(0) { $0 + $1.amount } }
  }

  /// Something else that changed what the member is owed.
  public struct Movement: Sendable {
    public enum Kind: String, CaseIterable, Sendable, PostgresDecodable {
      case paid, bounced, fee
      case feeRefund = "fee_refund"
      case tax, given, adjustment
    }

    public let kind: Kind
    /// The payout, the idea, the settlement that was corrected …
    public let cause: UUID
    /// What it did to what is owed, in nanos.
    public let amount: Int64
    public let at: Timestamp
    public let isNew: Bool

    /// As it is called elsewhere, a payout by its id.
    public var causeID: String {
      switch kind {
      case .paid, .bounced: PayoutID(uuid: cause).description
      default: cause.description
      }
    }
  }

  public struct Account: Sendable {
    public let currency: Currency
    /// All in nanos; owed is what is payable or on its way.
    public let opening: Int64
    public let credited: Int64
    public let moved: Int64
    public let closing: Int64
    /// Of the closing balance, in payouts whose outcome was open.
    public let inFlight: Int64
    public let products: [Product]
    public let movements: [Movement]
    /// The closing balance of the version before; nil in the first one.
    public let closingBefore: Int64?

    /// Nanos of the account's currency, as a decimal.
    public func decimal(_ nanos: Int64) -> String {
      Amount(nanos: nanos, currency: currency).decimal
    }

    public func total(_ kind: Movement.Kind) -> Int64 {
      movements.reduce(0) { $0 + ($1.kind == kind ? $1.amount : 0) }
    }
  }

  public let member: MemberID
  public let period: PeriodID
  public let periodName: String
  public let through: Day
  /// From 1; a period that was reopened has others.
  public let version: Int
  /// Which form it has, sentences and all. A statement is made anew whenever it is read: whoever
  /// changes a word makes another form, and keeps this one for the statements that have it.
  ///
  /// - 1: pools that did not change are left out; of a reserve there is only what it changed by.
  /// - 2: they are told; a reserve says its percentage, and what is held apart from what is
  ///   released.
  /// - 3: sales say how many of the units came back, which of them were sold before the period,
  ///   and prices, steps and minimums of contracts with terms; reserves what they have in all,
  ///   recoupment the advances and costs, and what of them is open; payouts have their ids.
  public let format: Int
  public let madeAt: Timestamp
  public let accounts: [Account]

  /// Of statements that are made from now on.
  public static let newestFormat = 3

  /// What its hash is of, and what is served.
  public var bytes: [UInt8] {
    var json = JSONWriter(reserving: 4096)
    write(to: &json)
    return json.bytes
  }

  public var sha256: [UInt8] { Digest.sha256(bytes) }
}
