import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Contracts with terms, from a sale to balances.
@Suite struct ExtendedSettlementTests {
  private func product(_ story: Story, _ terms: ContractTerms) async throws -> ProductID {
    let ana = try await story.member("ana")
    let cleo = try await story.member("cleo", role: .curator)
    let product = try await story.product(
      by: ana, curator: cleo, recipe: try .inventorOnly, contract: terms)
    try await story.lock(product)
    return product
  }

  @Test func `an advance is credited before any sale, and sales pay it back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms(
          "net", #""advances":[{"name":"launch","amount":"30.00","currency":"USD"}]"#))
      try await story.settle()
      #expect(try await story.pools(product) == "30.00")
      try await story.sell([Story.line("s1", product, quantity: 20, price: "10")])
      guard case .nothingToDo = try await story.settle() else {
        Issue.record("what is recouped moves no money")
        return
      }
      try await story.sell([Story.line("s2", product, quantity: 20, price: "10")])
      try await story.settle()
      #expect(try await story.pools(product) == "40.00")
      let terms = try await pool.all(
        """
        SELECT earned, recouped, advanced FROM settlement_terms t
        JOIN settlements s ON s.id = t.settlement_id ORDER BY s.planned_at
        """, as: (Int64, Int64, Int64).self)
      #expect(terms.map(\.0) == [0, 40_000_000_000])
      #expect(terms.map(\.1) == [0, 30_000_000_000])
      #expect(terms.map(\.2) == [30_000_000_000, 0])
      try await story.verify()
    }
  }

  @Test func `a reserve is released by the date alone, without a new line`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms("net", #""reserve":{"ppm":250000,"period":"month","held":1}"#))
      try await story.sell([
        Story.line("s1", product, quantity: 10, price: "10", soldAt: "2026-01-10")
      ])
      try await story.settle(through: Day("2026-01-31"))
      #expect(try await story.pools(product) == "7.50")
      guard case .nothingToDo = try await story.settle(through: Day("2026-02-27")) else {
        Issue.record("the reserve is held to the end of February")
        return
      }
      try await story.settle(through: Day("2026-02-28"))
      #expect(try await story.pools(product) == "10.00")
      try await story.verify()
    }
  }

  @Test func `a plain contract that is amended with terms is replayed from the beginning`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, try Ledgerless.terms("net", ""))
      try await story.sell([Story.line("s1", product, quantity: 10, price: "10")])
      try await story.settle()
      #expect(try await story.pools(product) == "10.00")
      let terms = try Ledgerless.terms(
        "net",
        #"""
        "rules":[{"channel":"direct","rate_ppm":500000,"by":"units","counter":"u",
                  "steps":[{"above":"1","rate_ppm":0}]}],"opening":[{"counter":"u","units":"0"}]
        """#)
      let outcome = try await pool.transaction {
        try await story.amend(product, terms, startsAt: Ledgerless.at("2027-01-01"), in: $0)
      }
      #expect(outcome == .opened(version: 2))
      try await story.sell([
        Story.line("s2", product, quantity: 2, price: "10", soldAt: "2027-01-02"),
        Story.line(
          "r1", product, quantity: -1, price: "10", soldAt: "2027-01-02", returnOf: "s1"),
      ])
      try await story.settle(through: Day("2027-01-31"))
      #expect(try await story.pools(product) == "14.00")
      let months = try await pool.all(
        "SELECT DISTINCT month::text FROM earned_sums ORDER BY 1", as: String.self)
      #expect(months == ["2026-01-01", "2027-01-01"])
      try await story.verify()
    }
  }

  @Test func `referrers have their part of what steps and minimums earn`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms(
          "net",
          #"""
          "referral_ppm":100000,
          "rules":[{"channel":"direct","rate_ppm":100000,"by":"units",
                    "steps":[{"above":"5","rate_ppm":300000}],
                    "minimum_per_unit":{"USD":"2.00"}}]
          """#))
      let ben = try await story.member("ben")
      let made = try await pool.transaction {
        try await MakeReferral.run(product, by: ben, in: $0)
      }
      guard case .made(let referral) = made else {
        Issue.record("\(made)")
        return
      }
      try await story.sell([
        Story.line("s1", product, quantity: 10, price: "10", referral: referral.code),
        Story.line("r1", product, quantity: -2, price: "10", returnOf: "s1"),
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "19.00")
      #expect(try await story.credited(ben) == "1.90")
      try await story.sell([
        Story.line("r2", product, quantity: -8, price: "10", returnOf: "s1")
      ])
      try await story.settle()
      #expect(try await story.credited(ben) == "0.00")
      try await story.verify()
    }
  }

  @Test func `a sale that arrives after the cut makes its return known`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms("net", #""rules":[{"territory":"US","rate_ppm":500000}]"#))
      try await story.sell([
        Story.line(
          "r", product, quantity: -1, price: "10", soldAt: "2026-01-02", returnOf: "s")
      ])
      try await story.settle(through: Day("2026-01-31"))
      #expect(try await story.pools(product) == "-1.00")
      try await pool.execute(
        """
        INSERT INTO sale_lines (source, external_id, product_id, channel, quantity, unit_price,
          discount, allowance, currency, sold_at, territory, received_at)
        VALUES ('shop', 's', \(product.uuid), 'direct', 1, 10000000000, 0, 0, 'USD',
          '2026-02-02', 'US', clock_timestamp())
        """)
      try await story.settle(through: Day("2026-01-31"))
      #expect(try await story.pools(product) == "-5.00")
      try await story.verify()
      try await story.settle(through: Day("2026-02-28"))
      #expect(try await story.pools(product) == "0.00")
      try await story.verify()
    }
  }

  @Test func `sales of different sources are never taken for each other`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(
        story,
        try Ledgerless.terms(
          "net",
          #"""
          "rules":[{"channel":"direct","rate_ppm":100000,"by":"units",
                    "steps":[{"above":"1","rate_ppm":300000}]}]
          """#))
      try await story.sell([Story.line("c", product, price: "10")], source: "a/b")
      try await story.sell([Story.line("b/c", product, price: "10")], source: "a")
      try await story.sell(
        [Story.line("r", product, quantity: -1, price: "10", returnOf: "c")], source: "a/b")
      try await story.sell(
        [Story.line("r", product, quantity: -1, price: "10", returnOf: "b/c")], source: "a")
      try await story.settle()
      #expect(try await story.pools(product) == "0.00")
      try await story.verify()
    }
  }

  @Test func `terms are previewed on past sales, and nothing is written`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, try Ledgerless.terms("net", ""))
      try await story.sell([
        Story.line("s1", product, quantity: 10, price: "10"),
        Story.line("s2", product, quantity: 1, price: "1000", currency: "JPY"),
        Story.line("s3", product, quantity: 1, price: "10", soldAt: "2999-01-01"),
      ])
      let terms = try Ledgerless.terms(
        "gross",
        #"""
        "rules":[{"channel":"direct","rate_ppm":500000}],
        "costs":[{"name":"t","amount":"20.00","currency":"USD"}]
        """#)
      let lines = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        try await PreviewContract.run(terms, of: product, in: $0)
      }
      let found = try #require(lines).map(\.json)
      #expect(
        found == [
          [
            "currency": "JPY", "before": "100", "after": "500", "earned": "500", "reserved": "0",
            "recouped": "0", "advanced": "0", "guaranteed": "0", "without_list_price": 0,
          ],
          [
            "currency": "USD", "before": "10.00", "after": "30.00", "earned": "50.00",
            "reserved": "0.00", "recouped": "20.00", "advanced": "0.00", "guaranteed": "0.00",
            "without_list_price": 0,
          ],
        ])
      let none = try await pool.transaction {
        try await PreviewContract.run(terms, of: ProductID(uuid: .zero), in: $0)
      }
      #expect(none == nil)
    }
  }

  @Test func `lines without a list price are left out of a preview, as they would wait`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await product(story, try Ledgerless.terms("net", ""))
      try await story.sell([
        Story.line("s1", product, quantity: 2, price: "10"),
        Story.line("s2", product, price: "10", currency: "EUR"),
        Story.line("s3", product, price: "20", currency: "EUR"),
      ])
      let terms = try Ledgerless.terms("list", #""list_prices":{"USD":"50.00"}"#)
      let lines = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        try await PreviewContract.run(terms, of: product, in: $0)
      }
      let found = try #require(lines)
      #expect(found.map(\.before.decimal) == ["3.00", "2.00"])
      #expect(found.map(\.after.decimal) == ["0.00", "10.00"])
      #expect(found.map(\.withoutListPrice) == [2, 0])
      #expect(
        found.compactMap(\.sentence) == ["2 lines without a list price in EUR are left out"])
    }
  }

  @Test func `what was settled under a plain contract is not told again when terms are added`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let plain = ContractTerms.standard
      let product = try await self.product(story, plain)
      let fields = [
        "external_id": "s1", "product_id": product.description, "channel": "retail",
        "quantity": "9", "unit_price": "20", "currency": "USD", "sold_at": "2026-01-10",
        "territory": "US", "format": "boxed",
      ]
      try await story.sell([try SaleLine(at: "") { fields[$0] }])
      try await story.settle()
      let next = try ContractTerms(
        json: try JSON.parse(
          #"""
          {"base":"net","rates":{"direct":300000,"retail":100000},
           "rules":[{"territory":"US","rate_ppm":1}]}
          """#))
      let outcome = try await pool.transaction {
        try await story.amend(product, next, startsAt: nil, in: $0)
      }
      #expect(outcome == .opened(version: 2))
      try await story.sell([
        Story.line("s2", product, price: "10", soldAt: (Timestamp.now + .seconds(1)).description)
      ])
      try await story.settle()
      let lines = try await pool.all(
        """
        SELECT l.contract_version::text || ' ' || l.channel || l.territory || ' ' || l.units
        FROM settlement_lines l JOIN settlements s ON s.id = l.settlement_id
        ORDER BY s.planned_at, 1
        """, as: String.self)
      #expect(lines == ["1 retail 9", "2 direct 1"])
      try await story.verify()
    }
  }
}

extension Recipe {
  /// Everything is the inventor's.
  fileprivate static var inventorOnly: Recipe {
    get throws {
      try Recipe(
        json: [
          "slices": [["slice": "inventor", "ppb": 1_000_000_000, "policy": "named"]],
          "unclaimed": "house",
        ])
    }
  }
}
