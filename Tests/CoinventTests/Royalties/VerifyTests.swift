import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Verification must have teeth: each way of tampering is found, and named.
@Suite struct VerifyTests {
  private static let tampering: [(check: String, sql: String)] = [
    ("pools", "UPDATE pools SET settled = settled + 1"),
    ("pools", "DELETE FROM sale_lines WHERE external_id = '2'"),
    ("pools", "UPDATE sale_lines SET unit_price = unit_price + 10 WHERE external_id = '1'"),
    ("pools", "UPDATE contract_rates SET rate_ppm = rate_ppm + 1 WHERE channel = 'direct'"),
    ("postings", "UPDATE transfers SET amount = amount + 1 WHERE reason = 'pool'"),
    ("credits", "UPDATE transfers SET amount = amount + 1 WHERE reason = 'credit'"),
    ("credits", "DELETE FROM transfers WHERE reason = 'credit' AND to_kind = 'clearing'"),
    ("credits", "UPDATE share_totals SET ppb = ppb - 1 WHERE member_id <> \(zero)"),
    ("clearing", "DELETE FROM transfers WHERE reason = 'deliver'"),
    ("causes", "UPDATE transfers SET cause = home WHERE reason = 'deliver'"),
    ("balances", "UPDATE balances SET balance = balance + 1"),
    ("shares", "UPDATE shares SET ppb = ppb + 1 WHERE slice = 'house'"),
    ("shares", "UPDATE influence_events SET slice = 'design' WHERE slice = 'idea_votes'"),
    ("shares", "UPDATE share_versions SET sha256 = sha256('x')"),
    ("votes", "UPDATE tallies SET votes = votes + 1"),
    ("holds", "UPDATE tallies SET held = 1"),
    (
      "holds",
      "INSERT INTO vote_accounts SELECT id, 'day', now(), 1, 1 FROM members WHERE handle = 'bob'"
    ),
  ]
  private static let zero = "'00000000-0000-0000-0000-000000000000'"

  @Test(arguments: tampering.indices)
  func `what is tampered with is found and named`(index: Int) async throws {
    let (check, sql) = Self.tampering[index]
    try await withDatabase { pool in
      try await tell(Story(pool))
      #expect(try await Verify.run(pool: pool).first == nil)
      let touched = try await pool.execute("\(unsafeSQL: sql)")
      #expect(touched > 0)
      let finding = try await Verify.run(pool: pool).first
      #expect(finding?.check == check)
    }
  }

  private func tell(_ story: Story) async throws {
    let ada = try await story.member("ada")
    let bob = try await story.member("bob")
    let curator = try await story.member("curator", role: .curator)
    let idea = try await story.idea(by: ada)
    try await story.vote(bob, for: idea)
    let product = try await story.accept(idea, by: curator)
    try await story.lock(product)
    try await story.sell([
      Story.line("1", product, price: "100"), Story.line("2", product, price: "7.77"),
    ])
    try await story.settle()
  }

  @Test func `what is only ever added to cannot be changed even by its owner`() async throws {
    try await withDatabase { pool in
      let tables = try await pool.all(
        """
        SELECT c.relname::text FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
          AND c.relname = ANY(ARRAY['transfers', 'sale_lines', 'influence_events', 'shares',
            'share_totals', 'recipe_slices', 'contract_rates', 'decisions', 'payout_events',
            'holding_changes'])
          AND NOT EXISTS (
            SELECT 1 FROM aclexplode(c.relacl) a
            WHERE a.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE'))
        """, as: String.self)
      #expect(tables.count == 10)
    }
  }

  @Test func `sales alone never take anything back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      var random = Seeded(seed: 3)
      var last: Int64 = 0
      for round in 0..<25 {
        try await story.sell(
          (0..<4).map { number in
            try Story.line(
              "\(round)-\(number)", product, quantity: Int.random(in: 1...9, using: &random),
              price: "0.00000\(Int.random(in: 1...999, using: &random))")
          })
        _ = try await story.settle()
        let credited = try await Earnings.of(ada, in: pool).totals.first?.credited ?? 0
        #expect(credited >= last)
        last = credited
      }
      #expect(last > 0)
    }
  }
}
