import Ledger
import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What publishing writes, and what comes behind it.
@Suite struct PublishingTests {
  /// Three members of a product that was sold.
  private func sold(_ story: Story) async throws -> (members: [MemberID], curator: MemberID) {
    let members = try await story.members(3)
    let curator = try await story.member("curator", role: .curator)
    let product = try await story.shared(by: members[0], with: members, curator: curator)
    try await story.sell([Story.line("1", product, price: "100")])
    return (members, curator)
  }

  private func approved(_ story: Story, _ name: String) async throws {
    try await story.openPeriod(name)
    try await story.previewPeriod(name)
    try await story.approvePeriod(name)
  }

  @Test func `a statement is there before its hash, which is kept behind it and once`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (members, _) = try await sold(story)
      try await approved(story, "2026-01")
      _ = try await PublishPeriod.run("2026-01", by: nil, pool: pool)
      let open = try #require(try await FindStatement.list(of: members[1], in: pool).first)
      let early = try #require(try await story.statement(members[1], "2026-01"))
      #expect(open.sha256 == nil && open.madeAt == early.madeAt)
      try await story.verify()

      let told = try await pool.one(
        "SELECT count(DISTINCT member_id) FROM statement_balances", as: Int.self)
      let waiting = try await Verify.run(pool: pool).unproven
      #expect(waiting.statements == Int64(told))
      #expect(waiting.sentence?.contains("\(told) statements; ") == true)
      #expect(try await SealStatements.run(in: pool) == told)
      #expect(try await Verify.run(pool: pool).unproven.statements == 0)
      #expect(try await SealStatements.run(in: pool) == 0)
      let sealed = try #require(try await FindStatement.list(of: members[1], in: pool).first)
      #expect(sealed.sha256 == early.sha256)
      try await story.verify()

      // Killed in the middle of it, it does the rest.
      try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        try await tx.execute(
          "DELETE FROM statement_seals WHERE member_id = \(members[1].uuid)")
        try await tx.execute("UPDATE publications SET sealed = false")
      }
      try await story.verify()
      #expect(try await SealStatements.run(in: pool) == 1)
      try await story.verify()
    }
  }

  @Test func `a line says how many units were sold, and how many came back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.product(by: ada, curator: curator)
      try await story.lock(product)
      try await story.sell([
        Story.line("1", product, quantity: 5, price: "9.99"),
        Story.line("back", product, quantity: -2, price: "9.99", returnOf: "1"),
      ])
      try await story.period("2026-01")
      let statement = try #require(try await story.statement(ada, "2026-01"))
      #expect(
        statement.accounts[0].products[0].lines.map(\.sentence) == [
          "3 units (5 sold, 2 returned) × 9.99 = 29.97 base × 30 % = 8.991 pool × 42 % share "
            + "= 3.77622"
        ])
      try await story.verify()
    }
  }

  @Test func `those who have a statement hear of it, and of another version who has one`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (members, curator) = try await sold(story)
      try await story.period("2026-01")
      _ = try await HandOutNotices.run(isMailing: false, batch: 2, in: pool)
      #expect(try await told(pool) == [Set(members)])
      // What is new in the second version is only the inventor's.
      let own = try await story.product(by: members[0], curator: curator)
      try await story.lock(own)
      try await story.sell([Story.line("2", own, price: "100")])
      try await story.reopenPeriod("2026-01")
      try await story.previewPeriod("2026-01")
      try await story.approvePeriod("2026-01")
      try await story.publishPeriod("2026-01")
      _ = try await HandOutNotices.run(isMailing: false, batch: 2, in: pool)
      #expect(try await told(pool) == [Set(members), [members[0]]])
    }
  }

  /// Who heard of statements, by notice.
  private func told(_ pool: Pool) async throws -> [Set<MemberID>] {
    let rows = try await pool.all(
      """
      SELECT array_agg(member_id) FROM notifications WHERE kind = 'statement'
      GROUP BY posted_at ORDER BY posted_at
      """, as: [UUID].self)
    return rows.map { Set($0.map(MemberID.init(uuid:))) }
  }
}
