import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct GatesTests {
  private static let start = Timestamp(microseconds: 1_750_000_000_000_000)
  private static let day = Duration.seconds(86_400)

  @Test func `the shipped chains are the historical ones`() async throws {
    try await withDatabase { pool in
      let (chains, chosen) = try await GateChain.all(in: pool)
      #expect(chosen == "200-in-30-days")
      #expect(chains.map(\.name) == ["200-in-30-days", "stepped"])
      #expect(chains[0].steps == [.init(votes: 200, days: 30)])
      #expect(chains[1].steps.map(\.votes) == [100, 1000, 5000, 10_000])
    }
  }

  @Test func `enough votes lead from step to step and qualify`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(6)
      try await story.gates("small", [(2, 10), (4, 20)], by: crowd[0])
      let idea = try await story.idea(by: crowd[0], at: Self.start)
      try await story.vote(crowd[1], for: idea)
      #expect(try await AdvanceGates.run(at: Self.start + Self.day, in: pool).didNothing)
      try await story.vote(crowd[2], for: idea)
      let first = try await AdvanceGates.run(at: Self.start + Self.day, in: pool)
      #expect(first.passed == 1 && first.qualified == 0)
      #expect(try await AdvanceGates.run(at: Self.start + Self.day, in: pool).didNothing)
      try await story.withdraw(crowd[1], from: idea)
      for voter in crowd[3...5] { try await story.vote(voter, for: idea) }
      let second = try await AdvanceGates.run(at: Self.start + Self.day * 2, in: pool)
      #expect(second.qualified == 1)
      #expect(try await story.vote(crowd[1], for: idea).outcome == .closedIdea)

      let steps = try await Gates.of(idea, in: pool)
      #expect(steps.map(\.outcome) == ["passed", "passed"])
      #expect(steps.map { $0.seal?.votes } == [2, 4])
      #expect(steps.map { $0.seal?.electorate } == [6, 6])
      #expect(steps[0].deadline == Self.start + Self.day * 10)
      #expect(steps[1].deadline == Self.start + Self.day * 21)
      let recounts = try await SealTally.recount(idea, in: pool)
      #expect(recounts.allSatisfy(\.isRight) && recounts.map(\.goneSince) == [1, 0])
    }
  }

  @Test func `a missed deadline warns, then expires, and a curator may open again`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      try await story.gates("small", [(2, 10)], by: ada)
      let idea = try await story.idea(by: ada, at: Self.start)
      #expect(try await AdvanceGates.run(at: Self.start + Self.day * 2, in: pool).didNothing)
      let warned = try await AdvanceGates.run(at: Self.start + Self.day * 4, in: pool)
      #expect(warned.warned == 1)
      #expect(try await AdvanceGates.run(at: Self.start + Self.day * 5, in: pool).didNothing)
      let expired = try await AdvanceGates.run(at: Self.start + Self.day * 10, in: pool)
      #expect(expired.expired == 1 && expired.warned == 0)
      let changes = try await IdeaRecord.changes(of: idea, in: pool)
      #expect(changes.last?.newState == .expired && changes.last?.changedBy == nil)
      #expect(changes.last?.reason.hasPrefix("0 of 2 votes") == true)

      try await story.move(idea, to: .open, by: ada, at: Self.start + Self.day * 11)
      let steps = try await Gates.of(idea, in: pool)
      #expect(steps.map(\.outcome) == ["expired", nil])
      #expect(steps[1].deadline == Self.start + Self.day * 21)
      try await story.move(idea, to: .qualified, by: ada)
      #expect(try await Gates.of(idea, in: pool).last?.outcome == "overridden")
    }
  }

  @Test func `a chain that is made later changes nothing for ideas that are under way`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await story.gates("harder", [(9999, 1)], by: ada)
      #expect(try await Gates.of(idea, in: pool).map(\.votes) == [200])
      let chose = try await pool.transaction { try await GateChain.choose(nil, by: ada, in: $0) }
      #expect(chose)
      let free = try await story.idea(by: ada)
      #expect(try await Gates.of(free, in: pool).isEmpty)
    }
  }

  @Test func `a seal that was tampered with is found`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(4)
      try await story.gates("small", [(2, 10)], by: crowd[0])
      let idea = try await story.idea(by: crowd[0])
      for voter in crowd[1...3] { try await story.vote(voter, for: idea) }
      _ = try await AdvanceGates.run(in: pool)
      try await pool.execute("ALTER TABLE sealed_votes DISABLE TRIGGER sealed_votes_stay")
      try await pool.execute(
        """
        UPDATE sealed_votes SET cast_at = cast_at + interval '1 microsecond'
        WHERE member_id = \(crowd[2].uuid)
        """)
      let recount = try #require(try await SealTally.recount(idea, in: pool).first)
      #expect(!recount.isRight && recount.counted == recount.votes && recount.goneSince == 1)
    }
  }

  @Test func `many workers decide each gate once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(3)
      try await story.gates("small", [(1, 10), (2, 10)], by: crowd[0])
      var ideas: [IdeaID] = []
      for _ in 0..<20 { ideas.append(try await story.idea(by: crowd[0])) }
      for idea in ideas { for voter in crowd[1...2] { try await story.vote(voter, for: idea) } }
      let report = try await withThrowingTaskGroup(of: AdvanceGates.Report.self) { group in
        for _ in 0..<4 {
          group.addTask {
            var all = AdvanceGates.Report()
            while true {
              let part = try await AdvanceGates.run(limit: 7, in: pool)
              if part.didNothing { return all }
              all += part
            }
          }
        }
        return try await group.reduce(into: AdvanceGates.Report()) { $0 += $1 }
      }
      // Whoever finds nothing may have found ideas that others hold; one more look ends it.
      var rest = report
      while true {
        let part = try await AdvanceGates.run(in: pool)
        if part.didNothing { break }
        rest += part
      }
      #expect(rest.passed == 20 && rest.qualified == 20)
      let seals = try await pool.one("SELECT count(*) FROM tally_seals", as: Int64.self)
      #expect(seals == 40)
    }
  }

  @Test func `the look for gates that are reached reads the list of the most voted`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      try await pool.execute(
        """
        INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                           opened_at, created_at)
        SELECT gen_random_uuid(), \(ada.uuid), 'An idea of many', 'p', 'p', 's', 'c', 'open',
               now(), now() FROM generate_series(1, 20000)
        """)
      try await pool.execute(
        """
        INSERT INTO idea_gates (idea_id, number, chain, step, votes, began_at, deadline)
        SELECT id, 1, '200-in-30-days', 1, 200, now(), now() + interval '30 days' FROM ideas
        """)
      try await pool.execute("UPDATE tallies SET votes = (random() * 199)::bigint")
      try await pool.execute("ANALYZE ideas, tallies, idea_gates")
      let plan = try await pool.all(
        "EXPLAIN \(AdvanceGates.reachedQuery(limit: 200))", as: String.self
      ).joined(separator: "\n")
      #expect(plan.contains("tallies_top") && !plan.contains("Seq Scan"), "\(plan)")
    }
  }
}
