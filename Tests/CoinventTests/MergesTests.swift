import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct MergesTests {
  @Test func `a merge counts each voter once, and taking it back restores both exactly`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(7)
      let (ada, bob) = (crowd[0], crowd[1])
      let original = try await story.idea(by: ada)
      let duplicate = try await story.idea(by: bob)
      for voter in crowd[1...3] { try await story.vote(voter, for: original) }
      // The original's author likes the other idea too: no vote for an idea of one's own.
      for voter in [ada] + crowd[3...5] { try await story.vote(voter, for: duplicate) }
      let before = try await hashes([original, duplicate], in: pool)

      let outcome = try await story.merge(duplicate, into: original, by: crowd[6])
      guard case .merged(let idea, moved: 2, already: 2) = outcome else {
        throw Surprise("\(outcome)")
      }
      #expect(idea.votes == 5)
      let merged = try await FindIdeas.run([duplicate], in: pool)[0]
      #expect(merged?.state == .duplicate && merged?.votes == 0)
      #expect(try await story.vote(crowd[6], for: duplicate).outcome == .closedIdea)

      guard case .unmerged(let back) = try await story.unmerge(duplicate, by: crowd[6]) else {
        throw Surprise("not taken back")
      }
      #expect(back.state == .open && back.votes == 4 && back.decidedAt == nil)
      #expect(try await hashes([original, duplicate], in: pool) == before)
      try await expectCounted(pool)
    }
  }

  @Test func `votes of the time in between stay where they were cast`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(6)
      let original = try await story.idea(by: crowd[0])
      let duplicate = try await story.idea(by: crowd[1])
      for voter in crowd[2...3] { try await story.vote(voter, for: duplicate) }
      try await story.merge(duplicate, into: original, by: crowd[5])
      try await story.vote(crowd[4], for: original)
      // One of the moved ones is withdrawn, another is withdrawn and cast anew.
      try await story.withdraw(crowd[2], from: original)
      try await story.withdraw(crowd[3], from: original)
      try await story.vote(crowd[3], for: original)
      try await story.unmerge(duplicate, by: crowd[5])
      let found = try await FindIdeas.run([original, duplicate], in: pool)
      #expect(found[0]?.votes == 2 && found[1]?.votes == 2)
      try await expectCounted(pool)
    }
  }

  @Test func `what cannot be merged is refused by name`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      var ideas: [IdeaID] = []
      for second in 0..<5 {
        ideas.append(
          try await story.idea(by: ada, at: Timestamp.now + .seconds(Int64(second) - 60)))
      }
      func refused(_ one: Int, _ other: Int) async throws -> String {
        let outcome = try await story.merge(ideas[one], into: ideas[other], by: ada)
        return String("\(outcome)".prefix { $0 != "(" })
      }
      #expect(try await refused(0, 0) == "itself")
      #expect(try await refused(0, 1) == "laterOriginal")
      #expect(try await refused(2, 1) == "merged")
      #expect(try await refused(2, 0) == "mergedAlready")
      #expect(try await refused(3, 2) == "chained")
      #expect(try await refused(1, 2) == "circular")
      #expect(try await refused(1, 0) == "hasDuplicates")
      try await story.decide(.decline, ideas[3], by: ada)
      #expect(try await refused(3, 0) == "wrongState")
      #expect(try await refused(4, 3) == "wrongState")
      guard case .unknown = try await story.merge(.new(), into: ideas[0], by: ada) else {
        throw Surprise("an unknown idea")
      }
      guard case .notMerged = try await story.unmerge(ideas[4], by: ada) else {
        throw Surprise("not merged")
      }
      _ = try await story.accept(ideas[1], by: ada)
      guard case .originalDecided(.accepted) = try await story.unmerge(ideas[2], by: ada) else {
        throw Surprise("the original is decided")
      }
    }
  }

  /// Hundreds of members at once; whatever happened, every count is its rows.
  @Test func `voting, merging, taking back and closing at once keep every count right`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(120)
      var ideas: [IdeaID] = []
      for number in 0..<12 {
        ideas.append(
          try await story.idea(
            by: crowd[number], at: Timestamp.now + .seconds(Int64(number) - 100)))
      }
      let all = ideas
      try await story.gates("low", [(25, 10)], by: crowd[0])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for part in 0..<8 {
          group.addTask {
            var dice = SystemRandomNumberGenerator()
            for _ in 0..<60 {
              let wishes = (0..<10).map { _ in
                CastVotes.Wish(
                  idea: all[Int.random(in: 0..<12, using: &dice)],
                  member: crowd[part * 15 + Int.random(in: 0..<15, using: &dice)],
                  voted: Int.random(in: 0..<4, using: &dice) > 0)
              }
              _ = try await CastVotes.run(wishes, in: pool)
            }
          }
        }
        for _ in 0..<2 {
          group.addTask {
            for _ in 0..<40 {
              let (one, other) = (Int.random(in: 0..<12), Int.random(in: 0..<12))
              try await story.merge(all[one], into: all[other], by: crowd[0])
              try await story.unmerge(all[Int.random(in: 0..<12)], by: crowd[0])
            }
          }
        }
        // Votes are held and released meanwhile, and a budget comes.
        for part in 0..<2 {
          group.addTask {
            for round in 0..<15 {
              if part == 0, round == 4 { try await story.budget(.outstanding(6)) }
              let voters = (0..<20).map { _ in crowd[Int.random(in: 12..<120)] }
              let signal = try await story.signal(
                Set(voters).map { (all[Int.random(in: 0..<12)], $0) })
              try await story.decide(.hold, signal, by: crowd[0])
              if round % 3 > 0 {
                try await story.decide(round % 3 == 1 ? .release : .uphold, signal, by: crowd[0])
              }
            }
          }
        }
        group.addTask {
          for number in 0..<4 {
            try await story.decide(.decline, all[11 - number], by: crowd[0])
            _ = try await AdvanceGates.run(in: pool)
          }
        }
        try await group.waitForAll()
      }
      try await expectCounted(pool)
      #expect(try await Verify.run(pool: pool).first == nil)
      let own = try await pool.one(
        "SELECT count(*) FROM votes v JOIN ideas i ON i.id = v.idea_id WHERE member_id = author_id",
        as: Int64.self)
      #expect(own == 0)
      #expect(try await pool.one("SELECT count(*) > 0 FROM votes", as: Bool.self))
    }
  }

  private func hashes(_ ideas: [IdeaID], in pool: Pool) async throws -> [[UInt8]] {
    var hashes: [[UInt8]] = []
    for idea in ideas {
      hashes.append(try await pool.one("SELECT votes_hash(\(idea.uuid))", as: [UInt8].self))
    }
    return hashes
  }

  private func expectCounted(_ pool: Pool) async throws {
    let wrong = try await pool.one(
      """
      SELECT count(*) FROM tallies t WHERE votes <> (
        SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id)
      """, as: Int64.self)
    #expect(wrong == 0)
  }
}
