import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct EarnedSumsTests {
  private func opened(_ story: Story) async throws -> ProductID {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.product(by: ada, curator: curator)
    try await story.lock(product)
    return product
  }

  private func lines(_ pool: Pool) async throws -> [String] {
    try await pool.all(
      """
      SELECT concat_ws(' ', channel, rate_ppm, units, base::text, earned::text)
      FROM settlement_lines ORDER BY settlement_id, channel
      """, as: String.self)
  }

  @Test func `each settlement is explained by its own lines, exactly`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await opened(story)
      try await story.sell([
        Story.line("1", product, quantity: 3, price: "0.000000001"),
        Story.line("2", product, channel: "retail", price: "10"),
      ])
      try await story.settle()
      try await story.sell([Story.line("3", product, price: "1")])
      try await story.settle()
      #expect(
        try await lines(pool) == [
          "direct 300000 3 3000000 900000000000",
          "retail 100000 1 10000000000000000 1000000000000000000000",
          "direct 300000 1 1000000000000000 300000000000000000000",
        ])
      try await story.verify()
    }
  }

  @Test func `sums that move no money yet wait for the settlement whose lines explain them`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await opened(story)
      try await story.sell([Story.line("1", product, price: "0.000000001")])
      guard case .nothingToDo = try await story.settle() else {
        Issue.record("a third of a nano moved")
        return
      }
      #expect(try await lines(pool) == [])
      try await story.verify()
      try await story.sell([Story.line("2", product, price: "0.000000003")])
      try await story.settle()
      #expect(try await lines(pool) == ["direct 300000 2 4000000 1200000000000"])
      #expect(try await story.pools(product) == "0.000000001")
      try await story.verify()
    }
  }

  @Test func `books from before sums were stored are explained settlement by settlement`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await opened(story)
      for number in 1...3 {
        try await story.sell([Story.line("\(number)", product, price: "\(number)")])
        try await story.settle()
      }
      let before = try await lines(pool)
      #expect(before.count == 3)
      for table in ["earned_sums", "settlement_lines", "lifetime_marker", "counted_rules"] {
        try await pool.execute("DELETE FROM \(unsafeSQL: table)")
      }
      try await story.verify()
      guard case .nothingToDo = try await story.settle() else {
        Issue.record("storing the sums moved money")
        return
      }
      #expect(try await lines(pool) == before)
      try await story.verify()
    }
  }

  @Test(arguments: [
    "UPDATE earned_sums SET units = units + 1", "UPDATE earned_sums SET earned = earned + 1",
    "DELETE FROM earned_sums", "UPDATE settlement_lines SET base = base - 1",
    "DELETE FROM settlement_lines",
  ])
  func `verify names sums and lines that are wrong`(damage: String) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let product = try await opened(story)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.settle()
      try await story.verify()
      try await pool.execute("\(unsafeSQL: damage)")
      #expect(try await Verify.run(pool: pool).first?.check == "sums")
    }
  }
}
