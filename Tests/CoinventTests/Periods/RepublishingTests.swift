import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Statements of periods that were opened again, of members for whom all cancels out, and drafts.
@Suite struct RepublishingTests {
  /// Products of Ada's, with locked shares.
  private func products(_ count: Int, _ story: Story) async throws -> (MemberID, [ProductID]) {
    let ada = try await story.member("ada")
    let curator = try await story.member("curator", role: .curator)
    var products: [ProductID] = []
    for _ in 0..<count {
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      products.append(product)
    }
    return (ada, products)
  }

  private func approved(_ story: Story, _ name: String) async throws {
    try await story.openPeriod(name)
    try await approvedAgain(story, name)
  }

  private func approvedAgain(_ story: Story, _ name: String) async throws {
    try await story.previewPeriod(name)
    try await story.approvePeriod(name)
  }

  private func currencies(_ statement: Statement?) throws -> [String] {
    try #require(statement).accounts.map(\.currency.code)
  }

  @Test func `a second version tells every currency of the first`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, products) = try await products(1, story)
      try await story.sell([
        Story.line("1", products[0], quantity: 10, price: "20", currency: "GBP")
      ])
      try await approved(story, "2026-01")
      try await story.reopenPeriod("2026-01")
      try await story.sell([
        Story.line("2", products[0], quantity: -10, price: "20", currency: "GBP", returnOf: "1")
      ])
      try await approvedAgain(story, "2026-01")
      try await story.publishPeriod("2026-01")
      #expect(try currencies(await story.statement(ada, "2026-01")) == ["GBP"])
      try await story.reopenPeriod("2026-01")
      try await story.sell([Story.line("3", products[0], price: "20")])
      try await approvedAgain(story, "2026-01")
      try await story.publishPeriod("2026-01")
      let second = try await story.statement(ada, "2026-01")
      #expect(try currencies(second) == ["GBP", "USD"])
      #expect(second?.accounts.first?.products.flatMap(\.lines).count == 2)
      #expect(second?.accounts.first?.closingBefore == 0)
      try await story.verify()

      try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        try await tx.execute(
          "DELETE FROM statement_balances WHERE version = 2 AND currency = 'GBP'")
      }
      let findings = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(findings.contains { $0.detail.contains("leaves out GBP") }, "\(findings)")
    }
  }

  @Test func `who was credited by one product what another took has a statement`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, products) = try await products(2, story)
      try await story.sell([Story.line("1", products[0], quantity: 10, price: "10")])
      try await story.period("2026-01")
      try await story.sell([
        Story.line("2", products[0], quantity: -10, price: "10", returnOf: "1"),
        Story.line("3", products[1], quantity: 10, price: "10"),
      ])
      try await story.period("2026-02")
      let lines = try #require(try await story.statement(ada, "2026-02")).accounts
        .flatMap(\.products).flatMap(\.lines)
      #expect(lines.map(\.amount) == [-12_600_000_000, 12_600_000_000])
      try await story.verify()
    }
  }

  @Test func `the same when nothing was owed before`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, products) = try await products(2, story)
      try await story.sell([
        Story.line("1", products[0], quantity: 10, price: "10"),
        Story.line("2", products[1], quantity: -10, price: "10", returnOf: "lost"),
      ])
      try await story.period("2026-01")
      let account = try #require(try await story.statement(ada, "2026-01")?.accounts.first)
      #expect(account.closing == 0 && account.products.flatMap(\.lines).count == 2)
      try await story.verify()
    }
  }

  @Test func `drafts add up while an earlier period waits, and know one that is being published`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, products) = try await products(1, story)
      try await story.sell([Story.line("1", products[0], price: "100", currency: "EUR")])
      try await approved(story, "2026-01")
      try await story.sell([Story.line("2", products[0], price: "50")])
      try await approved(story, "2026-02")
      let later = try #require(try await Period.find("2026-02", in: pool))
      let draft = try #require(
        try await FindStatement.draft(of: ada, period: later, pool: pool))
      #expect(draft.accounts.map(\.credited) == [6_300_000_000])
      // Stopped between two steps, it is open.
      await #expect(throws: CancellationError.self) {
        _ = try await PublishPeriod.run("2026-01", by: nil, pool: pool, steps: 1)
      }
      await #expect(throws: FindStatement.IsBeingPublished.self) {
        _ = try await FindStatement.draft(of: ada, period: later, pool: pool)
      }
      let open = try #require(try await Period.find("2026-01", in: pool))
      let early = try await FindStatement.draft(of: ada, period: open, pool: pool)
      #expect(early?.accounts.map(\.credited) == [12_600_000_000])
      try await story.publishPeriod("2026-01")
      #expect(
        try await story.statement(ada, "2026-01")?.accounts.map(\.credited) == [12_600_000_000])
      try await story.verify()
    }
  }
}
