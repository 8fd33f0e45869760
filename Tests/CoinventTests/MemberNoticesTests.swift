import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// What members are told of briefs and of themselves.
@Suite struct MemberNoticesTests {
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

  @Test func `a brief is told when it opens to who has asked, and to its authors when it closes`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let (eve, curator) = (try await story.member("eve"), try await story.member("cur"))
      try await choose(.newBrief, inApp: true, bob, in: pool)
      try await choose(.newBrief, inApp: false, eve, in: pool)
      // Who ends all mails has not asked for anything.
      try await NotificationPreferences.unsubscribe(ada, from: nil, in: pool)
      let start = Timestamp(rfc3339: "2030-03-01T18:00:00Z") ?? .now
      let (opens, closes) = (start + .seconds(3600), start + .seconds(7200))
      let brief = try await pool.transaction {
        try await MakeBrief.run(
          Brief.Texts(
            title: "Cables", theme: "Tame them.", opensAt: opens, closesAt: closes,
            isHidden: false), by: curator, at: start, in: $0)
      }
      #expect(try await TellBriefs.run(at: start, in: pool) == 0)
      let told = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 1...4 { group.addTask { try await TellBriefs.run(at: opens, in: pool) } }
        return try await group.reduce(0, +)
      }
      #expect(told == 1)
      #expect(
        try await hear(bob, at: opens, in: pool) == [
          "new_brief “Cables” takes ideas until 2030-03-01T20:00:00Z"
        ])
      for member in [ada, eve] { #expect(try await hear(member, at: opens, in: pool) == []) }

      for author in [ada, ada, eve] {
        _ = try await story.submitted(by: author, wish: .init(brief: brief.id), at: opens)
      }
      let gone = try await story.submitted(by: bob, wish: .init(brief: brief.id), at: opens)
      try await story.takeBack(gone.id, by: bob, at: opens)
      try await choose(.brief, inApp: false, eve, in: pool)
      let late = closes + .seconds(3600)
      _ = try await pool.transaction {
        try await EditBrief.run(
          .init(closesAt: late), brief: brief.id, reason: "More time.", by: curator, at: opens,
          in: $0)
      }
      #expect(
        try await hear(ada, at: opens, in: pool) == [
          "brief “Cables” closes later: 2030-03-01T21:00:00Z"
        ])
      #expect(try await TellBriefs.run(at: closes, in: pool) == 0)
      #expect(try await TellBriefs.run(at: late, in: pool) == 1)
      #expect(try await TellBriefs.run(at: late, in: pool) == 0)
      #expect(try await hear(ada, at: late, in: pool) == ["brief “Cables” has closed"])
      for member in [bob, eve] { #expect(try await hear(member, at: late, in: pool) == []) }
    }
  }

  @Test func `a notice about no idea names at most a thousand members, or who has asked`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let others = (0..<1000).map { _ in MemberID.new() }
      try await pool.transaction {
        try await NotifyMembers.post(
          .moderation, detail: "Hello", by: nil, to: .members([ada] + others), in: $0)
      }
      let notices = try await pool.one("SELECT count(*) FROM member_notices", as: Int64.self)
      #expect(notices == 2)
      #expect(try await hear(ada, in: pool) == ["moderation Hello"])
      try await choose(.moderation, inApp: false, ada, in: pool)
      try await pool.transaction {
        try await NotifyMembers.post(
          .moderation, detail: "Hello again", by: nil, to: .members([ada]), in: $0)
      }
      #expect(try await hear(ada, in: pool) == [])
      try await expectRefusal("23001") { try await pool.execute("DELETE FROM member_notices") }
    }
  }
}
