import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Books in which everything that a settlement can do has been done: for tests that change them
/// behind everybody's back.
///
/// Four settlements. The first two are told in statements, the third takes a report back, the last
/// is not told yet.
struct TamperedBooks {
  let scene: SalesScene
  let members: [MemberID]
  let products: [ProductID]

  private var story: Story { scene.story }

  init(_ pool: Pool) async throws {
    scene = try await SalesScene(pool, contract: try Self.lamp)
    let story = scene.story
    members = try await story.crowd(2)
    let curator = try await story.member("someone", role: .curator)
    var products = [scene.product]
    for terms in [try Self.shade, try Self.hook, try Self.cord] {
      let product = try await story.product(by: members[0], curator: curator, contract: terms)
      try await story.contribute(members[1], to: product, .naming)
      try await story.lock(product)
      products.append(product)
    }
    products.append(try await story.product(by: members[1], curator: curator))
    self.products = products
    try await tell(pool)
    try await story.verify()
  }

  private func tell(_ pool: Pool) async throws {
    let codes = [try await referral(2, pool), try await referral(3, pool)]
    try await sell(January.lines(products, codes))
    try await story.period("2026-01")
    let wrong = try await februaryReport()
    try await sell(February.lines(products))
    try await story.openPeriod("2026-02")
    let limits = try #require(ApprovalLimits("USD 0.01"))
    try await story.previewPeriod("2026-02", limits: limits, by: members[0])
    let finance = try await story.member("finance", role: .finance)
    try await story.approvePeriod("2026-02", by: finance)
    try await story.publishPeriod("2026-02")
    let withdrawn = try await pool.transaction { tx in
      try await WithdrawReport.run(
        wrong, reason: "of another shop", by: members[0], at: .now, in: tx)
    }
    #expect(withdrawn == .withdrawn(lines: 2))
    try await sell(March.lines(products, codes))
    try await story.openPeriod("2026-03")
    try await story.settle(through: Day("2026-03-31"))
    try await story.pay(members[0])
    try await story.pay(members[0], "EUR", marks: [.paid, .returned])
    try await story.period("2026-03")
    try await sell(April.lines(products, codes))
    let amended = try await pool.transaction { tx in
      try await story.amend(products[3], try Self.cordLater, in: tx)
    }
    #expect(amended == .opened(version: 2))
    let later = (Timestamp.now + .seconds(5)).description
    let last = ["discount": "0.20", "referral": codes[1]]
    try await sell([line("i1", products[3], 3, "9.99", on: later, last)])
    try await story.settle()
    _ = try await KeepProof.run(key: nil, everything: true, in: pool)
  }

  private func referral(_ product: Int, _ pool: Pool) async throws -> String {
    let made = try await pool.transaction {
      try await MakeReferral.run(products[product], by: scene.ada, in: $0)
    }
    guard case .made(let referral) = made else { throw Surprise("\(made)") }
    return referral.code
  }

  private func sell(_ lines: [[String: String]]) async throws {
    let outcomes = try await story.sell(
      try lines.map { fields in
        try SaleLine(at: "", deductions: ["shipping", "wrap"]) { fields[$0] }
      })
    #expect(outcomes.allSatisfy { if case .recorded = $0 { true } else { false } })
  }

  /// A shop that means the lamp by a number of its own.
  private func februaryReport() async throws -> SaleReportID {
    try await scene.name("L-1")
    let report = try await scene.take(
      """
      external_id,product_id,channel,quantity,unit_price,discount,currency,sold_at,territory
      1,L-1,direct,3,19.00,2.00,USD,2026-02-03,US
      2,L-1,retail,2,18.50,0,USD,2026-02-04,DE

      """)
    #expect(report.recorded == 2)
    guard let id = report.id else { throw Surprise("the report has no id") }
    return id
  }

  // MARK: Contracts

  /// Everything but referrers.
  private static var lamp: ContractTerms {
    get throws {
      try terms(
        #"""
        {"base": "net", "rates": {"direct": 100000, "retail": 80000},
         "deductions": [{"name": "discount"}, {"name": "shipping", "cap_ppm": 50000}],
         "deductions_cap_ppm": 150000,
         "rules": [
           {"channel": "direct", "territory": "US", "rate_ppm": 120001, "by": "units",
            "counter": "lamps", "steps": [{"above": "10", "rate_ppm": 200003}]},
           {"channel": "retail", "format": "boxed", "rate_ppm": 90001, "by": "money",
            "currency": "USD", "steps": [{"above": "100.00", "rate_ppm": 150007}]},
           {"channel": "retail", "territory": "DE", "rate_ppm": 100000,
            "minimum_per_unit": {"USD": "2.50"}}],
         "opening": [{"counter": "lamps", "units": "4"}],
         "advances": [{"name": "launch", "amount": "40.00", "currency": "USD", "order": 2}],
         "costs": [{"name": "mould", "amount": "30.00", "currency": "USD", "order": 1,
                    "share_ppm": 500001}],
         "guarantees": [{"name": "start", "amount": "90.00", "currency": "USD",
                         "from": "2026-01", "until": "2026-02"}],
         "reserve": {"ppm": 200003, "period": "month", "held": 1}, "collateral": "series"}
        """#)
    }
  }

  /// Pays for the lamp's advance as well.
  private static var shade: ContractTerms {
    get throws {
      try terms(
        #"""
        {"base": "list", "rates": {"direct": 100000, "retail": 50000},
         "list_prices": {"USD": "12.345"},
         "costs": [{"name": "print", "amount": "7.00", "currency": "USD"}],
         "collateral": "series"}
        """#)
    }
  }

  /// Steps, and referrers.
  private static var hook: ContractTerms {
    get throws {
      try terms(
        #"""
        {"base": "gross", "rates": {"direct": 100000, "retail": 50000}, "referral_ppm": 100003,
         "rules": [{"channel": "direct", "rate_ppm": 100001, "by": "units",
                    "steps": [{"above": "3", "rate_ppm": 250000}]}]}
        """#)
    }
  }

  /// Nothing beyond rates and referrers.
  private static var cord: ContractTerms {
    get throws {
      try terms(
        #"{"base": "net", "rates": {"direct": 300000, "retail": 100000}, "referral_ppm": 50000}"#)
    }
  }

  private static var cordLater: ContractTerms {
    get throws {
      try terms(
        #"{"base": "gross", "rates": {"direct": 250000, "retail": 90000}, "referral_ppm": 60000}"#)
    }
  }

  private static func terms(_ text: String) throws -> ContractTerms {
    try ContractTerms(json: try JSON.parse(text))
  }
}

/// A line of a report as fields by name.
private func line(
  _ id: String, _ product: ProductID, _ quantity: Int, _ price: String, on day: String,
  _ more: [String: String] = [:]
) -> [String: String] {
  [
    "external_id": id, "product_id": product.description, "channel": "direct",
    "quantity": "\(quantity)", "unit_price": price, "currency": "USD", "sold_at": day,
  ].merging(more) { $1 }
}

private enum January {
  static func lines(_ products: [ProductID], _ codes: [String]) -> [[String: String]] {
    let (lamp, shade, hook, cord) = (products[0], products[1], products[2], products[3])
    return [
      line("a1", lamp, 9, "20.00", on: "2026-01-05", ["territory": "US", "discount": "3.33"]),
      line(
        "a2", lamp, 8, "18.00", on: "2026-01-06",
        ["channel": "retail", "format": "boxed", "deduction_shipping": "9.00"]),
      line(
        "a3", lamp, 4, "16.00", on: "2026-01-07",
        ["channel": "retail", "territory": "DE", "deduction_wrap": "1.00"]),
      line("a4", lamp, 2, "21.00", on: "2026-01-08", ["currency": "EUR", "allowance": "1.00"]),
      line("a5", lamp, 1, "10.00", on: "2026-01-08", ["currency": "EUR", "territory": "FR"]),
      line("b1", shade, 5, "11.00", on: "2026-01-09"),
      line("b2", shade, 3, "11.00", on: "2026-01-09", ["list_price": "14.00", "format": "paper"]),
      line("a6", lamp, 3, "17.00", on: "2026-01-08", ["channel": "retail", "territory": "FR"]),
      line("b3", shade, 1, "11.00", on: "2026-01-09", ["channel": "retail"]),
      line("c1", hook, 5, "4.00", on: "2026-01-10", ["referral": codes[0], "discount": "0.40"]),
      line("c2", hook, 1, "4.00", on: "2026-01-10", ["channel": "retail"]),
      line("d1", cord, 3, "9.99", on: "2026-01-11", ["referral": codes[1], "discount": "0.10"]),
      line("d2", cord, 2, "7.77", on: "2026-01-12", ["channel": "retail", "currency": "EUR"]),
      line("e1", products[4], 1, "5.00", on: "2026-01-13"),
    ]
  }
}

private enum February {
  static func lines(_ products: [ProductID]) -> [[String: String]] {
    [
      line("f1", products[0], -2, "20.00", on: "2026-02-10", ["return_of": "a1"]),
      line("f2", products[1], 6, "11.00", on: "2026-02-11"),
      line("f3", products[2], -3, "4.00", on: "2026-02-12", ["return_of": "c1"]),
      line("f4", products[3], -1, "9.99", on: "2026-02-12", ["return_of": "d1"]),
      line("f5", products[4], 2, "5.00", on: "2026-02-13"),
    ]
  }
}

private enum March {
  static func lines(_ products: [ProductID], _ codes: [String]) -> [[String: String]] {
    [
      line("g1", products[0], 30, "20.00", on: "2026-03-10", ["territory": "US"]),
      line("g2", products[1], 9, "11.00", on: "2026-03-11"),
      line("g3", products[2], 4, "4.00", on: "2026-03-12", ["referral": codes[0]]),
      line("g4", products[3], 40, "9.99", on: "2026-03-12", ["referral": codes[1]]),
      line("g5", products[3], 9, "8.88", on: "2026-03-12", ["currency": "EUR"]),
    ]
  }
}

private enum April {
  static func lines(_ products: [ProductID], _ codes: [String]) -> [[String: String]] {
    [
      line("h7", products[4], 1, "5.00", on: "2026-04-12"),
      line("h1", products[0], 7, "19.00", on: "2026-04-10", ["territory": "US"]),
      line("h2", products[0], -3, "20.00", on: "2026-04-11", ["return_of": "g1"]),
      line(
        "h3", products[0], 6, "18.00", on: "2026-04-11", ["channel": "retail", "format": "boxed"]),
      line("h4", products[1], -1, "11.00", on: "2026-04-12", ["return_of": "g2"]),
      line("h5", products[2], 2, "4.00", on: "2026-04-12", ["referral": codes[0]]),
      line("h6", products[3], 2, "9.99", on: "2026-04-12", ["referral": codes[1]]),
    ]
  }
}
