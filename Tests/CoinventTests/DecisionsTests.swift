import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct DecisionsTests {
  @Test func `accepting makes a product with the UUID of the idea`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let product = try await story.accept(idea, by: curator)
      #expect(product.uuid == idea.uuid)
      let found = try await FindIdeas.run([idea], in: pool)[0]
      #expect(found?.state == .accepted && found?.decidedAt != nil)
    }
  }

  @Test func `an idea is decided once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await story.decide(.remove, idea, by: ada)
      let again = try await story.decide(.decline, idea, by: ada)
      guard case .alreadyDecided(.removed) = again else {
        Issue.record("\(again)")
        return
      }
      let unknown = try await story.decide(.decline, .new(), by: ada)
      guard case .unknown = unknown else {
        Issue.record("\(unknown)")
        return
      }
      let rows = try await pool.one("SELECT count(*) FROM decisions", as: Int64.self)
      #expect(rows == 1)
    }
  }

  @Test func `of many decisions at once one counts`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      let decided = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<8 {
          group.addTask {
            let decision: DecideIdea.Decision = number % 2 == 0 ? .decline : .remove
            if case .decided = try await story.decide(decision, idea, by: ada) { return true }
            return false
          }
        }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(decided == 1)
    }
  }

  @Test func `a decision without a reason is refused and changes nothing`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      await #expect(throws: Invalid.self) {
        try await pool.transaction { tx in
          try await DecideIdea.run(.decline, idea: idea, reason: " ", by: ada, in: tx)
        }
      }
      #expect(try await FindIdeas.run([idea], in: pool)[0]?.state == .open)
    }
  }
}
