import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct PublicationTests {
  @Test(arguments: [
    ("DELETE FROM statements", "was published with"),
    ("DELETE FROM statement_balances", "have no balances"),
  ])
  func `a statement that was taken away is missed`(sql: String, says: String) async throws {
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
        findings.contains { $0.check == "publications" && $0.detail.contains(says) }, "\(findings)")
    }
  }
}
