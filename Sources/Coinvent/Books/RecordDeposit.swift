import Ledger
import Postgres

/// How recording a deposit ended.
public enum RecordDepositOutcome: Sendable, Equatable {
  /// The same reference came before, with the same amount.
  case repeated
  case recorded
  /// The same reference came before, with another amount: nothing was changed.
  case conflict(Amount)
}

/// Records that money was put into the bank account that is set aside for members, or taken out.
///
/// It comes from what channels have paid, so that it balances against channel revenue.
public struct RecordDeposit: Sendable {
  let amount: Amount
  let reference: String
  let by: MemberID?
  let at: Timestamp

  /// - Parameters:
  ///   - amount: not zero, whole minor units; negative when it was taken out.
  ///   - reference: 1 to 200 characters that name the movement once for all.
  ///   - by: nil from the command line.
  public init(_ amount: Amount, reference: String, by: MemberID?, at: Timestamp) {
    precondition(amount.nanos != 0, "a deposit of nothing moves nothing")
    self.amount = amount
    self.reference = reference
    self.by = by
    self.at = at
  }

  /// What is wrong with an amount: a bank counts whole minor units.
  public static func fault(amount: Amount) -> String? {
    if amount.nanos == 0 { return "must not be zero" }
    let currency = amount.currency
    return amount.nanos % currency.minorUnit == 0
      ? nil : "must have no more than \(currency.minorUnits) digits behind the point"
  }

  public static func fault(reference: String) -> String? {
    (1...200).contains(reference.count) ? nil : "must have 1 to 200 characters"
  }

  public func run(in tx: Transaction) async throws -> RecordDepositOutcome {
    let id = UUID.v7(now: at)
    let added = try await tx.execute(
      """
      INSERT INTO book_deposits (id, currency, amount, reference, made_by, made_at)
      VALUES (\(id), \(amount.currency.code), \(amount.nanos), \(reference), \(by?.uuid), \(at))
      ON CONFLICT (currency, reference) DO NOTHING
      """)
    if added == 0 {
      let nanos = try await tx.one(
        """
        SELECT amount FROM book_deposits
        WHERE currency = \(amount.currency.code) AND reference = \(reference)
        """, as: Int64.self)
      let known = Amount(nanos: nanos, currency: amount.currency)
      return known == amount ? .repeated : .conflict(known)
    }
    let outcome = try await Post.post(transfer(id), in: tx)
    precondition(outcome == .posted, "a new deposit is posted once")
    return .recorded
  }

  private func transfer(_ id: UUID) -> Transfer {
    let bank = Account(.bank, currency: amount.currency)
    let revenue = Account(.channelRevenue, currency: amount.currency)
    let isIn = amount.nanos > 0
    return Transfer(
      home: Account.operator, cause: id, reason: .deposit, from: isIn ? bank : revenue,
      to: isIn ? revenue : bank,
      amount: Amount(nanos: isIn ? amount.nanos : -amount.nanos, currency: amount.currency), at: at)
  }
}
