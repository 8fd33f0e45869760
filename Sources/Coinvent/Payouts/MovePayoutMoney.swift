import Ledger
import Postgres

/// The four movements of a payout in the books. Each can be posted once for each payout.
struct MovePayoutMoney {
  enum Reason { case reserve, pay, release, bounce }

  /// The books did not take a movement that nothing else can have made.
  struct Refused: Error, CustomStringConvertible {
    let payout: PayoutID
    let outcome: String
    var description: String {
      "the books refused a movement of payout \(payout) (\(outcome)); run: coinvent verify"
    }
  }

  let member: MemberID
  let payout: PayoutID
  let amount: Amount
  let at: Timestamp

  func run(_ reason: Reason, in tx: Transaction) async throws {
    let outcomes = try await Post.post([transfer(reason)], in: tx)
    guard outcomes == [.posted] else {
      throw Refused(payout: payout, outcome: "\(outcomes)")
    }
  }

  private func transfer(_ reason: Reason) -> Transfer {
    switch reason {
    case .reserve: transfer(.reserve, payable, inFlight, mustCover: true)
    case .pay: transfer(.pay, inFlight, bank)
    case .release: transfer(.release, inFlight, payable)
    case .bounce: transfer(.bounce, bank, payable)
    }
  }

  private func transfer(
    _ reason: TransferReason, _ from: Account, _ to: Account, mustCover: Bool = false
  ) -> Transfer {
    Transfer(
      home: member.uuid, cause: payout.uuid, reason: reason, from: from, to: to, amount: amount,
      at: at, mustCover: mustCover)
  }

  private var payable: Account {
    Account(kind: .memberPayable, owner: member.uuid, currency: amount.currency)
  }
  private var inFlight: Account {
    Account(kind: .payoutInFlight, owner: member.uuid, currency: amount.currency)
  }
  private var bank: Account {
    Account(kind: .bank, owner: UUID(high: 0, low: 0), currency: amount.currency)
  }
}
