import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct EntryVotesTests {
  private func remaining(_ outcome: CastEntryVote.Outcome) -> Int64? {
    guard case .standing(let standing) = outcome else { return nil }
    return standing.remaining
  }

  @Test func `a member has so many votes, gives them to entries of others and takes them back`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .votes, ["votes_per_member": 2], members: 4, entries: 3)
      #expect(remaining(try await scene.vote(3, 0)) == 1)
      #expect(remaining(try await scene.vote(3, 0)) == 1)
      #expect(remaining(try await scene.vote(3, 1)) == 0)
      guard case .noVotesLeft(of: 2) = try await scene.vote(3, 2) else {
        throw Surprise("there were two")
      }
      #expect(remaining(try await scene.vote(3, 0, false)) == 1)
      #expect(remaining(try await scene.vote(3, 0, false)) == 1)
      let third = try await scene.vote(3, 2)
      guard case .standing(let standing) = third else { throw Surprise("\(third)") }
      #expect(standing.isVoted && standing.remaining == 0 && standing.votes == 1)
      guard case .ownEntry = try await scene.vote(0, 0) else { throw Surprise("it is their own") }
      let team = try await scene.story.enter(
        team: [(scene.crowd[0], 400_000), (scene.crowd[3], 600_000)], in: scene.project,
        of: scene.product)
      guard
        case .ownEntry = try await scene.story.vote(
          scene.crowd[3], entry: team, in: scene.project, of: scene.product)
      else { throw Surprise("it is their own too") }
      guard
        case .unknownEntry = try await scene.story.vote(
          scene.crowd[3], entry: .new(), in: scene.project, of: scene.product)
      else { throw Surprise("there is no such entry") }
    }
  }

  @Test func `votes count between the beginning of choosing and the end`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .votes, members: 3, entries: 2)
      let early = try await scene.vote(2, 0, at: Story.Round.opens)
      guard case .refused(.notYet(from: Story.Round.chooses)) = early else {
        throw Surprise("\(early)")
      }
      guard case .refused(.closed) = try await scene.vote(2, 0, at: Story.Round.closes) else {
        throw Surprise("it is over")
      }
      guard
        case .refused(.unknownProject) = try await scene.story.vote(
          scene.crowd[2], entry: scene.entries[0], in: .new(), of: scene.product)
      else { throw Surprise("there is no such project") }
      guard
        case .refused(.otherWay(.votes)) = try await scene.story.nextDuel(
          scene.crowd[2], in: scene.project, of: scene.product)
      else { throw Surprise("it is no round of duels") }
      _ = try await scene.vote(2, 1)
      guard
        case .notClosed = try await scene.story.seal(
          scene.project, of: scene.product, at: Story.Round.chooses)
      else { throw Surprise("members still choose") }
      guard case .sealed = try await scene.story.seal(scene.project, of: scene.product) else {
        throw Surprise("it is over")
      }
      guard case .alreadySealed = try await scene.story.seal(scene.project, of: scene.product)
      else { throw Surprise("it is sealed") }
      guard case .unknown = try await scene.story.seal(.new(), of: scene.product) else {
        throw Surprise("there is no such project")
      }
      // A clock that is late does not help after the seal.
      guard case .refused(.closed) = try await scene.vote(2, 0) else { throw Surprise("sealed") }
      #expect(try await scene.leaders() == [1, 0])
      await #expect(throws: DatabaseError.self) {
        try await pool.execute("UPDATE sealed_tallies SET score = 9")
      }
    }
  }

  @Test func `who closes a project seals it, and who asks for its leaders first closes it`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .votes, members: 3, entries: 2)
      _ = try await scene.vote(2, 1)
      #expect(try await CloseProjects.run(at: Story.Round.closes, in: pool) == 1)
      guard case .alreadySealed = try await scene.story.seal(scene.project, of: scene.product)
      else { throw Surprise("closing seals") }
      let second = try await scene.story.round(scene.product, .votes, by: scene.curator)
      _ = try await scene.story.leaders(second, of: scene.product)
      let states = try await pool.all("SELECT DISTINCT state FROM projects", as: String.self)
      #expect(states == ["closed"])
      #expect(try await CloseProjects.run(at: Story.Round.after, in: pool) == 0)
    }
  }

  @Test func `a vote for a withdrawn entry can be taken back, and none can be given`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .votes, members: 4, entries: 3)
      _ = try await scene.vote(3, 0)
      _ = try await scene.vote(3, 1)
      try await scene.story.withdraw(entry: scene.entries[0])
      guard case .notTakingPart = try await scene.vote(2, 0) else { throw Surprise("withdrawn") }
      #expect(remaining(try await scene.vote(3, 0, false)) == 9)
      #expect(try await scene.leaders() == [1, 2])
    }
  }

  @Test func `equal votes rank by the earlier entry, and hidden tallies show at the end`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .votes, ["leaders": 2], hidesTallies: true, members: 6, entries: 4)
      for entry in [3, 1] { _ = try await scene.vote(4, entry) }
      let given = try await scene.vote(5, 3)
      guard case .standing(let standing) = given else { throw Surprise("\(given)") }
      #expect(standing.votes == nil && standing.remaining == 9)
      let during = try await scene.story.leaders(
        scene.project, of: scene.product, at: Story.Round.chooses)
      guard case .hidden(until: Story.Round.closes) = during else { throw Surprise("\(during)") }
      #expect(try await scene.leaders(isCurator: true, at: Story.Round.chooses) == [3, 1])
      #expect(try await scene.leaders() == [3, 1])
      let mine = try await OwnChoices.of(
        scene.crowd[4], in: scene.project, of: scene.product, limit: 1, db: pool)
      #expect(mine?.choices.map(\.entry) == [min(scene.entries[3], scene.entries[1])])
      #expect(mine?.next != nil && mine?.remaining == 8)
    }
  }

  @Test func `the schema keeps limits and own entries too`() async throws {
    try await withDatabase { pool in
      let scene = try await RoundScene(pool, .votes, members: 2, entries: 1)
      _ = try await scene.vote(1, 0)
      let forbidden: [Query] = [
        "UPDATE project_choosers SET spent = allowed + 1",
        """
        INSERT INTO project_votes (product_id, project_id, member_id, entry_id, place, cast_at)
        SELECT product_id, project_id, author_id, id, 1, entered_at FROM project_entries
        """,
      ]
      for statement in forbidden {
        await #expect(throws: DatabaseError.self) { try await pool.execute(statement) }
      }
    }
  }

  @Test func `many vote at once while entries go and the project closes, and all counts are right`()
    async throws
  {
    try await withDatabase { pool in
      let scene = try await RoundScene(
        pool, .votes, ["votes_per_member": 3], members: 24, entries: 8)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in scene.crowd.indices {
          group.addTask {
            for _ in 0..<20 {
              _ = try await scene.vote(
                member, Int.random(in: 0..<8), Int.random(in: 0..<3) > 0)
            }
          }
        }
        group.addTask {
          for entry in [2, 5] {
            try await Task.sleep(for: .milliseconds(30))
            try await scene.story.withdraw(entry: scene.entries[entry])
          }
          try await Task.sleep(for: .milliseconds(60))
          _ = try await scene.story.seal(scene.project, of: scene.product)
        }
        try await group.waitForAll()
      }
      let wrong = try await pool.one(
        """
        SELECT
          (SELECT count(*) FROM project_choosers c WHERE spent > 3 OR spent <> (
             SELECT count(*) FROM project_votes v WHERE v.member_id = c.member_id)),
          (SELECT count(*) FROM entry_tallies t WHERE votes <> (
             SELECT count(*) FROM project_votes v WHERE v.entry_id = t.entry_id)),
          (SELECT count(*) FROM sealed_tallies s WHERE score <> (
             SELECT count(*) FROM project_votes v WHERE v.entry_id = s.entry_id)),
          (SELECT count(*) FROM sealed_tallies), (SELECT count(*) FROM project_votes)
        """, as: (Int64, Int64, Int64, Int64, Int64).self)
      #expect(wrong.0 == 0 && wrong.1 == 0 && wrong.2 == 0)
      #expect(wrong.3 == 6 && wrong.4 > 0)
    }
  }
}
