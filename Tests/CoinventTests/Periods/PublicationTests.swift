import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PublicationTests {
  @Test(arguments: [
    ("DELETE FROM statement_balances", "counts other statements than there are"),
    ("DELETE FROM statement_seals", "says wrongly whether all statements are sealed"),
    ("UPDATE publications SET sealed = false, done_at = NULL", "says wrongly whether"),
    ("DELETE FROM publication_steps WHERE step = 1", "has other steps than were done"),
    ("UPDATE publications SET steps = 3", "has other steps than were done"),
    (
      """
      UPDATE statement_seals SET member_id = '00000000-0000-7000-8000-000000000001'
      WHERE member_id = (SELECT min(member_id::text)::uuid FROM statement_seals)
      """, "has parts and is gone"
    ),
    ("DELETE FROM members WHERE handle = 'ada'", "is of nobody"),
    (
      """
      INSERT INTO statement_seals SELECT member_id, period_id, 9, sha256 FROM statement_seals
      """,
      "has parts, and was never made"
    ),
  ])
  func `a statement that hangs in the air or was taken away is named`(
    sql: String, says: String
  ) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let product = try await story.shared(by: ada, with: [curator], curator: curator)
      try await story.sell([Story.line("1", product, price: "100")])
      try await story.period("2026-01")
      try await story.verify()
      try await pool.transaction { tx in
        try await tx.execute("SET LOCAL session_replication_role = replica")
        #expect(try await tx.execute("\(unsafeSQL: sql)") > 0)
      }
      let findings = try await Verify.run(pool: pool).checks.compactMap(\.finding)
      #expect(
        findings.contains { $0.check == "statements" && $0.detail.contains(says) }, "\(findings)")
    }
  }
}
