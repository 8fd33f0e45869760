import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Whatever is tampered with about a fee is found, and its idea is named.
@Suite struct FeeVerifyTests {
  private static let tampering = [
    "UPDATE transfers SET amount = amount + 1 WHERE reason = 'hold' AND from_kind = 'bank'",
    "UPDATE transfers SET amount = amount - 1 WHERE reason = 'earn'",
    "UPDATE transfers SET to_owner = home WHERE reason = 'earn'",
    "DELETE FROM transfers WHERE reason = 'earn'",
    "DELETE FROM transfers WHERE reason = 'refund'",
    "UPDATE transfers SET reason = 'earn', to_kind = 'fees_earned' WHERE reason = 'refund'",
    "UPDATE idea_fees SET amount = amount * 2 WHERE state = 'held'",
    "UPDATE idea_fees SET source = 'outside' WHERE source = 'balance'",
    "UPDATE idea_fees SET state = 'waived' WHERE state = 'due'",
    "UPDATE idea_fees SET state = 'earned' WHERE state = 'held'",
    "UPDATE idea_fees SET state = 'held' WHERE state = 'earned'",
    "DELETE FROM fee_receipts",
    "DELETE FROM fee_events WHERE new_state = 'earned'",
    """
    UPDATE ideas SET state = 'open'
    WHERE id IN (SELECT idea_id FROM idea_fees WHERE state = 'due')
    """,
  ]

  @Test(arguments: tampering.indices)
  func `tampering with fees is found and named`(index: Int) async throws {
    try await withDatabase { pool in
      let scene = try await FeesTests.Scene(pool)
      let (story, ada) = (scene.story, scene.ada)
      let earned = try await story.submitted(by: ada)
      try await story.pay(earned.id, .balance(ada))
      let refunded = try await story.submitted(by: ada, as: .submitted)
      try await story.pay(refunded.id, scene.outside("1"))
      try await story.move(refunded.id, to: .removed)
      let held = try await story.submitted(by: ada, as: .submitted)
      try await story.pay(held.id, scene.outside("2"))
      let due = try await story.submitted(by: ada)
      #expect(try await Verify.run(pool: pool).first == nil)
      try await pool.transaction { tx in
        // As somebody would who is past all constraints and triggers.
        try await tx.execute("SET LOCAL session_replication_role = replica")
        let touched = try await tx.execute("\(unsafeSQL: Self.tampering[index])")
        #expect(touched > 0)
      }
      let finding = try #require(try await Verify.run(pool: pool).first)
      #expect(finding.check == "fees", "\(finding)")
      let known = [earned, refunded, held, due].map(\.id.description)
      #expect(known.contains { finding.detail.contains($0) }, "\(finding)")
    }
  }
}
