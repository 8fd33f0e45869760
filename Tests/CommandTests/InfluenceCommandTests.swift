import Coinvent
import Foundation
import JSON
import TestSupport
import Testing

@testable import Command

@Suite struct InfluenceCommandTests {
  @Test func `influence is shown, explained and tried under another recipe`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func influence(_ words: String...) throws -> Run {
        try Run.program(Run.executable, ["influence"] + words, environment: environment)
      }
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator).description
      let id = try #require(ProductID(product))
      for member in [ada, bob, bob] { try await story.contribute(member, to: id, .comparison) }

      let shown = try influence("show", product)
      #expect(shown.code == 0, "\(shown)")
      #expect(shown.out.contains("2.6666667 %  26666667 ppb  \(bob)"), "\(shown)")
      let document = try JSON.parse(try influence("show", product, "--json").out)
      #expect(document["total_ppb"]?.int == 1_000_000_000)

      let told = try influence("explain", product, "bob")
      for line in [
        "bob holds 2.6666667 % of \(product), 26666667 ppb",
        "comparison: 2.6666667 %, 26666667 ppb", "Each adopted contribution counts one.",
        "The member's 2 events weigh 2; those of all 2 members 3.",
        "40000000 × 2 ÷ 3 = 26666666, and a remainder of 2/3 ppb.",
        "Rounding down left 1 ppb over, which went to the largest remainders, this one among them.",
        "Events: 2", "comparison, counts one: entry",
      ] { #expect(told.out.contains(line), "\(line)\n\(told)") }
      try await story.lock(id)
      let first = try influence("explain", product, bob.description, "--version", "1", "--json")
      #expect(try JSON.parse(first.out)["ppb"]?.int == 26_666_667)
      #expect(try influence("explain", product, "bob", "--version", "2").code == 1)
      #expect(try influence("explain", product, "bob", "--version", "x").code == 2)
      #expect(try influence("explain", product, "nobody").code == 1)
      #expect(try influence("explain", product, "curator").out.contains("No event counts for it."))

      let same = try influence("what-if", product, "--recipe-version", "1")
      #expect(same.out.hasSuffix("Nobody would hold more or less.\n"), "\(same)")
      let folder = try Folder()
      try folder.write(
        """
        {"slices": [{"slice": "comparison", "ppb": 1000000000, "policy": "equal"}],
         "unclaimed": "house"}
        """, to: "recipe.json")
      let other = try influence("what-if", product, "--recipe", "\(folder.path)/recipe.json")
      #expect(other.out.contains("\(bob)  26666667 → 666666667 ppb  (+64 %)"), "\(other)")
      #expect(other.out.hasSuffix("All together: 1000000000 ppb → 1000000000 ppb\n"), "\(other)")
      #expect(try influence("what-if", product, "--recipe-version", "9").code == 1)
      #expect(try influence("what-if", product).code == 2)
      let nowhere = ProductID.new().description
      for words in [["show", nowhere], ["explain", nowhere, "bob"]] {
        #expect(
          try Run.program(Run.executable, ["influence"] + words, environment: environment).code
            == 1)
      }
      #expect(
        try influence("what-if", nowhere, "--recipe", "\(folder.path)/recipe.json").code == 1)
      #expect(try influence("show", "x").code == 2)
    }
  }
}
