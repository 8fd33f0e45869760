import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct TermsTests {
  private func people(_ story: Story) async throws -> (ada: MemberID, admin: MemberID) {
    (try await story.member("ada"), try await story.member("admin", role: .admin))
  }

  @Test func `where there are no terms nothing is accepted`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.submitted(by: ada)
      #expect(try await TermAcceptance.of(idea.id, in: pool) == nil)
      await #expect(throws: Invalid.self) {
        try await story.submit(by: ada, wish: .init(terms: 1))
      }
      guard case .withdrawn(_, terms: nil) = try await story.takeBack(idea.id, by: ada) else {
        throw Surprise("it should be withdrawn, without terms")
      }
    }
  }

  @Test func `a submission names the version in force, and what was accepted is kept with it`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, admin) = try await people(story)
      let start = Timestamp.now
      try await story.terms("First.", by: admin, at: start)
      let second = try await story.terms("Second.", takeBackDays: 3, by: admin, at: start)
      try await story.terms(
        "Third.", effectiveFrom: start + .seconds(3600), by: admin, at: start)
      #expect(second.version == 2)
      #expect(try await Terms.inForce(at: start, in: pool)?.version == 2)
      #expect(try await Terms.inForce(at: start + .seconds(3600), in: pool)?.version == 3)
      for wrong in [nil, 1, 3] as [Int64?] {
        let outcome = try await story.submit(by: ada, wish: .init(terms: wrong), at: start)
        guard case .refused(.termsNotAccepted(inForce: 2)) = outcome else {
          throw Surprise("\(outcome)")
        }
      }
      #expect(try await pool.one("SELECT count(*) FROM ideas", as: Int.self) == 0)
      let idea = try await story.submitted(by: ada, wish: .init(terms: 2), at: start)
      let accepted = try #require(try await TermAcceptance.of(idea.id, in: pool))
      #expect(accepted.member == ada && accepted.version == 2)
      #expect(accepted.sha256 == Digest.sha256(Array("Second.".utf8)))
      #expect(accepted.acceptedAt == start)
      #expect(accepted.takeBackUntil == start + .seconds(3 * 86_400))
      #expect(accepted.takenBack == nil)
    }
  }

  @Test func `a draft accepts nothing until it is submitted`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, admin) = try await people(story)
      try await story.terms(by: admin)
      let draft = try await story.draft(by: ada)
      func open(_ terms: Int64?) async throws -> OpenDraft.Outcome {
        try await pool.transaction {
          try await OpenDraft.run(draft, wish: .init(terms: terms), by: ada, in: $0)
        }
      }
      guard case .refused(.termsNotAccepted(inForce: 1)) = try await open(nil) else {
        throw Surprise("it should be refused")
      }
      #expect(try await FindIdeas.run([draft], in: pool)[0]?.state == .draft)
      guard case .opened = try await open(1) else { throw Surprise("it should open") }
      #expect(try await TermAcceptance.of(draft, in: pool)?.version == 1)
    }
  }

  @Test(arguments: [0, 1, 2])
  func `a withdrawal in time takes the contribution back, a later one leaves the terms`(
    seconds: Int64
  ) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, admin) = try await people(story)
      let start = Timestamp.now
      try await story.terms(takeBackDays: 1, by: admin, at: start)
      let idea = try await story.submitted(by: ada, wish: .init(terms: 1), at: start)
      let end = start + .seconds(86_400 - 1 + seconds)
      let outcome = try await story.takeBack(idea.id, by: ada, at: end)
      guard case .withdrawn(let gone, let terms?) = outcome else { throw Surprise("\(outcome)") }
      #expect(gone.state == .withdrawn)
      #expect(terms.takenBack == (seconds == 0) && terms.withdrawnAt == end)
      let history = try await IdeaRecord.changes(of: idea.id, in: pool)
      #expect(history.map(\.takenBack) == [seconds == 0])
    }
  }

  @Test func `versions are counted by the server, also when several come at once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let admin = try await story.member("admin", role: .admin)
      let versions = try await withThrowingTaskGroup(of: Int64.self) { group in
        for number in 0..<8 {
          group.addTask { try await story.terms("Text \(number)", by: admin).version }
        }
        var versions: [Int64] = []
        for try await version in group { versions.append(version) }
        return versions
      }
      #expect(versions.sorted() == Array(1...8))
    }
  }

  @Test func `faulty terms are refused, and what was written stays`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, admin) = try await people(story)
      let past = Timestamp.now - .seconds(1)
      await #expect(throws: Invalid.self) {
        try await story.terms(" ", effectiveFrom: past, by: admin)
      }
      try await story.terms(by: admin)
      _ = try await story.submitted(by: ada, wish: .init(terms: 1))
      for change: Query in [
        "UPDATE terms SET text = 'x'", "DELETE FROM term_acceptances",
        "UPDATE term_acceptances SET take_back_until = now()", "DELETE FROM term_withdrawals",
      ] {
        let error = await #expect(throws: DatabaseError.self) { try await pool.execute(change) }
        #expect(error?.sqlState == "23001")
      }
    }
  }
}
