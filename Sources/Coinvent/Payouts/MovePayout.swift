import Ledger
import Postgres

/// One step of a payout along the state machine: the row, the history, and the books.
struct MovePayout {
  let actor: String
  let note: String?
  let now: Timestamp

  /// Walks the steps, all in the caller's transaction.
  /// - Returns: false when the payout no longer stood where the first step begins.
  func walk(_ payout: Payout, along path: [PayoutState], in tx: Transaction) async throws -> Bool {
    var from = payout.state
    for (index, to) in path.enumerated() {
      guard try await step(payout, from: from, to: to, in: tx) else {
        precondition(index == 0, "payout \(payout.id) was moved inside a transaction that holds it")
        return false
      }
      from = to
    }
    return true
  }

  private func step(
    _ payout: Payout, from: PayoutState, to: PayoutState, in tx: Transaction
  ) async throws -> Bool {
    let number = try await tx.first(
      """
      UPDATE payouts SET state = \(to.rawValue)::text::payout_state, step = step + 1,
        changed_at = \(now)
      WHERE member_id = \(payout.member.uuid) AND id = \(payout.id.uuid)
        AND state = \(from.rawValue)::text::payout_state
      RETURNING step
      """, as: Int32.self)
    guard let number else { return false }
    try await tx.execute(
      """
      INSERT INTO payout_events
        (member_id, payout_id, number, rail, from_state, to_state, actor, note, at)
      VALUES (\(payout.member.uuid), \(payout.id.uuid), \(number),
        \(payout.rail.rawValue)::text::payout_rail, \(from.rawValue)::text::payout_state,
        \(to.rawValue)::text::payout_state, \(actor), \(note), \(now))
      """)
    if let reason = MovePayout.money(to) {
      try await MovePayoutMoney(
        member: payout.member, payout: payout.id, amount: payout.amount, at: now
      ).run(reason, in: tx)
      try await AppendToChain.run(
        ChainPayout(
          payout: payout.id, step: Int(number), member: payout.member, rail: payout.rail,
          from: from, to: to, amount: payout.amount, moment: now
        ).entry, in: tx)
    }
    return true
  }

  /// What reaching a state moves; `payout_transitions.moves` says the same.
  static func money(_ state: PayoutState) -> MovePayoutMoney.Reason? {
    switch state {
    case .paid: .pay
    case .failed: .release
    case .returned: .bounce
    case .requested, .submitting, .submitted, .exported: nil
    }
  }
}
