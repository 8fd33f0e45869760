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

  @Test func `contracts are tried, added, shown and compared`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func contract(_ words: String...) throws -> Run {
        try Run.program(Run.executable, ["contract"] + words, environment: environment)
      }
      let folder = try Folder()
      let file = "\(folder.path)/contract.json"
      try folder.write(Self.steps, to: "contract.json")
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let id = try await story.product(by: ada, curator: curator)
      let product = id.description
      try await story.sell([Story.line("s", id, quantity: 2, price: "10")])

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
      #expect(text.contains(" by mem_") && text.contains(": The crowd asked for it.\n"), "\(text)")
      #expect(try contract("show", product, "1").out.contains("from the beginning"))
      #expect(try contract("show", product, "9").code == 1)
      let diff = try contract("diff", "1", "2", "--product", product)
      #expect(diff.out.hasPrefix("  rules: nothing → ["), "\(diff)")
      #expect(try contract("diff", file, file).out == "  The contracts are the same.\n")
      #expect(try contract("diff", "1", file).code == 2)
      #expect(try contract("diff", "7", file, "--product", product).code == 1)

      let later = ["--from", "2999-01-01T00:00:00Z"]
      func add(_ name: String, _ more: [String] = []) throws -> Int32 {
        try Run.program(
          Run.executable,
          ["contract", "add", product, "\(folder.path)/\(name)", "--reason", "So."] + more,
          environment: environment
        ).code
      }
      try folder.write(#"{"base":"net","rates":{"direct":1}}"#, to: "less.json")
      #expect(try add("contract.json", ["--from", "2001-01-01T00:00:00Z"]) == 4)
      #expect(try add("less.json", later) == 4)
      let advance = #"{"base":"net","rates":{"direct":1,"retail":1},"advances":"#
      try folder.write(
        advance + #"[{"name":"a","amount":"1","currency":"USD"}]}"#, to: "advance.json")
      try folder.write(
        advance + #"[{"name":"a","amount":"2","currency":"USD"}]}"#, to: "other.json")
      #expect(try add("advance.json", later) == 0)
      #expect(try add("advance.json", later) == 3)
      #expect(try add("advance.json") == 4)
      #expect(try add("other.json", ["--from", "2999-02-01T00:00:00Z"]) == 4)
      let nobody = ProductID(uuid: .zero).description
      #expect(try contract("add", nobody, file, "--reason", "So.").code == 1)
      #expect(try contract("check", file, "--product", nobody).code == 1)
    }
  }
}
