import JSON
import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What lines of sales say of the sales that they are of.
@Suite struct LineSalesTests {
  private func line(
    _ id: String, _ product: ProductID, _ quantity: Int, _ price: String, on day: String,
    _ more: [String: String] = [:]
  ) throws -> SaleLine {
    let fields = [
      "external_id": id, "product_id": product.description, "channel": "direct",
      "quantity": "\(quantity)", "unit_price": price, "currency": "USD", "sold_at": day,
    ].merging(more) { $1 }
    return try SaleLine(at: "", deductions: ["shipping"]) { fields[$0] }
  }

  /// Ada has 42 % of each product; those of one month after the other, and the statements'
  /// sentences, a list for each.
  private func tell(
    _ contracts: [String], _ months: [(name: String, lines: ([ProductID]) throws -> [SaleLine])]
  ) async throws -> [[String]] {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      var products: [ProductID] = []
      for contract in contracts {
        let terms = try ContractTerms(json: try JSON.parse(contract))
        let product = try await story.product(by: ada, curator: curator, contract: terms)
        try await story.lock(product)
        products.append(product)
      }
      var told: [[String]] = []
      for month in months {
        try await story.sell(try month.lines(products))
        try await story.period(month.name)
        let statement = try #require(try await story.statement(ada, month.name))
        for account in statement.accounts {
          #expect(account.products.reduce(0) { $0 + $1.credited } == account.credited)
        }
        told.append(
          statement.accounts.flatMap(\.products).flatMap(\.lines).filter { $0.kind != .rounding }
            .map { $0.sentence.replacing(" × 42 % share", with: "") })
      }
      try await story.verify()
      return told
    }
  }

  private static let plain = #"{"base": "net", "rates": {"direct": 300000, "retail": 100000}}"#

  @Test func `sales from before the period are lines of their own`() async throws {
    let told = try await tell(
      [Self.plain],
      [
        ("2026-01", { [try line("1", $0[0], 5, "10.00", on: "2026-01-10")] }),
        (
          "2026-02",
          {
            [
              try line("2", $0[0], 4, "10.00", on: "2026-02-10", ["discount": "3.00"]),
              try line("3", $0[0], 3, "11.00", on: "2026-01-31T23:59:59Z"),
              try line("4", $0[0], -1, "11.00", on: "2026-01-31", ["return_of": "3"]),
              try line("5", $0[0], 1, "7.00", on: "2026-01-02", ["channel": "retail"]),
            ]
          }
        ),
      ])
    #expect(
      told == [
        ["5 units × 10.00 = 50.00 base × 30 % = 15.00 pool = 6.30"],
        [
          "2 units sold before 2026-02-01 (3 sold, 1 returned) × 11.00 = 22.00 base × 30 % "
            + "= 6.60 pool = 2.772",
          "4 units × 10.00 − 3.00 discount = 37.00 base × 30 % = 11.10 pool = 4.662",
          "1 unit sold before 2026-02-01 × 7.00 = 7.00 base × 10 % = 0.70 pool = 0.294",
        ],
      ])
  }

  @Test func `what a withdrawn report sold before is taken back in a line of its own`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await SalesScene(pool)
      let report = try await scene.take(
        """
        external_id,product_id,channel,quantity,unit_price,currency,sold_at
        1,\(scene.product),direct,3,19.00,USD,2026-01-03

        """)
      try await scene.story.period("2026-01")
      let id = try #require(report.id)
      _ = try await pool.transaction {
        try await WithdrawReport.run(id, reason: "twice", by: scene.ada, at: .now, in: $0)
      }
      try await scene.story.sell([try line("2", scene.product, 1, "19.00", on: "2026-02-03")])
      try await scene.story.period("2026-02")
      let lines = try #require(try await scene.story.statement(scene.ada, "2026-02"))
        .accounts.flatMap(\.products).flatMap(\.lines)
      #expect(lines.map(\.units) == [-3, 1])
      #expect(lines.map(\.soldBefore) == [Day("2026-02-01"), nil])
      try await scene.story.verify()
    }
  }

  @Test func `rules by territory and format tell their own sales`() async throws {
    let told = try await tell(
      [
        #"""
        {"base": "net", "rates": {"direct": 300000},
         "rules": [{"channel": "direct", "territory": "DE", "rate_ppm": 200000},
                   {"channel": "direct", "format": "boxed", "rate_ppm": 100000}]}
        """#
      ],
      [
        (
          "2026-01",
          {
            [
              try line("1", $0[0], 5, "10.00", on: "2026-01-10", ["territory": "DE"]),
              try line(
                "2", $0[0], -2, "10.00", on: "2026-01-11",
                ["territory": "DE", "return_of": "1"]),
              try line("3", $0[0], 2, "12.00", on: "2026-01-10", ["format": "boxed"]),
              try line("4", $0[0], 1, "14.00", on: "2026-01-10", ["format": "boxed"]),
              try line("5", $0[0], 1, "9.00", on: "2026-01-10"),
            ]
          }
        ),
        (
          "2026-02",
          {
            [
              try line("6", $0[0], 5, "10.00", on: "2026-01-10", ["territory": "DE"]),
              try line("7", $0[0], 1, "10.00", on: "2026-02-10", ["territory": "DE"]),
            ]
          }
        ),
      ])
    #expect(
      told == [
        [
          "1 unit × 9.00 = 9.00 base × 30 % = 2.70 pool = 1.134",
          "3 units at 12.00 to 14.00, together 38.00 = 38.00 base × 10 % = 3.80 pool = 1.596",
          "3 units (5 sold, 2 returned) × 10.00 = 30.00 base × 20 % = 6.00 pool = 2.52",
        ],
        [
          "5 units sold before 2026-02-01 × 10.00 = 50.00 base × 20 % = 10.00 pool = 4.20",
          "1 unit × 10.00 = 10.00 base × 20 % = 2.00 pool = 0.84",
        ],
      ])
  }

  @Test func `deductions, list prices and steps say what makes the base`() async throws {
    let told = try await tell(
      [
        #"""
        {"base": "net", "rates": {"direct": 100000}, "deductions": [{"name": "discount"},
         {"name": "shipping", "cap_ppm": 50000}]}
        """#,
        #"""
        {"base": "list", "rates": {"direct": 100000, "retail": 50000},
         "list_prices": {"USD": "12.00"}}
        """#,
        #"""
        {"base": "net", "rates": {"direct": 100000},
         "rules": [{"channel": "direct", "rate_ppm": 100000, "by": "money", "currency": "USD",
                    "steps": [{"above": "100.00", "rate_ppm": 200000}]}]}
        """#,
      ],
      [
        (
          "2026-01",
          {
            [
              try line(
                "1", $0[0], 10, "10.00", on: "2026-01-10",
                ["discount": "3.00", "deduction_shipping": "9.00"]),
              try line("2", $0[1], 3, "11.00", on: "2026-01-10"),
              try line(
                "3", $0[1], 2, "11.00", on: "2026-01-10",
                ["channel": "retail", "list_price": "14.50"]),
              try line("4", $0[2], 8, "20.00", on: "2026-01-10"),
              try line("5", $0[2], 1, "30.00", on: "2026-01-11", ["discount": "1.00"]),
            ]
          }
        ),
        (
          "2026-02",
          {
            [
              try line(
                "6", $0[0], 1, "10.00", on: "2026-01-10", ["deduction_shipping": "9.00"]),
              try line("7", $0[0], 1, "10.00", on: "2026-02-10"),
            ]
          }
        ),
      ])
    #expect(
      told == [
        [
          "10 units × 10.00 − 8.00 deductions = 92.00 base × 10 % = 9.20 pool = 3.864",
          "3 units × 12.00 list price = 36.00 base × 10 % = 3.60 pool = 1.512",
          "2 units at list prices: 29.00 base × 5 % = 1.45 pool = 0.609",
          "5 of 9 units at 20.00 to 30.00: 100.00 base × 10 % (up to 100.00) = 10.00 pool = 4.20",
          "4 of 9 units at 20.00 to 30.00: 89.00 base × 20 % (above 100.00) = 17.80 pool = 7.476",
        ],
        [
          "2 units (1 of them sold before 2026-02-01) × 10.00 − 0.50 deductions = 19.50 base "
            + "× 10 % = 1.95 pool = 0.819"
        ],
      ])
  }

  @Test func `products of a collateral say what all of them pay back`() async throws {
    func contract(_ name: String, _ amount: String) -> String {
      #"""
      {"base": "net", "rates": {"direct": 100000}, "collateral": "series",
       "advances": [{"name": "\#(name)", "amount": "\#(amount)", "currency": "USD"}]}
      """#
    }
    let told = try await tell(
      [contract("one", "30.00"), contract("two", "7.00")],
      [
        (
          "2026-01",
          {
            [
              try line("1", $0[0], 10, "10.00", on: "2026-01-10"),
              try line("2", $0[1], 20, "10.00", on: "2026-01-10"),
            ]
          }
        )
      ])
    #expect(
      told == [
        [
          "10 units × 10.00 = 100.00 base × 10 % = 10.00 pool = 4.20",
          "−10.00 of the pool, kept for all advances and costs of products in “series” (7.00 of "
            + "37.00 still open) = −4.20",
          "30.00 paid ahead into the pool (“one”) = 12.60",
          "20 units × 10.00 = 200.00 base × 10 % = 20.00 pool = 8.40",
          "−20.00 of the pool, kept for all advances and costs of products in “series” (7.00 of "
            + "37.00 still open) = −8.40",
          "7.00 paid ahead into the pool (“two”) = 2.94",
        ]
      ])
  }
}
