import Coinvent
import EventLoop
import Postgres
import TestSupport
import Testing

@Suite struct VotesTests {
  @Test func `a vote counts once and can be withdrawn once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      for _ in 0..<2 {
        let answer = try await story.vote(bob, for: idea)
        #expect(answer.outcome == .done && answer.votes == 1 && answer.voted)
      }
      for _ in 0..<2 {
        let answer = try await story.withdraw(bob, from: idea)
        #expect(answer.outcome == .done && answer.votes == 0 && !answer.voted)
      }
    }
  }

  @Test func `nobody votes on an own, a decided or an unknown idea`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      try await story.vote(bob, for: idea)
      #expect(try await story.vote(ada, for: idea).outcome == .ownIdea)
      #expect(try await story.withdraw(ada, from: idea).outcome == .ownIdea)
      #expect(try await story.vote(bob, for: .new()).outcome == .unknownIdea)
      try await story.decide(.decline, idea, by: ada)
      let late = try await story.withdraw(bob, from: idea)
      #expect(late.outcome == .closedIdea && late.votes == 1)
    }
  }

  @Test func `one batch answers each of its wishes`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let one = try await story.idea(by: ada)
      let two = try await story.idea(by: bob)
      let wishes: [CastVotes.Wish] = [
        .init(idea: one, member: bob, voted: true), .init(idea: two, member: bob, voted: true),
        .init(idea: .new(), member: bob, voted: true), .init(idea: two, member: ada, voted: true),
        .init(idea: one, member: bob, voted: false), .init(idea: one, member: bob, voted: true),
      ]
      let answers = try await CastVotes.run(wishes, in: pool)
      #expect(
        answers.map(\.outcome) == [.done, .ownIdea, .unknownIdea, .done, .done, .done])
      #expect(answers.map(\.voted) == [true, true, true, true, false, true])
      #expect(answers[5].votes == 1)
      #expect(try await miscounted(pool) == 0)
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `500 members vote and withdraw at random and every count equals its rows`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let members = try await story.crowd(500)
      var ideas: [IdeaID] = []
      for number in 0..<20 {
        ideas.append(try await story.idea(by: members[number], title: "Idea number \(number)"))
      }
      // Several coalescers against each other, as several loops and processes would have them;
      // in transactions, which have a connection each.
      let writers = (0..<4).map { _ in
        Coalescer<CastVotes.Wish, CastVotes.Answer> { wishes in
          try await pool.transaction { try await CastVotes.run(wishes, in: $0) }
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { [ideas] group in
        for (number, member) in members.enumerated() {
          group.addTask {
            for round in 0..<12 {
              let wish = CastVotes.Wish(
                idea: ideas.randomElement()!, member: member, voted: Int.random(in: 0..<3) > 0)
              let answer = try await writers[(number + round) % writers.count].answer(wish)
              #expect(answer.outcome == .done || answer.outcome == .ownIdea)
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await miscounted(pool) == 0)
      let rows = try await pool.one("SELECT count(*) FROM votes", as: Int64.self)
      #expect(rows > 100)
    }
  }

  @Test func `a vote and a decision at the same time come in one order or the other`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let voters = try await story.crowd(40)
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: curator)
      let done = try await withThrowingTaskGroup(of: Int.self) { group in
        for (number, voter) in voters.enumerated() {
          group.addTask {
            if number == 20 { try await story.decide(.decline, idea, by: curator) }
            return try await story.vote(voter, for: idea).outcome == .done ? 1 : 0
          }
        }
        return try await group.reduce(0, +)
      }
      let votes = try await pool.one("SELECT votes FROM tallies", as: Int64.self)
      #expect(votes == Int64(done))
      #expect(try await miscounted(pool) == 0)
    }
  }

  private func miscounted(_ pool: Pool) async throws -> Int64 {
    try await pool.one(
      """
      SELECT count(*) FROM tallies t
      WHERE votes <> (SELECT count(*) FROM votes v WHERE v.idea_id = t.idea_id)
      """, as: Int64.self)
  }
}
