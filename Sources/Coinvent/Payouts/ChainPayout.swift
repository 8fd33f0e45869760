import Ledger
import Postgres

/// A step of a payout that moved money for good, as the hash chain has it.
struct ChainPayout: Sendable, Equatable {
  let payout: PayoutID
  /// The number of its event.
  let step: Int
  let member: MemberID
  let rail: PayoutRail
  let from: PayoutState
  let to: PayoutState
  let amount: Amount
  let moment: Timestamp

  /// Whether reaching a state is chained: the ends, where money moves.
  static func chains(_ state: PayoutState) -> Bool { MovePayout.money(state) != nil }

  var text: String {
    """
    coinvent payout v1
    payout \(payout)
    step \(step)
    member \(member)
    rail \(rail.rawValue)
    from \(from.rawValue)
    to \(to.rawValue)
    amount \(NineDigits.text(amount.nanos)) \(amount.currency)
    moment \(moment)

    """
  }

  var entry: ChainEntry {
    ChainEntry(
      kind: .payout, thing: payout.uuid, step: step, content: Digest.sha256(text), moment: moment)
  }
}
