import Coinvent
import Foundation
import JSON
import TestSupport
import Testing

@testable import Command

@Suite struct ContractCommandTests {
  private static let steps = #"""
    {"base": "net", "rates": {"direct": 300000, "retail": 100000},
     "rules": [{"channel": "direct", "rate_ppm": 300000, "by": "units",
                "steps": [{"above": "1", "rate_ppm": 500000}]}]}
    """#

  @Test func `a file is checked with every mistake at its place`() throws {
    let folder = try Folder()
    try folder.write(Self.steps, to: "good.json")
    try folder.write(
      #"{"base": "luck", "rates": {}, "reserve": {"ppm": 0}}"#, to: "bad.json")
    try folder.write("{", to: "torn.json")
    let good = try Run.coinvent("contract", "check", "\(folder.path)/good.json")
    #expect(good.code == 0 && good.out.contains("    above 1 units: 50 %"), "\(good)")
    let bad = try Run.coinvent("contract", "check", "\(folder.path)/bad.json")
    #expect(bad.code == 1, "\(bad)")
    for place in ["/base", "/rates", "/reserve/ppm", "/reserve/period", "/reserve/held"] {
      #expect(bad.error.contains(place), "\(bad)")
    }
    #expect(try Run.coinvent("contract", "check", "\(folder.path)/torn.json").code == 1)
    #expect(try Run.coinvent("contract", "check", "\(folder.path)/none.json").code == 1)
    #expect(try Run.coinvent("contract", "show", "nothing").code == 2)
  }

  @Test func `terms are shown in words`() throws {
    let folder = try Folder()
    try folder.write(
      #"""
      {"base": "net", "rates": {"direct": 300000, "retail": 100000},
       "rules": [{"channel": "retail", "format": "ebook", "rate_ppm": 120000, "by": "units",
                  "counter": "e", "steps": [{"above": "5000", "rate_ppm": 125000}],
                  "minimum_per_unit": {"USD": "0.50"}}],
       "deductions": [{"name": "discount"}, {"name": "freight", "cap_ppm": 50000}],
       "deductions_cap_ppm": 200000, "opening": [{"counter": "e", "units": "1200"}],
       "advances": [{"name": "launch", "amount": "10.00", "currency": "USD", "order": 2}],
       "costs": [{"name": "tool", "amount": "5.00", "currency": "EUR", "order": 1,
                  "share_ppm": 500000}],
       "guarantees": [{"name": "spring", "amount": "50.00", "currency": "USD",
                       "from": "2027-02", "until": "2027-03"}],
       "reserve": {"ppm": 250000, "period": "half_year", "held": 2}, "collateral": "series-a"}
      """#, to: "all.json")
    try folder.write(
      #"{"base": "net", "rates": {"direct": 250000, "retail": 100000}}"#, to: "few.json")
    let shown = try Run.coinvent("contract", "check", "\(folder.path)/all.json")
    for line in [
      "rate of direct: 30 %", "rule for retail ebook: 12 %, counted as e, at least 0.50 USD a unit",
      "  above 5000 units: 12.5 %", "deductions: discount, freight (at most 5 % of gross)",
      "all deductions at most: 20 %", "opening: e starts at 1200 units",
      "advance launch: 10.00 USD, paid back as number 2",
      "cost tool: 5.00 EUR, paid back as number 1, at most 50 % of what is left",
      "guarantee spring: at least 50.00 USD from 2027-02 to 2027-03",
      "reserve: 25 % of each half year, held for 2 half years after it", "collateral: series-a",
    ] {
      #expect(shown.out.contains("  \(line)\n"), "\(line) in \(shown.out)")
    }
    #expect(!shown.out.contains("ppm") && !shown.out.contains("{"), "\(shown.out)")
    let diff = try Run.coinvent(
      "contract", "diff", "\(folder.path)/few.json", "\(folder.path)/all.json")
    #expect(diff.out.contains("  rate of direct: 25 % → 30 %\n"), "\(diff.out)")
    #expect(diff.out.contains("  advance launch: nothing → 10.00 USD,"), "\(diff.out)")
    #expect(!diff.out.contains("ppm") && !diff.out.contains("{"), "\(diff.out)")
  }

  /// A product that has sold two units, and a folder for contracts.
  private struct Shop {
    let folder: Folder
    let product: String
    let environment: [String: String]

    func callAsFunction(_ words: String...) throws -> Run {
      try Run.program(Run.executable, ["contract"] + words, environment: environment)
    }

    /// The exit code of adding a file.
    func add(_ name: String, _ more: String...) throws -> Int32 { try add(name, more) }

    func add(_ name: String, _ more: [String]) throws -> Int32 {
      try Run.program(
        Run.executable,
        ["contract", "add", product, "\(folder.path)/\(name)", "--reason", "So."] + more,
        environment: environment
      ).code
    }
  }

  private func withShop(_ body: (Shop) throws -> Void) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.sell([Story.line("s", product, quantity: 2, price: "10")])
      let folder = try Folder()
      try folder.write(Self.steps, to: "contract.json")
      try body(
        Shop(
          folder: folder, product: product.description,
          environment: ["DATABASE_URL": pool.configuration.url]))
    }
  }

  @Test func `contracts are tried, added, shown and compared`() async throws {
    try await withShop { contract in
      let (file, product) = ("\(contract.folder.path)/contract.json", contract.product)
      let checked = try contract("check", file, "--product", product)
      #expect(checked.out.contains("  6.00 USD → 8.00 USD"), "\(checked)")
      let tried = try contract("add", product, file, "--dry-run", "--json")
      let told = try JSON.parse(tried.out)
      #expect(told["pools"]?[0]?["after"]?.string == "8.00", "\(tried)")
      #expect(told["diff"]?[0]?["term"]?.string == "rules", "\(tried)")
      #expect(try contract("show", product).out.hasPrefix("Contract 1 of"))

      #expect(try contract("add", product, file).code == 2)
      let added = try contract(
        "add", product, file, "--by", "curator", "--reason", "The crowd asked for it.")
      #expect(added.code == 0 && added.out.hasPrefix("Contract 2 is in force now."), "\(added)")
      let shown = try contract("show", product, "--json")
      let read = try ContractTerms(json: try JSON.parse(shown.out))
      #expect(try read == ContractTerms(json: try JSON.parse(Self.steps)), "\(shown)")
      let text = try contract("show", product, "2").out
      #expect(text.contains(" by curator: The crowd asked for it.\n"), "\(text)")
      #expect(try contract("show", product, "1").out.contains("from the beginning"))
      #expect(try contract("show", product, "9").code == 1)
      let diff = try contract("diff", "1", "2", "--product", product)
      #expect(
        diff.out == "  rules: nothing → direct: 30 %, above 1 units: 50 %\n", "\(diff)")
      #expect(try contract("diff", file, file).out == "  The contracts are the same.\n")
      #expect(try contract("diff", "1", file).code == 2)
      #expect(try contract("diff", "7", file, "--product", product).code == 1)
    }
  }

  @Test func `what may not follow is refused, by a trial as well`() async throws {
    try await withShop { contract in
      let folder = contract.folder
      try folder.write(#"{"base":"net","rates":{"direct":1}}"#, to: "less.json")
      let advance = #"{"base":"net","rates":{"direct":1,"retail":1},"advances":"#
      try folder.write(
        advance + #"[{"name":"a","amount":"1","currency":"USD"}]}"#, to: "advance.json")
      try folder.write(
        advance + #"[{"name":"a","amount":"2","currency":"USD"}]}"#, to: "other.json")
      let (later, last) = ("2999-01-01T00:00:00Z", "2999-02-01")
      #expect(try contract.add("contract.json", "--from", "2001-01-01T00:00:00Z") == 4)
      #expect(try contract.add("less.json", "--from", later) == 4)
      #expect(try contract.add("advance.json", "--from", later) == 0)
      #expect(try contract.add("advance.json", "--from", "2999-02-31") == 2)
      for more in [["--dry-run"], []] {
        func add(_ name: String, _ start: String) throws -> Int32 {
          try contract.add(name, ["--from", start] + more)
        }
        #expect(try add("advance.json", later) == 3)
        #expect(try add("advance.json", "2998-01-01") == 4)
        #expect(try add("less.json", last) == 4)
        #expect(try add("other.json", last) == 4)
      }
      #expect(try contract.add("advance.json", "--from", last, "--dry-run") == 0)
      for name in ["other.json", "less.json"] {
        let no = try contract("check", "\(folder.path)/\(name)", "--product", contract.product)
        #expect(no.code == 4, "\(no)")
      }
      let good = try contract(
        "check", "\(folder.path)/advance.json", "--product", contract.product)
      #expect(good.code == 0 && good.out.contains("  advance a: 1.00 USD, paid back as number 1"))
      let (nobody, file) = (ProductID(uuid: .zero).description, "\(folder.path)/contract.json")
      #expect(try contract("add", nobody, file, "--reason", "So.").code == 1)
      #expect(try contract("check", file, "--product", nobody).code == 1)
    }
  }
}
