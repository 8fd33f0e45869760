import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Votes that are held, and what a person decides about them.
@Suite struct HoldsTests {
  @Test func `a held vote does not count, shows as held, and counts again when released`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(5)
      let idea = try await story.idea(by: crowd[0])
      for voter in crowd[1...3] { try await story.vote(voter, for: idea) }
      let before = try await pool.one("SELECT votes_hash(\(idea.uuid))", as: [UInt8].self)
      let signal = try await story.signal([(idea, crowd[1]), (idea, crowd[2])])
      #expect(try await story.decide(.release, signal, by: crowd[0]) == .wrongState(.open))
      #expect(try await story.decide(.hold, signal, by: crowd[0]) == .decided(votes: 2))
      #expect(try await votes(idea, in: pool) == 1)
      let again = try await story.vote(crowd[1], for: idea)
      #expect(again.outcome == .done && again.standing == .held && again.votes == 1)
      // Taken back and cast again it is held still: that is no way out.
      #expect(try await story.withdraw(crowd[1], from: idea).standing == nil)
      #expect(try await ListOwnVotes.run(of: crowd[1], in: pool).votes.isEmpty)
      #expect(try await story.vote(crowd[1], for: idea).standing == .held)
      #expect(try await ListOwnVotes.run(of: crowd[1], in: pool).votes.map(\.standing) == [.held])
      #expect(try await story.vote(crowd[4], for: idea).standing == .counted)
      try await story.withdraw(crowd[4], from: idea)
      #expect(try await Verify.run(pool: pool).first == nil)
      #expect(try await story.decide(.release, signal, by: crowd[0]) == .decided(votes: 2))
      #expect(try await pool.one("SELECT votes_hash(\(idea.uuid))", as: [UInt8].self) == before)
      #expect(try await votes(idea, in: pool) == 3)
      #expect(try await story.decide(.hold, signal, by: crowd[0]) == .wrongState(.released))
      let details = try #require(try await VoteSignal.find(signal, in: pool))
      #expect(details.decisions.map(\.decision) == [.hold, .release])
      #expect(details.decisions.allSatisfy { $0.by == crowd[0] && $0.votes == 2 })
      #expect(details.votes.allSatisfy { $0.standing == .counted })
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `an upheld vote stays out for good, with its reason, and earns nothing`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      let idea = try await story.idea(by: crowd[0])
      for voter in crowd[1...2] { try await story.vote(voter, for: idea) }
      let signal = try await story.signal([(idea, crowd[1])])
      try await story.decide(.hold, signal, by: crowd[3])
      try await story.decide(.uphold, signal, by: crowd[3])
      #expect(try await story.vote(crowd[1], for: idea).standing == .upheld)
      let mine = try await ListOwnVotes.run(of: crowd[1], in: pool).votes
      #expect(mine.map(\.standing) == [.upheld] && mine[0].reason == "We have looked.")
      let product = try await story.accept(idea, by: crowd[3])
      let earners = try await pool.all(
        """
        SELECT member_id FROM influence_events
        WHERE product_id = \(product.uuid) AND slice = 'idea_votes'
        """, as: UUID.self)
      #expect(earners == [crowd[2].uuid])
      // What was counted there is what was decided on.
      let late = try await story.signal([(idea, crowd[2])])
      #expect(try await story.decide(.hold, late, by: crowd[3]) == .decided(votes: 0))
      let unknown = try await story.decide(.dismiss, .new(), by: crowd[3])
      #expect(unknown == .unknown)
    }
  }

  @Test func `a vote that two signals hold is released by both`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      let idea = try await story.idea(by: crowd[0])
      try await story.vote(crowd[1], for: idea)
      let one = try await story.signal([(idea, crowd[1])])
      let two = try await story.signal([(idea, crowd[1])])
      try await story.decide(.hold, one, by: crowd[2])
      #expect(try await story.decide(.hold, two, by: crowd[2]) == .decided(votes: 0))
      try await story.decide(.release, one, by: crowd[2])
      #expect(try await votes(idea, in: pool) == 0)
      try await story.decide(.release, two, by: crowd[2])
      #expect(try await votes(idea, in: pool) == 1)
    }
  }

  @Test func `held votes survive a merge and its end, with what was decided in between`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(8)
      let original = try await story.idea(by: crowd[0], at: .now - .seconds(60))
      let duplicate = try await story.idea(by: crowd[1])
      for voter in crowd[2...6] { try await story.vote(voter, for: duplicate) }
      try await story.vote(crowd[6], for: original)
      // 2 is held all the time, 3 is released in between, 4 is held in between; 6 is held at the
      // duplicate while it has a vote at the original as well.
      let kept = try await story.signal([(duplicate, crowd[2])])
      let freed = try await story.signal([(duplicate, crowd[3]), (duplicate, crowd[6])])
      for signal in [kept, freed] { try await story.decide(.hold, signal, by: crowd[7]) }
      try await story.merge(duplicate, into: original, by: crowd[7])
      #expect(try await votes(original, in: pool) == 3)
      #expect(try await story.vote(crowd[2], for: original).standing == .held)
      let late = try await story.signal([(duplicate, crowd[4])])
      #expect(try await story.decide(.hold, late, by: crowd[7]) == .decided(votes: 1))
      #expect(try await votes(original, in: pool) == 2)
      try await story.decide(.release, freed, by: crowd[7])
      #expect(try await votes(original, in: pool) == 3)
      #expect(try await Verify.run(pool: pool).first == nil)
      try await story.unmerge(duplicate, by: crowd[7])
      #expect(try await votes(original, in: pool) == 1)
      let back = try await pool.all(
        "SELECT member_id FROM votes WHERE idea_id = \(duplicate.uuid)", as: UUID.self)
      #expect(Set(back) == Set([3, 5, 6].map { crowd[$0].uuid }))
      let held = try await pool.all(
        "SELECT member_id FROM held_votes WHERE idea_id = \(duplicate.uuid)", as: UUID.self)
      #expect(Set(held) == Set([2, 4].map { crowd[$0].uuid }))
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `what has been decided cannot be written anew`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      let idea = try await story.idea(by: crowd[0])
      try await story.vote(crowd[1], for: idea)
      try await story.decide(.hold, try await story.signal([(idea, crowd[1])]), by: crowd[2])
      for change in [
        "UPDATE vote_signal_decisions SET reason = 'other'", "DELETE FROM vote_hold_events",
        "DELETE FROM vote_signal_votes", "UPDATE vote_policies SET votes = 9",
      ] {
        try await expectRefusal("23001") { try await pool.execute("\(unsafeSQL: change)") }
      }
      try await expectRefusal("23514") {
        try await pool.execute(
          """
          INSERT INTO held_votes (idea_id, member_id, cast_at, state, held_at)
          SELECT \(idea.uuid), \(crowd[2].uuid), now(), 'upheld', now()
          """)
      }
    }
  }

  private func votes(_ idea: IdeaID, in pool: Pool) async throws -> Int64 {
    try await pool.one("SELECT votes FROM tallies WHERE idea_id = \(idea.uuid)", as: Int64.self)
  }
}
