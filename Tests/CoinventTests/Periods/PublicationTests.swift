import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PublicationTests {
  @Test(arguments: [
    ("DELETE FROM statements", "counts other statements than there are"),
    ("DELETE FROM statement_balances", "has no balances"),
    (
      """
      INSERT INTO statements SELECT '00000000-0000-7000-8000-000000000001', period_id, version,
        made_at, sha256 FROM statements LIMIT 1
      """, "counts other statements than there are"
    ),
    ("DELETE FROM members WHERE handle = 'ada'", "is of nobody"),
    (
      "INSERT INTO statements SELECT member_id, period_id, 9, made_at, sha256 FROM statements",
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
