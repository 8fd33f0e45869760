import Coinvent
import Ledger
import Postgres

extension Story {
  /// A product with its shares locked, half its inventor's and half `others`', who named it.
  public func shared(by inventor: MemberID, with others: [MemberID], curator: MemberID) async throws
    -> ProductID
  {
    let product = try await product(by: inventor, curator: curator)
    for other in others { try await contribute(other, to: product, .naming) }
    try await lock(product)
    return product
  }

  /// A payout of everything payable, by hand, that came to `marks`.
  @discardableResult
  public func pay(_ member: MemberID, _ code: String = "USD", marks: [PayoutMark] = [.paid])
    async throws -> PayoutID
  {
    let payout = try await order(member, code)
    for mark in marks { try await self.mark(payout, mark) }
    return payout
  }

  /// A payout of everything payable, in a file for a person to pay from.
  public func order(_ member: MemberID, _ code: String = "USD") async throws -> PayoutID {
    guard let currency = Currency(code) else { throw Surprise("no currency \(code)") }
    let policy = PayoutPolicy(minimum: 1_000_000_000, automatic: false, rail: .csv)
    let outcome = try await pool.transaction { tx in
      try await RequestPayout(
        member: member, wanted: .everything(currency), actor: "test", policy: policy, now: .now
      ).run(in: tx)
    }
    guard case .requested(let payout) = outcome else { throw Surprise("\(outcome)") }
    let batch = try await pool.transaction { tx in
      try await PayoutBatch.make(actor: "test", now: .now, in: tx)
    }
    guard batch != nil else { throw Surprise("nothing to export") }
    return payout.id
  }

  public func mark(_ payout: PayoutID, _ mark: PayoutMark) async throws {
    let outcome = try await pool.transaction {
      try await MarkPayout(id: payout, mark: mark, actor: "test", now: .now).run(in: $0)
    }
    guard outcome == .marked else { throw Surprise("\(outcome)") }
  }
}
