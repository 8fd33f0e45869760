import Ledger
import Postgres
import Testing

@testable import Coinvent

@Suite struct ExtendedPoolsTests {
  private static let one = ProductID(uuid: UUID(high: 0, low: 1))
  private static let two = ProductID(uuid: UUID(high: 0, low: 2))

  private func key(_ contract: Int = 1, _ share: Int = 1, of product: ProductID = one)
    -> ExtendedPools.Key
  {
    ExtendedPools.Key(
      product: product,
      bucket: PoolBucket(contract: contract, share: share, currency: "USD"))
  }

  /// payable = earned - reserved - recouped + advanced + guaranteed, as text.
  private func figures(_ books: Ledgerless, at day: String, _ contract: Int = 1, _ share: Int = 1)
    throws -> String
  {
    let found = try ExtendedPools.of([try books.pooled()], cutOff: Ledgerless.at(day))
    return text(found[key(contract, share)])
  }

  private func text(_ figures: PoolReckoning?) -> String {
    guard let figures else { return "none" }
    let parts = [
      figures.earned, figures.reserved, figures.recouped, figures.advanced, figures.guaranteed,
    ].map { Ledgerless.decimal($0) }
    return "\(Ledgerless.decimal(figures.payable)) = \(parts[0]) - \(parts[1]) - \(parts[2])"
      + " + \(parts[3]) + \(parts[4])"
  }

  @Test(arguments: [
    ("month", 0, "2027-02-01"), ("month", 2, "2027-04-01"), ("quarter", 0, "2027-04-01"),
    ("quarter", 2, "2027-10-01"), ("half_year", 1, "2028-01-01"), ("year", 0, "2028-01-01"),
  ])
  func `a reserve is held to the end of its periods`(period: String, held: Int, day: String) throws
  {
    var books = try Ledgerless(
      net: #""reserve":{"ppm":250000,"period":"\#(period)","held":\#(held)}"#)
    books.sell(10, at: "10", on: "2027-01-31")
    let release = try #require(Day(day))
    let before = release.start - .microseconds(1)
    let held = try ExtendedPools.of([try books.pooled()], cutOff: before)[key()]
    #expect(text(held) == "7.50 = 10.00 - 2.50 - 0.00 + 0.00 + 0.00")
    #expect(try figures(books, at: day) == "10.00 = 10.00 - 0.00 - 0.00 + 0.00 + 0.00")
  }

  @Test func `each period has a reserve of its own, and none of a loss`() throws {
    var books = try Ledgerless(net: #""reserve":{"ppm":200000,"period":"month","held":1}"#)
    books.sell(10, at: "10", on: "2027-01-31")
    books.sell(20, at: "10", on: "2027-02-02")
    books.sell(-30, at: "10", on: "2027-03-02")
    // January is free from March on, February from April on; March has a loss.
    #expect(
      try figures(books, at: "2027-02-28") == "-6.00 = 0.00 - 6.00 - 0.00 + 0.00 + 0.00")
    #expect(
      try figures(books, at: "2027-03-01") == "-4.00 = 0.00 - 4.00 - 0.00 + 0.00 + 0.00")
    #expect(try figures(books, at: "2027-04-01") == "0.00 = 0.00 - 0.00 - 0.00 + 0.00 + 0.00")
  }

  @Test func `an advance is credited at once and recouped from what is earned`() throws {
    var books = try Ledgerless(
      net: #""advances":[{"name":"a","amount":"30.00","currency":"USD"}]"#)
    #expect(try figures(books, at: "2027-01-01") == "30.00 = 0.00 - 0.00 - 0.00 + 30.00 + 0.00")
    books.sell(20, at: "10")
    #expect(try figures(books, at: "2027-01-11") == "30.00 = 20.00 - 0.00 - 20.00 + 30.00 + 0.00")
    books.sell(20, at: "10")
    #expect(try figures(books, at: "2027-01-12") == "40.00 = 40.00 - 0.00 - 30.00 + 30.00 + 0.00")
  }

  @Test func `without locked shares nothing is advanced or guaranteed yet`() throws {
    var books = try Ledgerless(
      net: #"""
        "advances":[{"name":"a","amount":"30.00","currency":"USD"}],
        "guarantees":[{"name":"g","amount":"9.00","currency":"USD","from":"2027-01",
                       "until":"2027-01"}]
        """#)
    books.shares = []
    let found = try ExtendedPools.of([try books.pooled()], cutOff: Ledgerless.at("2028-01-01"))
    #expect(found.isEmpty)
  }

  @Test func `items are paid back in their order, each up to its share of the rest`() throws {
    var books = try Ledgerless(
      net: #"""
        "advances":[{"name":"a","amount":"10.00","currency":"USD","order":2}],
        "costs":[{"name":"z","amount":"5.00","currency":"USD","order":1,"share_ppm":500000},
                 {"name":"b","amount":"100.00","currency":"USD","order":3,"share_ppm":100000},
                 {"name":"e","amount":"100.00","currency":"EUR","order":1}]
        """#)
    books.sell(8, at: "10")
    // Of 8: z takes 4, a the 4 that are left.
    #expect(try figures(books, at: "2027-01-11") == "10.00 = 8.00 - 0.00 - 8.00 + 10.00 + 0.00")
    books.sell(30, at: "10")
    // Of 38: z 5, a 10, b a tenth of 23.
    #expect(
      try figures(books, at: "2027-01-11") == "30.70 = 38.00 - 0.00 - 17.30 + 10.00 + 0.00")
  }

  @Test func `what is held in reserve pays nothing back`() throws {
    var books = try Ledgerless(
      net: #"""
        "costs":[{"name":"tooling","amount":"100.00","currency":"USD"}],
        "reserve":{"ppm":250000,"period":"month","held":1}
        """#)
    books.sell(10, at: "10")
    #expect(try figures(books, at: "2027-01-11") == "0.00 = 10.00 - 2.50 - 7.50 + 0.00 + 0.00")
    #expect(try figures(books, at: "2027-03-01") == "0.00 = 10.00 - 0.00 - 10.00 + 0.00 + 0.00")
  }

  @Test func `an item that goes on in later versions is taken from the earlier pool first`() throws
  {
    let cost = #""costs":[{"name":"t","amount":"15.00","currency":"USD","share_ppm":1000000}]"#
    let half = #""costs":[{"name":"t","amount":"15.00","currency":"USD","share_ppm":500000}]"#
    var books = Ledgerless(
      try Ledgerless.terms("net", cost), try Ledgerless.terms("net", half),
      try Ledgerless.terms("net", #""collateral":"alone""#))
    books.sell(10, at: "10", on: "2027-01-10")
    books.sell(6, at: "10", on: "2027-02-10")
    books.sell(50, at: "10", on: "2027-03-10")
    #expect(try figures(books, at: "2027-04-01") == "0.00 = 10.00 - 0.00 - 10.00 + 0.00 + 0.00")
    #expect(try figures(books, at: "2027-04-01", 2) == "3.00 = 6.00 - 0.00 - 3.00 + 0.00 + 0.00")
    // The third version does not name it.
    #expect(try figures(books, at: "2027-04-01", 3) == "50.00 = 50.00 - 0.00 - 0.00 + 0.00 + 0.00")
  }

  @Test func `an item exists from the moment its version starts`() throws {
    var books = Ledgerless(
      try Ledgerless.terms("net", ""),
      try Ledgerless.terms("net", #""advances":[{"name":"a","amount":"3.00","currency":"USD"}]"#))
    books.sell(1, at: "10")
    let start = Ledgerless.at("2027-02-01")
    let products = [try books.pooled()]
    #expect(try ExtendedPools.of(products, cutOff: start)[key(2)] == nil)
    let after = try ExtendedPools.of(products, cutOff: start + .microseconds(1))
    #expect(text(after[key(2)]) == "3.00 = 0.00 - 0.00 - 0.00 + 3.00 + 0.00")
  }

  @Test func `an advance goes to the shares in force when its version starts`() throws {
    let advance = #""advances":[{"name":"a","amount":"3.00","currency":"USD"}]"#
    var books = Ledgerless(
      try Ledgerless.terms("net", ""), try Ledgerless.terms("net", advance))
    books.shares = [
      ShareSpan(version: 2, startsAt: Timestamp(microseconds: .min)),
      ShareSpan(version: 4, startsAt: Ledgerless.at("2027-01-15")),
      ShareSpan(version: 5, startsAt: Ledgerless.at("2027-02-15")),
    ]
    let found = try ExtendedPools.of([try books.pooled()], cutOff: Ledgerless.at("2027-03-01"))
    #expect(found.keys.map(\.bucket.share) == [4])
  }

  @Test func `a guarantee tops up what its months earned, when they are over`() throws {
    var books = try Ledgerless(
      net: #"""
        "guarantees":[{"name":"g","amount":"50.00","currency":"USD","from":"2027-02",
                       "until":"2027-03"}]
        """#)
    books.sell(10, at: "10", on: "2027-01-31")
    books.sell(20, at: "10", on: "2027-02-01")
    books.sell(-5, at: "10", on: "2027-04-02", of: 1)
    books.sell(40, at: "10", on: "2027-04-01")
    #expect(try figures(books, at: "2027-03-31") == "65.00 = 65.00 - 0.00 - 0.00 + 0.00 + 0.00")
    #expect(try figures(books, at: "2027-04-01") == "100.00 = 65.00 - 0.00 - 0.00 + 0.00 + 35.00")
    // A sale of the window that is reported late makes the top-up smaller by what it earns.
    books.sell(10, at: "10", on: "2027-03-31")
    #expect(try figures(books, at: "2027-04-02") == "100.00 = 75.00 - 0.00 - 0.00 + 0.00 + 25.00")
    books.sell(100, at: "10", on: "2027-03-31")
    #expect(
      try figures(books, at: "2027-04-02") == "175.00 = 175.00 - 0.00 - 0.00 + 0.00 + 0.00")
  }

  @Test func `a top-up goes to the versions in force at the end of its months`() throws {
    let guarantee = #"""
      "guarantees":[{"name":"g","amount":"5.00","currency":"USD","from":"2027-01",
                     "until":"2027-01"}]
      """#
    var books = Ledgerless(
      try Ledgerless.terms("net", guarantee), try Ledgerless.terms("net", guarantee))
    books.sell(10, at: "10", on: "2027-02-10")
    let found = try ExtendedPools.of([try books.pooled()], cutOff: Ledgerless.at("2027-03-01"))
    #expect(text(found[key(1)]) == "5.00 = 0.00 - 0.00 - 0.00 + 0.00 + 5.00")
    #expect(text(found[key(2)]) == "10.00 = 10.00 - 0.00 - 0.00 + 0.00 + 0.00")
  }

  @Test func `products that share collateral pay back each other's advances`() throws {
    var first = try Ledgerless(
      net: #"""
        "advances":[{"name":"a","amount":"30.00","currency":"USD"}],"collateral":"series"
        """#)
    first.sell(10, at: "10")
    var second = try Ledgerless(
      net: #"""
        "advances":[{"name":"a","amount":"7.00","currency":"USD"}],"collateral":"series"
        """#)
    second.sell(40, at: "10")
    let group = [try second.pooled(Self.two), try first.pooled(Self.one)]
    let found = try ExtendedPools.of(group, cutOff: Ledgerless.at("2027-02-01"))
    #expect(text(found[key(of: Self.one)]) == "30.00 = 10.00 - 0.00 - 10.00 + 30.00 + 0.00")
    // The advance of the first takes 20 of 40, its own 7.
    #expect(text(found[key(of: Self.two)]) == "20.00 = 40.00 - 0.00 - 27.00 + 7.00 + 0.00")
  }

  @Test func `collateral binds only versions that name it, and items that began before`() throws {
    var first = Ledgerless(
      try Ledgerless.terms("net", ""),
      try Ledgerless.terms(
        "net",
        #""advances":[{"name":"a","amount":"30.00","currency":"USD"}],"collateral":"series""#))
    first.sell(1, at: "10", on: "2027-01-10")
    var second = Ledgerless(
      try Ledgerless.terms("net", #""collateral":"series""#),
      try Ledgerless.terms("net", #""collateral":"other""#),
      try Ledgerless.terms("net", #""collateral":"series""#))
    for month in 1...3 { second.sell(10, at: "10", on: "2027-0\(month)-10") }
    let group = [try first.pooled(Self.one), try second.pooled(Self.two)]
    let found = try ExtendedPools.of(group, cutOff: Ledgerless.at("2027-04-01"))
    #expect(text(found[key(1, of: Self.one)]) == "1.00 = 1.00 - 0.00 - 0.00 + 0.00 + 0.00")
    #expect(text(found[key(1, of: Self.two)]) == "10.00 = 10.00 - 0.00 - 0.00 + 0.00 + 0.00")
    #expect(text(found[key(2, of: Self.two)]) == "10.00 = 10.00 - 0.00 - 0.00 + 0.00 + 0.00")
    #expect(text(found[key(3, of: Self.two)]) == "0.00 = 10.00 - 0.00 - 10.00 + 0.00 + 0.00")
  }

  @Test func `sums beyond every pool are refused`() throws {
    let books = try Ledgerless(net: #""collateral":"x""#)
    var product = try books.pooled()
    product.earned[key().bucket] = [
      Month(number: 0): PoolReckoning.scale * PoolReckoning.scale * 100_000_000
    ]
    #expect(throws: AmountOverflow.self) {
      try ExtendedPools.of([product], cutOff: Ledgerless.at("2027-01-01"))
    }
  }
}
