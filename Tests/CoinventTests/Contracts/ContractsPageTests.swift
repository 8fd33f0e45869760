import Foundation
import JSON
import Ledger
import Postgres
import Testing

@testable import Coinvent

/// The worked examples of Docs/contracts.md, run as they stand.
@Suite struct ContractsPageTests {
  private static let page = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Docs/contracts.md")

  private func examples() throws -> [JSON] {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    return try text.components(separatedBy: "```json\n").dropFirst().map { rest in
      try JSON.parse(rest.components(separatedBy: "\n```")[0])
    }
  }

  @Test func `every example of the page is true`() throws {
    let examples = try examples()
    for example in examples { try expectTrue(example) }
    let all = examples.map { $0.text() }.joined()
    for term in [
      "list_prices", "deductions_cap_ppm", "rules", "\"units\"", "\"money\"", "\"date\"",
      "minimum_per_unit", "opening", "advances", "costs", "guarantees", "reserve", "collateral",
    ] {
      #expect(all.contains(term), "\(term) has no example")
    }
  }

  private func expectTrue(_ example: JSON) throws {
    let parts = example["products"]?.array ?? [example]
    let books = try parts.map(books)
    let pooled = try books.enumerated().map { number, books in
      try books.pooled(ProductID(uuid: Postgres.UUID(high: 0, low: UInt64(number))))
    }
    let day = try #require(example["at"]?.string)
    let found = try ExtendedPools.of(pooled, cutOff: Ledgerless.at(day))
    for (number, part) in parts.enumerated() {
      let id = pooled[number].id
      let mine = found.filter { $0.key.product == id }.map(\.value)
      func expect(_ name: String, _ value: KeyPath<PoolReckoning, Int128>) {
        guard let told = part[name]?.string else { return }
        let sum = mine.reduce(0) { $0 + $1[keyPath: value] }
        #expect(Ledgerless.decimal(sum) == told, "\(name) of \(part.text())")
      }
      #expect(part["pool"]?.string != nil)
      expect("pool", \.payable)
      expect("reserved", \.reserved)
      expect("recouped", \.recouped)
      expect("advanced", \.advanced)
      expect("guaranteed", \.guaranteed)
      try expectRates(part, books[number])
    }
  }

  private func expectRates(_ part: JSON, _ books: Ledgerless) throws {
    guard let told = part["earned"]?.object else { return }
    var earned: [String: Int128] = [:]
    for (key, sum) in try books.replay().sums { earned["\(key.rate)", default: 0] += sum.earned }
    #expect(Set(told.keys) == Set(earned.keys), "\(part.text())")
    for (rate, value) in told {
      #expect(value.string == Ledgerless.decimal(earned[rate] ?? 0), "\(rate) of \(part.text())")
    }
  }

  private func books(_ part: JSON) throws -> Ledgerless {
    var books = Ledgerless(try ContractTerms(json: try #require(part["contract"])))
    for sale in try #require(part["sales"]?.array) {
      let known = Set(sale.object?.keys ?? []).subtracting([
        "units", "price", "on", "channel", "territory", "format", "off", "deductions",
        "list_price", "of",
      ])
      #expect(known.isEmpty, "\(known)")
      let deductions = (sale["deductions"]?.object ?? JSONObject()).map { ($0, $1.string ?? "") }
      books.sell(
        try #require(sale["units"]?.int), at: try #require(sale["price"]?.string),
        on: sale["on"]?.string ?? "2027-01-10", channel: sale["channel"]?.string ?? "direct",
        territory: sale["territory"]?.string ?? "", format: sale["format"]?.string ?? "",
        off: sale["off"]?.string ?? "0",
        deductions: Dictionary(uniqueKeysWithValues: deductions),
        list: sale["list_price"]?.string, of: sale["of"]?.int.map(Int.init))
    }
    return books
  }
}
