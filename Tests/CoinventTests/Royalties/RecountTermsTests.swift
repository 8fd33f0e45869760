import JSON
import Ledger
import Postgres
import Testing

@testable import Coinvent

/// The recount by itself, on examples that were worked out by hand.
@Suite struct RecountTermsTests {
  private static let product = UUID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0001)
  private static let other = UUID(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0002)

  private func contract(_ terms: String, base: String = "gross", rate: Int64 = 100_000) throws
    -> RecountedContract
  {
    try RecountedContract(
      version: 1, starts: .min, base: base, referral: 0, rates: ["retail": rate],
      terms: try JSON.parse(Array(terms.utf8)))
  }

  private func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text + "T12:00:00Z"))
  }

  private func line(
    _ id: String, _ quantity: Int64, at day: String, price: Int64 = 10, of sale: String? = nil,
    governed: String? = nil
  ) throws -> RecountReplay.Line {
    RecountReplay.Line(
      source: "shop", id: id, ownChannel: "retail", channel: "retail", territory: "", format: "",
      quantity: quantity,
      unitPrice: price * 1_000_000_000, discount: 0, allowance: 0, named: [:], listPrice: nil,
      currency: "USD", soldAt: try moment(day).microseconds, referral: "", saleID: sale,
      governedAt: try moment(governed ?? day).microseconds)
  }

  /// The pool in thousandths of a dollar.
  private func pool(
    _ contract: RecountedContract, _ lines: [RecountReplay.Line], until day: String = "2030-01-01"
  ) throws -> Int128 {
    var recount = RecountTerms(cutOff: try moment(day))
    recount.add(
      Self.product, contracts: [contract], shares: [(version: 1, starts: .min)], lines: lines,
      links: [:])
    let pools = recount.pools()
    #expect(pools.count <= 1)
    return (pools.values.first ?? 0) / 1_000_000
  }

  private static let steps = """
    {"rules": [{"channel": "retail", "rate_ppm": 100000, "by": "units",
                "steps": [{"above": "10", "rate_ppm": 200000}]}]}
    """

  @Test func `a sale across a step is cut there, and comes back last in, first out`() throws {
    let terms = try contract(Self.steps)
    // 8 at 10 %: 8.00. Then 2 at 10 % and 3 at 20 %: 2.00 + 6.00.
    let sales = [try line("a", 8, at: "2026-01-01"), try line("b", 5, at: "2026-01-02")]
    #expect(try pool(terms, sales) == 16_000)
    // 4 of the second come back: 3 at 20 % and 1 at 10 %.
    let back = try line(
      "c", -4, at: "2026-01-03", of: "b", governed: "2026-01-02")
    #expect(try pool(terms, sales + [back]) == 9_000)
    // The counter stands at 9 then: of 2 more, one is above the step.
    let more = try line("d", 2, at: "2026-01-04")
    #expect(try pool(terms, sales + [back, more]) == 12_000)
    // The order in which they are given does not matter.
    #expect(try pool(terms, [more, back] + sales) == 12_000)
  }

  @Test func `a return of an unknown sale takes back the last units of the counter`() throws {
    let terms = try contract(Self.steps)
    let lines = [try line("a", 12, at: "2026-01-01"), try line("b", -3, at: "2026-01-02")]
    // 10 × 1.00 + 2 × 2.00, less 2 × 2.00 and 1 × 1.00.
    #expect(try pool(terms, lines) == 9_000)
  }

  @Test func `a reserve is held for its periods and then released`() throws {
    let terms = try contract(#"{"reserve": {"ppm": 200000, "period": "quarter", "held": 2}}"#)
    let sale = [try line("a", 10, at: "2026-02-01")]
    #expect(try pool(terms, sale, until: "2026-09-30") == 8_000)
    #expect(try pool(terms, sale, until: "2026-10-01") == 10_000)
  }

  @Test func `an advance is paid first and got back before anything else is paid`() throws {
    let terms = try contract(
      """
      {"advances": [{"name": "launch", "amount": "30.00", "currency": "USD", "order": 1}],
       "costs": [{"name": "mould", "amount": "50.00", "currency": "USD", "order": 2,
                  "share_ppm": 500000}]}
      """)
    #expect(try pool(terms, []) == 30_000)
    // 20.00 earned: all of it for the advance.
    #expect(try pool(terms, [try line("a", 20, at: "2026-01-01")]) == 30_000)
    // 50.00 earned: 30 for the advance, half of the other 20 for the mould.
    #expect(try pool(terms, [try line("a", 50, at: "2026-01-01")]) == 40_000)
  }

  @Test func `a guarantee tops up what its months earned once they are over`() throws {
    let terms = try contract(
      """
      {"guarantees": [{"name": "first", "amount": "25.00", "currency": "USD",
                       "from": "2026-01", "until": "2026-03"}]}
      """)
    let lines = [try line("a", 10, at: "2026-02-01"), try line("b", 5, at: "2026-04-01")]
    #expect(try pool(terms, lines, until: "2026-03-31") == 15_000)
    #expect(try pool(terms, lines, until: "2026-04-01") == 30_000)
    // A late sale within the months lowers the top-up.
    let late = try line("c", 8, at: "2026-03-05")
    #expect(try pool(terms, lines + [late], until: "2026-04-01") == 30_000)
  }

  @Test func `collateral lets an advance be got back from another product`() throws {
    var recount = RecountTerms(cutOff: try moment("2030-01-01"))
    let first = try contract(
      """
      {"collateral": "series",
       "advances": [{"name": "launch", "amount": "30.00", "currency": "USD", "order": 1}]}
      """)
    recount.add(
      Self.product, contracts: [first], shares: [(version: 1, starts: .min)],
      lines: [try line("a", 10, at: "2026-01-01")], links: [:])
    recount.add(
      Self.other, contracts: [try contract(#"{"collateral": "series"}"#)],
      shares: [(version: 1, starts: .min)], lines: [try line("b", 25, at: "2026-01-01")],
      links: [:])
    let pools = recount.pools()
    func pool(_ product: UUID) -> Int128? {
      pools[RecountPools.Key(product: product, contract: 1, share: 1, currency: "USD")]
    }
    #expect(pool(Self.product) == 30_000_000_000)
    // 10 of its own went into the advance; the other 20 come from here.
    #expect(pool(Self.other) == 5_000_000_000)
  }

  @Test func `the rule that names most of a line governs it`() throws {
    let terms = try contract(
      """
      {"rules": [{"territory": "US", "rate_ppm": 1}, {"channel": "retail", "rate_ppm": 2},
                 {"channel": "retail", "territory": "US", "rate_ppm": 3},
                 {"territory": "US", "format": "hardcover", "rate_ppm": 4},
                 {"channel": "retail", "format": "hardcover", "rate_ppm": 5}]}
      """)
    func rate(_ channel: String, _ territory: String, _ format: String) -> Int64? {
      terms.rule(channel: channel, territory: territory, format: format)?.rate
    }
    #expect(rate("retail", "", "") == 2)
    #expect(rate("retail", "US", "") == 3)
    #expect(rate("other", "US", "paper") == 1)
    #expect(rate("other", "US", "hardcover") == 4)
    #expect(rate("retail", "DE", "hardcover") == 5)
    #expect(rate("retail", "US", "hardcover") == 3)
    #expect(rate("other", "DE", "") == nil)
  }

  @Test func `deductions are capped one by one and together`() throws {
    let terms = try contract(
      """
      {"deductions": [{"name": "discount"}, {"name": "shipping", "cap_ppm": 50000}],
       "deductions_cap_ppm": 100000}
      """, base: "net")
    func sold(_ discount: Int64, _ shipping: Int64) throws -> RecountReplay.Line {
      RecountReplay.Line(
        source: "shop", id: "a", ownChannel: "retail", channel: "retail", territory: "", format: "",
        quantity: 10,
        unitPrice: 10_000_000_000, discount: discount * 1_000_000_000, allowance: 9_000_000_000,
        named: ["shipping": shipping * 1_000_000_000, "fees": 1], listPrice: nil, currency: "USD",
        soldAt: try moment("2026-01-01").microseconds, referral: "", saleID: nil,
        governedAt: try moment("2026-01-01").microseconds)
    }
    // 100 gross: 3 and 2; 3 and 5 of 8 for shipping; 10 at the most.
    #expect(try pool(terms, [try sold(3, 2)]) == 9_500)
    #expect(try pool(terms, [try sold(3, 8)]) == 9_200)
    #expect(try pool(terms, [try sold(20, 8)]) == 9_000)
  }
}
