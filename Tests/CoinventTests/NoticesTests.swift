import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What members are told of their votes and of sessions.
@Suite struct NoticesTests {
  /// What is unread in the inbox now, the last first, and is read by this.
  private func hear(_ member: MemberID, at now: Timestamp = .now + .seconds(60), in pool: Pool)
    async throws -> [String]
  {
    _ = try await HandOutNotices.run(isMailing: false, at: now, in: pool)
    let page = try await Inbox.page(of: member, unreadOnly: true, in: pool)
    _ = try await Inbox.read(.all, of: member, at: now, in: pool)
    return page.notifications.map { "\($0.kind.rawValue) \($0.detail ?? "")" }
  }

  private func choose(
    _ kind: Coinvent.Notification.Kind, inApp: Bool, _ member: MemberID, in pool: Pool
  ) async throws {
    try await pool.transaction {
      try await NotificationPreferences.change(
        [kind: .init(inApp: inApp, email: .off)], timeZone: nil, of: member, in: $0)
    }
  }

  @Test func `a voter hears that a vote is held, counts again, or does not count`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(6)
      let idea = try await story.idea(by: crowd[0])
      for voter in crowd[1...4] { try await story.vote(voter, for: idea) }
      try await choose(.voteHeld, inApp: false, crowd[2], in: pool)
      let freed = try await story.signal([(idea, crowd[1]), (idea, crowd[2]), (idea, crowd[4])])
      try await story.decide(.hold, freed, by: crowd[5])
      let held = "vote_held It is held until a curator has looked at it"
      #expect(try await hear(crowd[1], in: pool) == [held])
      #expect(try await hear(crowd[2], in: pool) == [])
      #expect(try await hear(crowd[3], in: pool) == [])
      #expect(try await hear(crowd[4], in: pool) == [held])
      // Who has taken the vote back has no part in it any more.
      try await story.withdraw(crowd[4], from: idea)
      try await story.decide(.release, freed, by: crowd[5])
      #expect(try await hear(crowd[1], in: pool) == ["vote_held It counts again"])
      #expect(try await hear(crowd[4], in: pool) == [])

      let upheld = try await story.signal([(idea, crowd[3])])
      try await story.decide(.hold, upheld, by: crowd[5])
      try await story.decide(.uphold, upheld, by: crowd[5])
      #expect(
        try await hear(crowd[3], in: pool) == [
          "vote_held It does not count: We have looked.", held,
        ])
      let dismissed = try await story.signal([(idea, crowd[1])])
      try await story.decide(.dismiss, dismissed, by: crowd[5])
      #expect(try await hear(crowd[1], in: pool) == [])
      #expect(try await hear(crowd[0], in: pool) == [])
    }
  }

  @Test func `who follows an idea hears what becomes of it in a session`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      var ideas: [IdeaID] = []
      for title in ["A cable that never tangles", "A lamp that knows", "A chair that folds"] {
        let idea = try await story.idea(by: ada, title: title)
        try await story.move(idea, to: .inReview, by: curator)
        ideas.append(idea)
      }
      _ = try await FollowIdea.run(ideas[0], by: bob, in: pool)
      for member in [ada, bob] { try await choose(.ideaState, inApp: false, member, in: pool) }
      let start = Timestamp(rfc3339: "2030-03-01T18:00:00Z") ?? .now
      var plan = story.plan([ideas[0], ideas[1]])
      (plan.startsAt, plan.endsAt) = (start, start + .seconds(3600))
      let first = plan
      let session = try await pool.transaction {
        try await PlanEvaluation.make(first, by: curator, in: $0).id
      }
      let hour = "2030-03-01T18:00:00Z to 2030-03-01T19:00:00Z"
      let planned = "evaluation It is on the agenda of “Spring”, from \(hour)"
      #expect(try await hear(bob, in: pool) == [planned])
      #expect(try await hear(ada, in: pool) == [planned, planned])

      (plan.agenda, plan.endsAt) = ([ideas[0], ideas[2]], start + .seconds(7200))
      let second = plan
      for _ in 1...2 {
        _ = try await pool.transaction {
          try await PlanEvaluation.change(session, to: second, by: curator, in: $0)
        }
      }
      let later = "2030-03-01T18:00:00Z to 2030-03-01T20:00:00Z"
      #expect(
        try await Set(hear(ada, in: pool)) == [
          "evaluation It is on the agenda of “Spring”, from \(later)",
          "evaluation It is not on the agenda of “Spring” any more",
          "evaluation “Spring” is now from \(later)",
        ])
      #expect(try await hear(bob, in: pool) == ["evaluation “Spring” is now from \(later)"])

      _ = try await story.start(session, by: curator)
      #expect(
        try await hear(bob, in: pool) == ["evaluation “Spring” is live: members rate it now"])
      #expect(try await hear(ada, in: pool).count == 2)
      try await choose(.evaluation, inApp: false, ada, in: pool)
      _ = try await story.decide(.decline, ideas[0], in: session, curator)
      #expect(try await hear(bob, in: pool) == ["evaluation Decided: decline. So they said."])
      _ = try await FollowIdea.run(ideas[2], by: bob, in: pool)
      _ = try await story.close(session, carrying: true, by: curator)
      #expect(
        try await hear(bob, in: pool) == [
          "evaluation Not decided, back to review: Enough for today."
        ])
      #expect(try await hear(ada, in: pool) == [])
      let other = try await story.planned([ideas[2]], by: curator)
      _ = try await story.close(other, by: curator)
      #expect(
        try await hear(bob, in: pool).first
          == "evaluation “Spring” is called off: Enough for today.")
    }
  }
}
