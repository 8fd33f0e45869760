import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ContractVersionsTests {
  private func product(_ story: Story, _ contract: ContractTerms) async throws -> ProductID {
    let ana = try await story.member("ana")
    let cleo = try await story.member("cleo", role: .curator)
    return try await story.product(by: ana, curator: cleo, contract: contract)
  }

  private func amend(_ story: Story, _ product: ProductID, _ terms: ContractTerms) async throws
    -> AmendContractOutcome
  {
    try await story.pool.transaction {
      try await story.amend(product, terms, startsAt: nil, in: $0)
    }
  }

  @Test func `every term is stored and read back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let terms = try ContractTerms(json: try JSON.parse(ContractTermsTests.everything))
      let product = try await product(story, terms)
      let stored = try await DatedContract.all(of: product, in: pool)
      #expect(stored.map(\.terms) == [terms])
      #expect(stored.map(\.start) == [nil])
      #expect(try await Product.find(product, in: pool)?.json["contracts"]?[0]?["reserve"] != nil)
    }
  }

  @Test func `a plain contract stores no terms, one of list prices does`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, .standard)
      let list = ContractTerms(base: .list, rates: ContractTerms.standard.rates)
      #expect(try await amend(story, product, list) == .opened(version: 2))
      let terms = try await pool.all(
        "SELECT terms::text FROM contracts WHERE product_id = \(product.uuid) ORDER BY version",
        as: String?.self)
      #expect(terms == [nil, "{}"])
    }
  }

  @Test(arguments: [
    #""advances":[{"name":"a","amount":"11","currency":"USD"}]"#,
    #""advances":[{"name":"a","amount":"10","currency":"EUR"}]"#,
    #""costs":[{"name":"a","amount":"10","currency":"USD"}]"#,
    #"""
    "guarantees":[{"name":"a","amount":"10","currency":"USD","from":"2027-01",
                   "until":"2027-02"}]
    """#,
    #"""
    "guarantees":[{"name":"g","amount":"9","currency":"USD","from":"2027-01",
                   "until":"2027-03"}]
    """#,
    #""advances":[{"name":"g","amount":"9","currency":"USD"}]"#,
  ])
  func `what goes on under a name stays what it was`(changed: String) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms(
          "net",
          #"""
          "advances":[{"name":"a","amount":"10","currency":"USD"}],
          "guarantees":[{"name":"g","amount":"9","currency":"USD","from":"2027-01",
                         "until":"2027-02"}]
          """#))
      let outcome = try await amend(story, product, try Ledgerless.terms("net", changed))
      guard case .changesItem = outcome else {
        Issue.record("\(outcome)")
        return
      }
    }
  }

  private static let counted = #"""
    "rules":[{"channel":"direct","rate_ppm":1,"by":"units","counter":"c",
              "steps":[{"above":"9","rate_ppm":2}]}]
    """#

  @Test func `a counter that has counted starts nowhere else`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      func terms(_ opening: String) throws -> ContractTerms {
        try Ledgerless.terms("net", opening.isEmpty ? Self.counted : Self.counted + "," + opening)
      }
      let five = #""opening":[{"counter":"c","units":"5"}]"#
      let product = try await product(story, try terms(five))
      let changed = try terms(#""opening":[{"counter":"c","units":"6"}]"#)
      #expect(try await amend(story, product, changed) == .changesOpening("c"))
      #expect(try await amend(story, product, try terms("")) == .opened(version: 2))
      #expect(try await amend(story, product, changed) == .changesOpening("c"))
      #expect(try await amend(story, product, try terms(five)) == .opened(version: 3))
    }
  }

  @Test func `a counter that began at nothing is not opened later`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, try Ledgerless.terms("net", Self.counted))
      let opened = try Ledgerless.terms(
        "net", Self.counted + #","opening":[{"counter":"c","units":"6"}]"#)
      #expect(try await amend(story, product, opened) == .changesOpening("c"))
    }
  }

  @Test func `sales dated ahead are not left without a list price`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, .standard)
      let start = Day.today.adding(days: 30).start
      let ahead = (start + .seconds(60)).description
      try await story.sell([
        Story.line("past", product, price: "10", currency: "EUR"),
        Story.line("usd", product, price: "10", soldAt: ahead),
        Story.line("eur", product, price: "10", currency: "EUR", soldAt: ahead),
        Story.line(
          "back", product, quantity: -1, price: "10", currency: "EUR", soldAt: ahead,
          returnOf: "past"),
      ])
      func list(_ prices: [Currency: Int64]) -> ContractTerms {
        var further = FurtherTerms()
        further.listPrices = prices
        return ContractTerms(
          base: .list, rates: ContractTerms.standard.rates, further: further)
      }
      let (usd, eur) = (try #require(Currency("USD")), try #require(Currency("EUR")))
      func amend(_ terms: ContractTerms, _ start: Timestamp) async throws -> AmendContractOutcome {
        try await pool.transaction {
          try await story.amend(product, terms, startsAt: start, in: $0)
        }
      }
      #expect(try await amend(list([usd: 1]), start) == .lacksListPrice(eur, lines: 1))
      #expect(try await amend(list([eur: 1]), start) == .lacksListPrice(usd, lines: 1))
      #expect(try await amend(list([usd: 1, eur: 1]), start) == .opened(version: 2))
      let later = start + .seconds(120)
      #expect(try await amend(list([:]), later) == .opened(version: 3))
    }
  }

  @Test func `order and share of what goes on may change, and names may leave and come back`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let cost = #""costs":[{"name":"c","amount":"10","currency":"USD","order":1}]"#
      let other =
        #""costs":[{"name":"c","amount":"10","currency":"USD","order":2,"share_ppm":9}]"#
      let product = try await product(story, try Ledgerless.terms("net", cost))
      let next = try Ledgerless.terms("net", other)
      #expect(try await amend(story, product, next) == .opened(version: 2))
      #expect(
        try await amend(story, product, try Ledgerless.terms("net", "")) == .opened(version: 3))
      #expect(try await amend(story, product, next) == .opened(version: 4))
      #expect(
        try await amend(story, product, ContractTerms(base: .net, rates: [("direct", 1)]))
          == .dropsChannel("retail"))
      #expect(
        try await amend(story, ProductID(uuid: .zero), next) == .unknownProduct)
    }
  }
}
