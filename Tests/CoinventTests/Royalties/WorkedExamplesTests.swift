import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// The worked examples of the money model, each through sales, shares and settlement.
@Suite struct WorkedExamplesTests {
  private func recipe(_ parts: [(Slice, Int64, SlicePolicy)]) -> Recipe {
    Recipe(
      parts: parts.map { Recipe.Part(slice: $0.0, ppb: $0.1, policy: $0.2) }, unclaimed: .house)
  }

  private func inventorAnd(_ inventor: Int64, _ rest: Slice, _ policy: SlicePolicy) -> Recipe {
    recipe([(.inventor, inventor, .named), (rest, 1_000_000_000 - inventor, policy)])
  }

  /// Ada's product with its shares locked, after `before` has added contributions.
  private func locked(
    _ story: Story, _ recipe: Recipe, _ contract: ContractTerms = .standard,
    before: (ProductID) async throws -> Void = { _ in }
  ) async throws -> (ada: MemberID, product: ProductID) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(
      by: ada, curator: curator, recipe: recipe, contract: contract)
    try await before(product)
    try await story.lock(product)
    return (ada, product)
  }

  @Test func `1: one unit at 9.99 makes a pool of 2.997 and 1.1988 for the inventor`() async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await locked(story, inventorAnd(400_000_000, .naming, .equal))
      try await story.sell([Story.line("1", product, price: "9.99")])
      try await story.settle()
      #expect(try await story.pools(product) == "2.997")
      #expect(try await story.credited(ada) == "1.1988")
      try await story.verify()
    }
  }

  @Test func `2: direct and retail revenue of 100 each make 12.60 and 4.20`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await locked(story, inventorAnd(420_000_000, .naming, .equal))
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()
      #expect(try await story.credited(ada) == "12.60")
      try await story.sell([Story.line("2", product, channel: "retail", price: "100")])
      try await story.settle()
      #expect(try await story.pools(product) == "40.00")
      #expect(try await story.credited(ada) == "16.80")
      try await story.verify()
    }
  }

  @Test func `3: naming five percent pays its author and voters and nobody else`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let author = try await story.member("author")
      let voter = try await story.member("voter")
      let loser = try await story.member("loser")
      let recipe = recipe([(.inventor, 950_000_000, .named), (.naming, 50_000_000, .weight)])
      let (_, product) = try await locked(story, recipe) { product in
        try await story.contribute(author, to: product, .naming)
        try await story.contribute(voter, to: product, .naming)
      }
      try await story.sell([
        Story.line("1", product, channel: "retail", quantity: 100, price: "10")
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "100.00")
      #expect(try await story.credited(author) == "2.50")
      #expect(try await story.credited(voter) == "2.50")
      #expect(try await story.credited(loser) == "0.00")
    }
  }

  @Test func `4: 2992 others share 60 of a pool of 100 equally`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      var others: [MemberID] = []
      for part in 0..<16 { others += try await story.crowd(187, prefix: "m\(part)x") }
      let contract = ContractTerms(base: .gross, rates: [("direct", 100_000), ("retail", 100_000)])
      let (ada, product) = try await locked(
        story, inventorAnd(400_000_000, .design, .equal), contract
      ) { product in
        try await pool.transaction { tx in
          for other in others {
            _ = try await RecordContribution.run(
              product: product, member: other, slice: .design, weight: 1, evidence: "", by: nil,
              at: .now, in: tx)
          }
        }
      }
      try await story.sell([Story.line("1", product, quantity: 100, price: "10")])
      try await story.settle()
      #expect(try await story.credited(ada) == "40.00")
      var sum: Int64 = 0
      for other in others {
        let nanos = try #require(
          try await Earnings.of(other, in: pool).totals.first
        ).credited
        sum += nanos
        // 60/2992 is 0.020053475 93…; a share is whole ppb of the pool, so within 100 nanos of it.
        #expect(abs(nanos - 20_053_475) <= 100)
      }
      #expect(sum == 60_000_000_000)
      try await story.verify()
    }
  }

  @Test func `5: 165784 units and 2635501.14 make 110691.04788 for the inventor`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await locked(story, inventorAnd(420_000_000, .naming, .equal))
      // 165 783 units at 15.89, and one that makes the sum.
      try await story.sell([
        Story.line("1", product, channel: "retail", quantity: 165_783, price: "15.89"),
        Story.line("2", product, channel: "retail", price: "1209.27"),
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "263550.114")
      #expect(try await story.credited(ada) == "110691.04788")
    }
  }

  @Test func `7: three percent of net, and zero again after the return`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let contract = ContractTerms(base: .net, rates: [("direct", 30_000)])
      let (ada, product) = try await locked(
        story, inventorAnd(420_000_000, .naming, .equal), contract)
      try await story.sell([Story.line("1", product, price: "29.99", discount: "5.00")])
      try await story.settle()
      #expect(try await story.pools(product) == "0.7497")
      try await story.sell([
        Story.line(
          "1r", product, quantity: -1, price: "29.99", discount: "5.00",
          soldAt: "2026-02-03", returnOf: "1")
      ])
      try await story.settle()
      #expect(try await story.pools(product) == "0.00")
      #expect(try await story.credited(ada) == "0.00")
      try await story.verify()
    }
  }

  @Test func `a return before its sale mirrors it, and both together are nothing`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, product) = try await locked(story, inventorAnd(333_333_333, .naming, .equal))
      try await story.sell([
        Story.line("r", product, quantity: -1, price: "9.99", soldAt: "2026-02-03", returnOf: "s")
      ])
      try await story.settle()
      #expect(try await story.credited(ada) == "-0.998999999")
      try await story.verify()
      try await story.sell([Story.line("s", product, price: "9.99")])
      try await story.settle()
      #expect(try await story.credited(ada) == "0.00")
      try await story.verify()
    }
  }
}
