import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Budgets of votes.
@Suite struct BudgetTests {
  @Test func `a budget of a period is spent, and what is withdrawn in it comes back`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (bob, ideas) = try await scene(story, ideas: 4)
      #expect(try await story.vote(bob, for: ideas[3]).left == nil)
      try await story.budget(.perPeriod(2, .day))
      let noon = Timestamp.now.day.adding(days: 1).start + .seconds(43_200)
      #expect(try await story.vote(bob, for: ideas[0], at: noon).left == 1)
      #expect(try await story.vote(bob, for: ideas[0], at: noon).left == 1)
      let last = try await story.vote(bob, for: ideas[1], at: noon)
      #expect(last.left == 0 && last.standing == .counted && last.votes == 1)
      let refused = try await story.vote(bob, for: ideas[2], at: noon)
      #expect(refused.outcome == .noBudget && refused.left == 0 && refused.votes == 0)
      #expect(try await story.withdraw(bob, from: ideas[0], at: noon).left == 1)
      #expect(try await story.vote(bob, for: ideas[2], at: noon).outcome == .done)
      // A vote from before there was a budget gives nothing back.
      #expect(try await story.withdraw(bob, from: ideas[3], at: noon).left == 0)
      let tomorrow = noon + .seconds(86_400)
      // Yesterday's vote is not today's to come back.
      #expect(try await story.withdraw(bob, from: ideas[1], at: tomorrow).left == 2)
      #expect(try await story.vote(bob, for: ideas[1], at: tomorrow).left == 1)
      let page = try await ListOwnVotes.run(of: bob, at: tomorrow, in: pool)
      #expect(page.left == 1 && page.votes.map(\.idea) == [ideas[1], ideas[2]])
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `outstanding votes come free when their idea is decided or merged`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (bob, ideas) = try await scene(story, ideas: 5)
      let curator = try await story.member("curator", role: .curator)
      try await story.budget(.outstanding(2))
      try await story.vote(bob, for: ideas[0])
      #expect(try await story.vote(bob, for: ideas[1]).left == 0)
      #expect(try await story.vote(bob, for: ideas[2]).outcome == .noBudget)
      try await story.move(ideas[0], to: .qualified, by: curator)
      #expect(try await story.vote(bob, for: ideas[2]).outcome == .noBudget)
      try await story.decide(.decline, ideas[0], by: curator)
      #expect(try await story.vote(bob, for: ideas[3]).left == 0)
      try await story.merge(ideas[3], into: ideas[2], by: curator)
      #expect(try await story.vote(bob, for: ideas[4]).left == 0)
      // The merged vote stands at the original, and its withdrawal gives nothing back.
      #expect(try await story.withdraw(bob, from: ideas[2]).left == 0)
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `a change counts from then on and takes nothing back`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (bob, ideas) = try await scene(story, ideas: 5)
      try await story.budget(.outstanding(3))
      for idea in ideas[0..<3] { try await story.vote(bob, for: idea) }
      try await story.budget(.outstanding(1))
      #expect(try await ListOwnVotes.run(of: bob, in: pool).votes.count == 3)
      #expect(try await story.vote(bob, for: ideas[3]).outcome == .noBudget)
      #expect(try await story.withdraw(bob, from: ideas[0]).left == 0)
      #expect(try await story.vote(bob, for: ideas[0]).outcome == .noBudget)
      try await story.budget(.none)
      #expect(try await story.vote(bob, for: ideas[4]).left == nil)
      #expect(try await story.withdraw(bob, from: ideas[1]).outcome == .done)
      try await story.budget(.outstanding(2))
      #expect(try await story.vote(bob, for: ideas[3]).left == 0)
      #expect(try await VotePolicy.history(in: pool).count == 5)
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  /// One member, many requests at once, as from several servers.
  @Test(arguments: [VotePolicy.Budget.perPeriod(7, .week), .outstanding(7)])
  func `many requests at once never exceed a budget`(budget: VotePolicy.Budget) async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (bob, ideas) = try await scene(story, ideas: 30)
      let eve = try await story.member("eve")
      try await story.budget(budget)
      let done = try await withThrowingTaskGroup(of: Int.self) { group in
        for idea in ideas {
          for member in [bob, eve] {
            group.addTask { try await story.vote(member, for: idea).outcome == .done ? 1 : 0 }
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(done == 14)
      let votes = try await pool.one("SELECT count(*) FROM votes", as: Int64.self)
      #expect(votes == 14)
      // The schema itself refuses one more.
      try await expectRefusal("23514") {
        try await pool.execute("UPDATE vote_accounts SET spent = spent + 1")
      }
      // Back and forth between ideas, and again never more than seven.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<60 {
          group.addTask {
            let idea = ideas[number * 7 % 30]
            if number % 3 == 0 {
              try await story.withdraw(bob, from: idea)
            } else {
              try await story.vote(bob, for: idea)
            }
          }
        }
        try await group.waitForAll()
      }
      let standing = try await pool.one(
        "SELECT count(*) FROM votes WHERE member_id = \(bob.uuid)", as: Int64.self)
      #expect(standing <= 7)
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `weeks begin on Mondays, and months with their first day`() throws {
    let moment = try #require(Timestamp(rfc3339: "2026-11-25T12:00:00Z"))
    #expect("\(VotePolicy.Period.day.start(of: moment))" == "2026-11-25T00:00:00Z")
    #expect("\(VotePolicy.Period.week.start(of: moment))" == "2026-11-23T00:00:00Z")
    #expect("\(VotePolicy.Period.month.start(of: moment))" == "2026-11-01T00:00:00Z")
    let monday = try #require(Timestamp(rfc3339: "2026-11-23T00:00:00Z"))
    #expect(VotePolicy.Period.week.start(of: monday) == monday)
    #expect(VotePolicy.Period.week.start(of: monday - .seconds(1)) == monday - .seconds(604_800))
  }

  private func scene(_ story: Story, ideas: Int) async throws -> (MemberID, [IdeaID]) {
    let ada = try await story.member("ada")
    let bob = try await story.member("bob")
    var made: [IdeaID] = []
    for number in 0..<ideas {
      made.append(
        try await story.idea(
          by: ada, title: "Cable number \(number)", at: .now - .seconds(Int64(1000 - number))))
    }
    return (bob, made)
  }
}
