import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct FollowsTests {
  private func follows(_ member: MemberID, in pool: Pool) async throws -> [IdeaID] {
    try await ListFollows.run(of: member, limit: 100, after: nil, in: pool).follows.map(\.idea)
  }

  @Test func `an author follows, others follow and stop as they like`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let idea = try await story.idea(by: ada)
      #expect(try await follows(ada, in: pool) == [idea])
      #expect(try await FollowIdea.run(idea, by: bob, in: pool) == .followed)
      #expect(try await FollowIdea.run(idea, by: bob, in: pool) == .followed)
      #expect(try await follows(bob, in: pool) == [idea])
      try await FollowIdea.stop(idea, by: bob, in: pool)
      try await FollowIdea.stop(idea, by: bob, in: pool)
      #expect(try await follows(bob, in: pool) == [])
      #expect(try await FollowIdea.run(.new(), by: bob, in: pool) == .unknown)
      let draft = try await story.draft(by: ada)
      #expect(try await FollowIdea.run(draft, by: bob, in: pool) == .unknown)
    }
  }

  @Test
  func `a merge brings followers to the original, and taken back it takes exactly these away`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let cleo = try await story.member("cleo")
      let both = try await story.member("both")
      let curator = try await story.member("curator", role: .curator)
      let original = try await story.idea(by: ada)
      let duplicate = try await story.idea(by: bob, title: "A cable without tangles")
      for member in [cleo, both] {
        #expect(try await FollowIdea.run(duplicate, by: member, in: pool) == .followed)
      }
      #expect(try await FollowIdea.run(original, by: both, in: pool) == .followed)
      try await story.merge(duplicate, into: original, by: curator)
      for member in [ada, bob, cleo, both] {
        #expect(try await follows(member, in: pool) == [original])
      }
      // Cleo stops and begins again: that is her own wish now.
      try await FollowIdea.stop(original, by: cleo, in: pool)
      #expect(try await FollowIdea.run(original, by: cleo, in: pool) == .followed)
      try await story.unmerge(duplicate, by: curator)
      #expect(try await follows(ada, in: pool) == [original])
      #expect(try await follows(bob, in: pool) == [duplicate])
      #expect(try await Set(follows(cleo, in: pool)) == [original, duplicate])
      #expect(try await Set(follows(both, in: pool)) == [original, duplicate])
    }
  }

  @Test func `a notice is one row with one row of work, and is never changed`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await pool.transaction { tx in
        try await Notify.post(.helpful, about: idea, by: ada, to: .members([ada]), in: tx)
        try await Notify.post(.comment, about: idea, by: nil, to: .members([]), in: tx)
        try await Notify.post(.comment, about: idea, by: ada, to: .followers, in: tx)
      }
      let rows = try await pool.all(
        "SELECT kind FROM notices JOIN notice_work ON notice_id = id", as: String.self)
      #expect(rows == ["comment"])
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("DELETE FROM notices")
      }
    }
  }
}
