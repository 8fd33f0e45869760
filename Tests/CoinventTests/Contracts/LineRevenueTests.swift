import Ledger
import Testing

@testable import Coinvent

@Suite struct LineRevenueTests {
  private func base(
    _ base: String, _ terms: String = "", off: String = "0", allowance: String = "0",
    deductions: [String: String] = [:], list: String? = nil, origin: String? = nil,
    currency: String = "USD"
  ) throws -> String {
    var books = Ledgerless(try Ledgerless.terms(base, terms))
    books.sell(
      -10, at: "10", currency: currency, off: off, deductions: deductions, list: list)
    var line = books.lines[0]
    line.allowance = Ledgerless.nanos(allowance)
    if let origin {
      line.origin = CountedLine.Origin(
        id: "sale", soldAt: line.soldAt, place: line.place, listPrice: Ledgerless.nanos(origin))
    }
    let found = LineRevenue.of(line, books.contracts[0].terms)
    #expect(found % 1_000_000 == 0)
    return Ledgerless.decimal(found * 1_000_000, currency)
  }

  @Test func `gross is quantity times price, of a return too`() throws {
    #expect(try base("gross", off: "5", allowance: "6") == "100.00")
  }

  @Test func `net is less discount and allowance`() throws {
    #expect(try base("net", off: "5", allowance: "6", deductions: ["freight": "7"]) == "89.00")
  }

  @Test func `named deductions are deducted and no others`() throws {
    let terms = #""deductions":[{"name":"discount"},{"name":"freight"},{"name":"tax"}]"#
    #expect(
      try base(
        "net", terms, off: "5", allowance: "6", deductions: ["freight": "7", "gifts": "8"])
        == "88.00")
    #expect(try base("net", #""deductions":[{"name":"allowance"}]"#, allowance: "6") == "94.00")
  }

  @Test func `a deduction is at most its cap of gross`() throws {
    let terms = #""deductions":[{"name":"discount"},{"name":"freight","cap_ppm":50000}]"#
    #expect(try base("net", terms, off: "5", deductions: ["freight": "7"]) == "90.00")
    #expect(try base("net", terms, off: "5", deductions: ["freight": "4"]) == "91.00")
  }

  @Test func `all deductions are at most the cap, and never more than gross`() throws {
    let terms = #""deductions":[{"name":"discount"},{"name":"freight"}]"#
    let capped = terms + #","deductions_cap_ppm":100000"#
    #expect(try base("net", capped, off: "5", deductions: ["freight": "7"]) == "90.00")
    #expect(try base("net", terms, off: "5", deductions: ["freight": "700"]) == "0.00")
  }

  @Test func `the list price is the line's, else its sale's, else the contract's`() throws {
    let terms = #""list_prices":{"USD":"20.00"}"#
    #expect(try base("list", terms, off: "5", list: "30", origin: "40") == "300.00")
    #expect(try base("list", terms, origin: "40") == "400.00")
    #expect(try base("list", terms) == "200.00")
  }

  @Test func `a line without any list price goes by its price`() throws {
    #expect(try base("list", #""list_prices":{"USD":"20.00"}"#, currency: "EUR") == "100.00")
  }
}
