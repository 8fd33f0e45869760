import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Statements of products whose contract puts something between what sales earn and the pool.
@Suite struct TermsStatementTests {
  /// A lamp with an advance, a cost, a reserve, a guarantee, steps and a minimum. Ada has 42 %.
  private func lamp(_ story: Story) async throws -> (ada: MemberID, ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let terms = try ContractTerms(
      json: try JSON.parse(
        #"""
        {"base": "net", "rates": {"direct": 300000, "retail": 100000},
         "rules": [{"channel": "direct", "rate_ppm": 300000, "by": "units",
                    "steps": [{"above": "25", "rate_ppm": 333333}]},
                   {"channel": "retail", "rate_ppm": 80000, "minimum_per_unit": {"USD": "1.10"}}],
         "advances": [{"name": "launch", "amount": "100.00", "currency": "USD"}],
         "costs": [{"name": "tooling", "amount": "60.00", "currency": "USD",
                    "share_ppm": 500000}],
         "reserve": {"ppm": 250000, "period": "month", "held": 1},
         "guarantees": [{"name": "spring", "amount": "900.00", "currency": "USD",
                         "from": "2026-01", "until": "2026-02"}]}
        """#))
    let lamp = try await story.product(by: ada, curator: curator, contract: terms)
    try await story.lock(lamp)
    return (ada, lamp)
  }

  private func line(
    _ id: String, _ product: ProductID, _ quantity: Int, _ price: String = "19.90",
    on day: String, channel: String = "direct", of sale: String? = nil
  ) throws -> SaleLine {
    try Story.line(
      id, product, channel: channel, quantity: quantity, price: price, soldAt: day, returnOf: sale)
  }

  /// Two months are over: their statements of a member, in USD.
  private func tell(_ story: Story, _ member: MemberID, _ lamp: ProductID) async throws
    -> [Statement.Account]
  {
    try await story.sell([
      line("1", lamp, 20, on: "2026-01-10"),
      line("2", lamp, 3, "12.00", on: "2026-01-11", channel: "retail"),
    ])
    try await story.period("2026-01")
    try await story.sell([
      line("3", lamp, 20, on: "2026-02-10"), line("4", lamp, -4, on: "2026-02-12", of: "1"),
    ])
    try await story.period("2026-02")
    var accounts: [Statement.Account] = []
    for name in ["2026-01", "2026-02"] {
      let statement = try #require(try await story.statement(member, name))
      accounts.append(try #require(statement.accounts.first))
    }
    return accounts
  }

  /// 119.40 + 3.30 are earned. A quarter of 122.70 is held back; the advance takes the 92.025 that
  /// are left, and is credited itself.
  private static let january = [
    "20 units × 19.90 = 398.00 base × 30 % (up to 25 units) = 119.40 pool × 42 % share "
      + "= 50.148",
    "3 units × 12.00 = 36.00 base; 8 % or at least 1.10 a unit make a pool of 3.30 × 42 % share "
      + "= 1.386",
    "−30.675 of the pool, 25 % held back against returns for one month after that of the sale, "
      + "30.675 held in all × 42 % share = −12.8835",
    "−92.025 of the pool, kept for “launch”, “tooling” (67.975 of 160.00 still open) "
      + "× 42 % share = −38.6505",
    "100.00 paid ahead into the pool (“launch”) × 42 % share = 42.00",
  ]

  /// Of 20 units five are below the step; four of January's come back at the 30 % that they were
  /// paid at: 29.85 − 23.88 + 99.4999005 = 105.4699005, of which a quarter is held back. With the
  /// return January has earned 98.82, and a quarter of that is free; February's 32.337475125 are
  /// held. The sum of all time, 228.1699005, less what is held, pays the rest of the advance, and
  /// half of what is then left goes to the tooling: 95.832425375 / 2 is 47.9162126875, so
  /// 147.9162126875 are kept, 55.8912126875 of them now. 671.8300995 are missing to 900.00.
  private static let february = [
    "1 of 16 units (20 sold, 4 returned) × 19.90 = 19.90 base × 30 % (up to 25 units) = 5.97 pool "
      + "× 42 % share = 2.5074",
    "15 of 16 units (20 sold, 4 returned) × 19.90 = 298.50 base × 33.3333 % (above 25 units) "
      + "= 99.4999005 pool × 42 % share = 41.78995821",
    "−26.367475125 of the pool, 25 % held back against returns for one month after that of the "
      + "sale × 42 % share = −11.074339552…",
    "24.705 released from the reserve against returns, 32.337475125 held in all × 42 % share "
      + "= 10.3761",
    "−55.891212687 of the pool, kept for “launch”, “tooling” (12.083787313 of 160.00 still "
      + "open) × 42 % share = −23.474309328…",
    "671.8300995 added up to the 900.00 that “spring” guarantees for 2026-01 to 2026-02 × 42 % "
      + "share = 282.16864179",
  ]

  @Test func `reserve, recoupment, advance and guarantee are lines that add up to the books`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, lamp) = try await lamp(story)
      let accounts = try await tell(story, ada, lamp)
      let lines = accounts.map { $0.products.flatMap(\.lines) }
      #expect(lines[0].map(\.sentence) == Self.january)
      #expect(lines[0].map(\.kind) == [.sales, .sales, .reserve, .recoupment, .advance])
      #expect(lines[1].map(\.sentence) == Self.february + [StatementSentence.rounding])
      #expect(
        lines[1].map(\.kind)
          == [.sales, .sales, .reserve, .reserve, .recoupment, .guarantee, .rounding])
      // 42 % of the pools of 100.00 and 819.746312187 in all, cut once each time.
      #expect(try await story.pools(lamp) == "819.746312187")
      #expect(accounts.map(\.credited) == [42_000_000_000, 302_293_451_118])
      try await addUp(accounts, ada, pool)
      try await story.verify()
    }
  }

  private func addUp(_ accounts: [Statement.Account], _ member: MemberID, _ pool: Pool)
    async throws
  {
    var closing: Int64 = 0
    for account in accounts {
      #expect(account.opening == closing)
      let credited = account.products.flatMap(\.lines).reduce(0) { $0 + $1.amount }
      #expect(credited == account.credited)
      #expect(account.closing == account.opening + credited)
      closing = account.closing
    }
    let owed = try await pool.one(
      "SELECT balance FROM balances WHERE owner = \(member.uuid) AND kind = 'member_payable'",
      as: Int64.self)
    #expect(closing == owed)
  }

  /// Statements that were made before have the first form, and do not tell of them.
  @Test(arguments: [1, 2])
  func `sales that only pay back an advance are told, though they move no money`(format: Int)
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let terms = try ContractTerms(
        json: try JSON.parse(
          #"""
          {"base": "net", "rates": {"direct": 300000},
           "advances": [{"name": "launch", "amount": "100.00", "currency": "USD"}]}
          """#))
      let lamp = try await story.product(by: ada, curator: curator, contract: terms)
      let shelf = try await story.product(by: ada, curator: curator)
      for product in [lamp, shelf] { try await story.lock(product) }
      try await story.sell([line("1", shelf, 1, "100.00", on: "2026-01-10")])
      try await story.period("2026-01")
      try await story.sell([
        line("2", shelf, 1, "100.00", on: "2026-02-10"), line("3", lamp, 2, on: "2026-02-10"),
      ])
      try await story.openPeriod("2026-02")
      try await story.previewPeriod("2026-02")
      try await story.approvePeriod("2026-02")
      if format == 1 {
        await #expect(throws: CancellationError.self) {
          _ = try await PublishPeriod.run("2026-02", by: nil, pool: pool, steps: 1)
        }
        try await pool.execute("UPDATE publications SET format = 1 WHERE done_at IS NULL")
      }
      try await story.publishPeriod("2026-02")
      try await story.verify()
      let statement = try #require(try await story.statement(ada, "2026-02"))
      let account = try #require(statement.accounts.first)
      let found = account.products.first { $0.id == lamp }
      if format == 1 {
        #expect(statement.format == 1 && found == nil)
        return
      }
      let told = try #require(found)
      #expect(
        told.lines.map(\.sentence) == [
          "2 units × 19.90 = 39.80 base × 30 % = 11.94 pool × 42 % share = 5.0148",
          "−11.94 of the pool, kept for “launch” (88.06 of 100.00 still open) × 42 % share "
            + "= −5.0148",
        ])
      try await story.verify()
    }
  }
}
