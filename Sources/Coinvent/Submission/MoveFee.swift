import Ledger
import Postgres

/// One step of a fee: its event, its state, and the money that goes with it.
struct MoveFee {
  /// The books did not take a movement that nothing else can have made.
  struct Refused: Error, CustomStringConvertible {
    let idea: IdeaID
    let outcome: PostOutcome
    var description: String {
      "the books refused a movement of the fee of \(idea) (\(outcome)); run: coinvent verify"
    }
  }

  /// Locked by the caller.
  let fee: IdeaFee
  let mover: MemberID?
  let now: Timestamp

  /// Keeps the fee apart.
  /// - Returns: what is payable when that is less than the fee, and nothing has moved.
  func hold(from source: IdeaFee.Source, reason: String, in tx: Transaction) async throws
    -> Amount?
  {
    let from = source == .balance ? payable : bank
    let outcome = try await Post.post(
      transfer(.hold, from, held), mustCover: source == .balance, in: tx)
    switch outcome {
    case .insufficient(let balance):
      return Amount(nanos: balance, currency: fee.amount.currency)
    case .repeated: throw Refused(idea: fee.idea, outcome: outcome)
    case .posted:
      try await record(.held, reason: reason, source: source, in: tx)
      return nil
    }
  }

  func waive(reason: String, in tx: Transaction) async throws {
    try await record(.waived, reason: reason, source: nil, in: tx)
  }

  /// What a submitted idea's next state means for its fee.
  func follow(to state: Idea.State, in tx: Transaction) async throws {
    switch (fee.state, state) {
    case (.held, .open):
      try await post(transfer(.earn, held, earned), in: tx)
      try await record(.earned, reason: "Votes are taken.", source: fee.source, in: tx)
    case (.held, _):
      try await post(transfer(.refund, held, payable), in: tx)
      try await record(
        .refunded, reason: "The idea was \(state.rawValue) before votes were taken.",
        source: fee.source, in: tx)
    case (.due, _):
      try await record(
        .void, reason: "The idea was \(state.rawValue) before the fee was paid.", source: nil,
        in: tx)
    case (.earned, _), (.refunded, _), (.waived, _), (.void, _): break
    }
  }

  private func post(_ transfer: Transfer, in tx: Transaction) async throws {
    let outcome = try await Post.post(transfer, in: tx)
    guard outcome == .posted else { throw Refused(idea: fee.idea, outcome: outcome) }
  }

  private func record(
    _ state: IdeaFee.State, reason: String, source: IdeaFee.Source?, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO fee_events (idea_id, number, old_state, new_state, reason, changed_by,
                              changed_at)
      VALUES (\(fee.idea.uuid), \(fee.step + 1), \(fee.state), \(state), \(reason),
              \(mover?.uuid), \(now))
      """)
    try await tx.execute(
      """
      UPDATE idea_fees SET state = \(state), step = \(fee.step + 1), source = \(source)
      WHERE idea_id = \(fee.idea.uuid)
      """)
  }

  private func transfer(_ reason: TransferReason, _ from: Account, _ to: Account) -> Transfer {
    Transfer(
      home: fee.member.uuid, cause: fee.idea.uuid, reason: reason, from: from, to: to,
      amount: fee.amount, at: now)
  }

  private var currency: Currency { fee.amount.currency }
  private var payable: Account {
    Account(.memberPayable, owner: fee.member.uuid, currency: currency)
  }
  private var held: Account { Account(.feesHeld, owner: fee.member.uuid, currency: currency) }
  private var earned: Account { Account(.feesEarned, currency: currency) }
  private var bank: Account { Account(.bank, currency: currency) }
}
