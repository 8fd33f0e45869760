import Ledger
import Postgres

/// The four movements of a payout in the books. Each can be posted once for each payout.
struct MovePayoutMoney {
  enum Reason { case reserve, pay, release, bounce }

  /// The books did not take a movement that nothing else can have made.
  struct Refused: Error, CustomStringConvertible {
    let payout: PayoutID
    let outcome: PostOutcome
    var description: String {
      "the books refused a movement of payout \(payout) (\(outcome)); run: coinvent verify"
    }
  }

  let member: MemberID
  let payout: PayoutID
  let amount: Amount
  let at: Timestamp

  func run(_ reason: Reason, in tx: Transaction) async throws {
    let outcome = try await Post.post(transfer(reason), mustCover: reason == .reserve, in: tx)
    guard outcome == .posted else { throw Refused(payout: payout, outcome: outcome) }
  }

  private func transfer(_ reason: Reason) -> Transfer {
    switch reason {
    case .reserve: transfer(.reserve, payable, inFlight)
    case .pay: transfer(.pay, inFlight, bank)
    case .release: transfer(.release, inFlight, payable)
    case .bounce: transfer(.bounce, bank, payable)
    }
  }

  private func transfer(_ reason: TransferReason, _ from: Account, _ to: Account) -> Transfer {
    Transfer(
      home: member.uuid, cause: payout.uuid, reason: reason, from: from, to: to, amount: amount,
      at: at)
  }

  private var payable: Account {
    Account(.memberPayable, owner: member.uuid, currency: amount.currency)
  }
  private var inFlight: Account {
    Account(.payoutInFlight, owner: member.uuid, currency: amount.currency)
  }
  private var bank: Account { Account(.bank, currency: amount.currency) }
}
