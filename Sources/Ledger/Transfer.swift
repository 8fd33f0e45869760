import Postgres

/// Why money moved.
public enum TransferReason: String, Sendable, CaseIterable {
  case pool, credit, deliver, reserve, pay, release, bounce, deposit, correct
  case hold, earn, refund
  /// From a member who has left, to the house.
  case give
  /// A commitment of a presale that was charged, and one whose money went back.
  case capture, repay
  /// A referrer's part of a pool.
  case refer
}

/// One movement of a positive amount between two accounts of the same currency.
///
/// Its natural key is (home, cause, reason, currency, both owners): posting it twice is a no-op.
public struct Transfer: Sendable {
  /// The work or the member the row belongs to; both sides balance inside it.
  public let home: UUID
  /// The settlement, payout or deposit that caused it.
  public let cause: UUID
  public let reason: TransferReason
  public let from: Account
  public let to: Account
  public let amount: Amount
  public let at: Timestamp
  /// The cause of the transfer that this one takes back; only with reason `.correct`.
  public let corrects: UUID?

  public init(
    home: UUID, cause: UUID, reason: TransferReason, from: Account, to: Account, amount: Amount,
    at: Timestamp, corrects: UUID? = nil
  ) {
    precondition(
      from.currency == amount.currency && to.currency == amount.currency, "currencies never mix")
    precondition(amount.nanos > 0, "a transfer moves a positive amount")
    self.home = home
    self.cause = cause
    self.reason = reason
    self.from = from
    self.to = to
    self.amount = amount
    self.at = at
    self.corrects = corrects
  }
}
