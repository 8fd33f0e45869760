import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct TraceTests {
  @Test func `what came first goes first, and debts are covered by the next credits`() {
    typealias Part = MoneyFlow.Part
    #expect(MoneyFlow.match(credits: [], takings: [3]).isEmpty)
    #expect(MoneyFlow.match(credits: [3], takings: []).isEmpty)
    #expect(
      MoneyFlow.match(credits: [5, 5], takings: [3, 4, 9]) == [
        Part(credit: 0, taking: 0, amount: 3), Part(credit: 0, taking: 1, amount: 2),
        Part(credit: 1, taking: 1, amount: 2), Part(credit: 1, taking: 2, amount: 3),
      ])
    #expect(
      MoneyFlow.match(credits: [2, 2], takings: [2, 2]) == [
        Part(credit: 0, taking: 0, amount: 2), Part(credit: 1, taking: 1, amount: 2),
      ])
  }

  /// No credit is spent twice, no taking is filled beyond its amount, and nothing is left open on
  /// both sides.
  @Test func `every nano is matched once`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let credits = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Int64.random(in: 1...50, using: &random)
      }
      let takings = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Int64.random(in: 1...50, using: &random)
      }
      let parts = MoneyFlow.match(credits: credits, takings: takings)
      #expect(parts.allSatisfy { $0.amount > 0 })
      let (all, taken) = (credits.reduce(0, +), takings.reduce(0, +))
      #expect(parts.reduce(0) { $0 + $1.amount } == min(all, taken))
      for place in credits.indices {
        let used = parts.filter { $0.credit == place }.reduce(0) { $0 + $1.amount }
        #expect(used <= credits[place])
      }
      for place in takings.indices {
        let used = parts.filter { $0.taking == place }.reduce(0) { $0 + $1.amount }
        #expect(used <= takings[place])
      }
    }
  }

  private struct Scene {
    let ada: MemberID
    let product: ProductID
  }

  /// Ada holds 52 % of a product that sold twice; 30 of her 31.20 were paid after the first sale.
  private func sold(_ pool: Pool) async throws -> (Scene, Payout) {
    let story = Story(pool)
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    try await story.sell([
      try Story.line("1", product, quantity: 10, price: "10.20", discount: "2.00")
    ])
    try await story.settle()
    let payout = try await ask(ada, "9.00", pool)
    try await story.sell([
      try Story.line("2", product, channel: "retail", quantity: 20, price: "10.00"),
      try Story.line("3", product, quantity: -1, price: "10.00", returnOf: "1"),
    ])
    try await story.settle()
    return (Scene(ada: ada, product: product), payout)
  }

  private func ask(_ member: MemberID, _ amount: String, _ pool: Pool) async throws -> Payout {
    let usd = try #require(Currency("USD"))
    let request = RequestPayout(
      member: member, wanted: .exactly(try Amount(decimal: amount, currency: usd)), actor: "ada",
      policy: PayoutPolicy(minimum: 1_000_000_000),
      now: .now)
    guard
      case .requested(let payout) = try await pool.transaction({ try await request.run(in: $0) })
    else { throw Surprise("no payout") }
    return payout
  }

  @Test func `a payout is walked back to its sales`() async throws {
    try await withDatabase { pool in
      let (scene, payout) = try await sold(pool)
      let trace = try await pool.transaction { try await TracePayout.run(payout.id, in: $0) }
      let found = try #require(trace)
      let part = try #require(found.parts.first)
      #expect(found.parts.count == 1)
      #expect(part.part.amount == 9_000_000_000)
      #expect(part.part.credit.product == scene.product)
      #expect(part.part.credit.before == 0)
      #expect(part.part.credit.after == 30_000_000_000)
      #expect(part.sales.lines.map(\.units) == [10])
      #expect(part.sales.lines.map(\.earned) == [30_000_000_000])
      #expect(part.sales.sales.map(\.externalID) == ["1"])
      #expect(part.sales.saleCount == 1)
      let sale = try #require(part.sales.sales.first)
      #expect(sale.discount == 2_000_000_000 && sale.deductions == 0 && sale.returnOf == nil)
      let none = try await pool.transaction {
        try await TracePayout.run(PayoutID(uuid: UUID.v7()), in: $0)
      }
      #expect(none == nil)
    }
  }

  @Test func `what a contract holds back and keeps is told beside the sales`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let contract = try Ledgerless.terms(
        "net",
        #"""
        "rules":[{"channel":"retail","rate_ppm":80000,"minimum_per_unit":{"USD":"1.10"}}],
        "advances":[{"name":"launch","amount":"30.00","currency":"USD"}],
        "reserve":{"ppm":250000,"period":"month","held":1}
        """#)
      let product = try await story.product(by: ada, curator: curator, contract: contract)
      try await story.lock(product)
      try await story.sell([
        Story.line("1", product, quantity: 60, price: "10.00", soldAt: "2026-01-10"),
        Story.line(
          "2", product, channel: "retail", quantity: 3, price: "12.00", soldAt: "2026-01-10"),
      ])
      try await story.settle(through: Day("2026-01-31"))
      let outcome = try await pool.transaction {
        try await TraceShare.run(ada, of: product, in: $0)
      }
      guard case .found(let trace) = outcome else { throw Surprise("\(outcome)") }
      let credit = try #require(trace.credits.first)
      // 63.30 earned, a quarter held back, 30 of the rest for the advance, which was paid.
      #expect(
        credit.credit.sentences(credit.sales).dropLast() == [
          "direct: 60 units, base 600.00 × 10 % = 60.00 USD",
          "retail: 3 units, base 36.00 at 8 % or the minimum per unit makes 3.30 USD",
          "15.825 USD is held back against returns",
          "30.00 USD is kept for advances and costs", "30.00 USD is paid ahead",
        ])
      #expect(credit.credit.after == 47_475_000_000)
    }
  }

  @Test func `a share is walked to its payouts, and all of it is accounted for`() async throws {
    try await withDatabase { pool in
      let (scene, payout) = try await sold(pool)
      let outcome = try await pool.transaction {
        try await TraceShare.run(scene.ada, of: scene.product, in: $0)
      }
      guard case .found(let trace) = outcome else { throw Surprise("\(outcome)") }
      #expect(trace.share.events.contains { $0.event.slice == .inventor })
      #expect(trace.credits.count == 2)
      #expect(trace.credits[0].parts.map(\.taking.payout) == [payout.id])
      #expect(
        trace.credits[1].sales.lines.map { "\($0.channel) \($0.units)" } == [
          "direct -1", "retail 20",
        ])
      #expect(trace.credits[1].sales.sales.map(\.externalID).sorted() == ["2", "3"])
      let payable = try await Balances.of(owner: scene.ada.uuid, in: pool)[.memberPayable]
      let usd = try #require(Currency("USD"))
      #expect(trace.credits.reduce(0) { $0 + $1.left } == payable?[usd])
      let words = trace.credits[0].credit.sentences(trace.credits[0].sales)
      #expect(words.first == "direct: 10 units, base 100.00 × 30 % = 30.00 USD")
      let unknown = try await pool.transaction {
        try await TraceShare.run(scene.ada, of: ProductID(uuid: UUID.v7()), in: $0)
      }
      guard case .unknownProduct = unknown else { throw Surprise("\(unknown)") }
      let later = try await pool.transaction {
        try await TraceShare.run(scene.ada, of: scene.product, version: 2, in: $0)
      }
      guard case .unknownVersion = later else { throw Surprise("\(later)") }
    }
  }
}
