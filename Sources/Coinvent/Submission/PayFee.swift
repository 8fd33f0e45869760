import Ledger
import Postgres

/// Pays the fee of a submitted idea, which opens when nothing else is in its way.
///
/// The idea is locked first, so that of a payment and another one, or of a payment and a removal,
/// one comes after the other and finds what it did.
public enum PayFee {
  public enum Payment: Sendable {
    /// From what the author may be paid.
    case balance(MemberID)
    /// Received outside, under a name that it has there.
    case outside(source: String, externalID: String, recordedBy: MemberID)
  }

  public enum Outcome: Sendable {
    /// The same payment came before; this is what became of the fee.
    case repeated(IdeaFee)
    case paid(IdeaFee)
    case unknown
    /// Only the author's own balance pays for an idea.
    case notAuthor
    /// That name belongs to the payment for another idea.
    case otherReceipt(IdeaID)
    /// It was paid in another way.
    case paidAlready(IdeaFee)
    /// None was asked for, or it is waived or void.
    case nothingDue
    case balanceTooSmall(Amount, needed: Amount)
    /// The balance was enough before a payout reserved this much.
    case payoutInTheWay(Amount, needed: Amount)
  }

  /// - Throws: `Invalid` for names that cannot be kept.
  public static func run(
    _ payment: Payment, for idea: IdeaID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    let held = try await tx.first(
      "SELECT author_id FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE", as: UUID.self)
    guard let author = held.map(MemberID.init(uuid:)) else { return .unknown }
    let fee = try await IdeaFee.held(idea, in: tx)
    switch payment {
    case .balance(let member):
      guard member == author else { return .notAuthor }
      return try await payFromBalance(fee, at: now, in: tx)
    case .outside(let source, let externalID, let recorder):
      let receipt = Receipt(
        source: source.trimmed, externalID: externalID.trimmed, idea: idea, recorder: recorder)
      try Invalid.refuse(receipt.faults)
      return try await record(receipt, fee, at: now, in: tx)
    }
  }

  private static func payFromBalance(_ fee: IdeaFee?, at now: Timestamp, in tx: Transaction)
    async throws -> Outcome
  {
    guard let fee else { return .nothingDue }
    if fee.source == .balance { return .repeated(fee) }
    if fee.source == .outside { return .paidAlready(fee) }
    guard fee.state == .due else { return .nothingDue }
    let step = MoveFee(fee: fee, mover: fee.member, now: now)
    if let payable = try await step.hold(
      from: .balance, reason: "Paid from the author's balance.", in: tx)
    {
      return try await refusal(fee, payable: payable, in: tx)
    }
    return .paid(try await open(fee.idea, at: now, in: tx))
  }

  private static func refusal(_ fee: IdeaFee, payable: Amount, in tx: Transaction) async throws
    -> Outcome
  {
    let balances = try await Balances.of(owner: fee.member.uuid, in: tx)
    let flying = balances[.payoutInFlight]?[fee.amount.currency] ?? 0
    if flying > 0 && payable.nanos + flying >= fee.amount.nanos {
      return .payoutInTheWay(
        Amount(nanos: flying, currency: fee.amount.currency), needed: fee.amount)
    }
    return .balanceTooSmall(payable, needed: fee.amount)
  }

  private struct Receipt {
    let source: String
    let externalID: String
    let idea: IdeaID
    let recorder: MemberID

    var faults: [Invalid.Fault] {
      [("/source", source.fault(1...100)), ("/external_id", externalID.fault(1...200))]
        .compactMap { pointer, fault in fault.map { (pointer, $0) } }
    }
  }

  private static func record(
    _ receipt: Receipt, _ fee: IdeaFee?, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    if let other = try await owner(of: receipt, in: tx) {
      guard other == receipt.idea, let fee else { return .otherReceipt(other) }
      return .repeated(fee)
    }
    guard let fee else { return .nothingDue }
    if fee.source != nil { return .paidAlready(fee) }
    guard fee.state == .due else { return .nothingDue }
    // Somebody may be recording the same name for another idea: this waits for the end of that.
    let kept = try await tx.execute(
      """
      INSERT INTO fee_receipts (source, external_id, idea_id, recorded_by, recorded_at)
      VALUES (\(receipt.source), \(receipt.externalID), \(receipt.idea.uuid),
              \(receipt.recorder.uuid), \(now))
      ON CONFLICT (source, external_id) DO NOTHING
      """)
    if kept == 0 {
      return .otherReceipt(try await owner(of: receipt, in: tx) ?? receipt.idea)
    }
    let step = MoveFee(fee: fee, mover: receipt.recorder, now: now)
    _ = try await step.hold(
      from: .outside, reason: "Received by \(receipt.source) as \(receipt.externalID).", in: tx)
    return .paid(try await open(fee.idea, at: now, in: tx))
  }

  private static func owner(of receipt: Receipt, in tx: Transaction) async throws -> IdeaID? {
    try await tx.first(
      """
      SELECT idea_id FROM fee_receipts
      WHERE source = \(receipt.source) AND external_id = \(receipt.externalID)
      """, as: UUID.self
    ).map(IdeaID.init(uuid:))
  }

  /// The fee as it is once the idea has opened, if it does.
  private static func open(_ idea: IdeaID, at now: Timestamp, in tx: Transaction) async throws
    -> IdeaFee
  {
    _ = try await OpenSubmission.run(
      idea, reason: "The submission fee is paid.", at: now, in: tx)
    guard let fee = try await IdeaFee.of(idea, in: tx) else {
      preconditionFailure("fees are never deleted")
    }
    return fee
  }
}
