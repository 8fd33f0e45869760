@testable import Coinvent
import Postgres
import TestSupport
import Testing

@Suite struct HandOutTests {
  @discardableResult
  private func handOut(
    isMailing: Bool = false, at now: Timestamp = .now + .seconds(60), batch: Int = 1000,
    in pool: Pool
  ) async throws -> HandOutNotices.Report {
    try await HandOutNotices.run(isMailing: isMailing, at: now, batch: batch, in: pool)
  }

  private func count(_ table: String, in pool: Pool) async throws -> Int64 {
    try await pool.one("SELECT count(*) FROM \(unsafeSQL: table)", as: Int64.self)
  }

  private func kinds(_ member: MemberID, in pool: Pool) async throws -> [Coinvent.Notification.Kind]
  {
    try await Inbox.page(of: member, in: pool).notifications.map(\.kind)
  }

  private func post(
    _ kind: Coinvent.Notification.Kind, _ idea: IdeaID, subject: UUID? = nil,
    by actor: MemberID? = nil,
    to recipients: Notify.Recipients = .followers, in pool: Pool
  ) async throws {
    try await pool.transaction { tx in
      try await Notify.post(
        kind, about: idea, subject: subject, by: actor, to: recipients, in: tx)
    }
  }

  @Test func `followers hear of a new state, and who made it does not`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      for member in [bob, curator] {
        _ = try await FollowIdea.run(idea, by: member, in: pool)
      }
      try await story.move(idea, to: .inReview, by: curator)
      #expect(try await handOut(in: pool).notifications == 2)
      #expect(try await handOut(in: pool).didNothing)
      let page = try await Inbox.page(of: bob, in: pool)
      let told = try #require(page.notifications.first)
      #expect(told.kind == .ideaState && told.detail == "in_review" && told.actor == curator)
      #expect(page.unread == 1)
      #expect(try await kinds(ada, in: pool) == [.ideaState])
      #expect(try await kinds(curator, in: pool) == [])
    }
  }

  @Test func `a gate that nears its end warns the author, once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      _ = try await story.idea(by: ada)
      let soon = Timestamp.now + .seconds(25 * 86_400)
      #expect(try await AdvanceGates.run(at: soon, in: pool).warned == 1)
      #expect(try await AdvanceGates.run(at: soon, in: pool).warned == 0)
      try await handOut(at: soon, in: pool)
      #expect(try await kinds(ada, in: pool) == [.gateWarning])
    }
  }

  @Test func `of several notices about one comment a member gets the one that names them`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let crowd = try await story.crowd(5)
      let idea = try await story.idea(by: crowd[0])
      for member in crowd { _ = try await FollowIdea.run(idea, by: member, in: pool) }
      let comment = UUID.v7()
      try await pool.transaction { tx in
        try await Notify.post(
          .comment, about: idea, subject: comment, by: crowd[4], to: .followers, in: tx)
        try await Notify.post(
          .reply, about: idea, subject: comment, by: crowd[4], to: .members([crowd[1], crowd[2]]),
          in: tx)
        try await Notify.post(
          .mention, about: idea, subject: comment, by: crowd[4],
          to: .members([crowd[2], crowd[4]]), in: tx)
      }
      try await handOut(in: pool)
      let wanted: [[Coinvent.Notification.Kind]] = [
        [.comment], [.reply], [.mention], [.comment], [],
      ]
      for (member, kinds) in zip(crowd, wanted) {
        #expect(try await self.kinds(member, in: pool) == kinds)
      }
    }
  }

  @Test func `what is unread already is not told again`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let idea = try await story.idea(by: ada)
      let comment = UUID.v7()
      for _ in 0..<2 {
        try await post(.helpful, idea, subject: comment, by: bob, to: .members([ada]), in: pool)
      }
      try await handOut(in: pool)
      #expect(try await kinds(ada, in: pool) == [.helpful])
      #expect(try await Inbox.read(.all, of: ada, in: pool) == 1)
      try await post(.helpful, idea, subject: comment, by: bob, to: .members([ada]), in: pool)
      try await handOut(in: pool)
      #expect(try await kinds(ada, in: pool) == [.helpful, .helpful])
    }
  }

  @Test func `a hot idea is handed out batch by batch, by many workers, after any death`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await pool.execute(
        """
        WITH crowd AS (
          INSERT INTO members (id, handle, display_name, email, role, joined_at)
          SELECT gen_random_uuid(), 'fan' || n, 'fan', 'fan' || n || '@example.org', 'member', now()
          FROM generate_series(1, 3000) AS n RETURNING id)
        INSERT INTO idea_followers SELECT \(idea.uuid), id, now() FROM crowd
        """)
      try await post(.officialAnswer, idea, by: nil, in: pool)
      let now = Timestamp.now + .seconds(60)
      struct Died: Error {}
      // A worker that dies in a batch leaves nothing of it.
      await #expect(throws: Died.self) {
        try await pool.transaction { tx in
          _ = try await tx.execute("SET LOCAL lock_timeout = '5s'")
          _ = try await HandOutNotices.step(isMailing: true, batch: 700, at: now, in: tx)
          throw Died()
        }
      }
      #expect(try await count("notifications", in: pool) == 0)
      // One that dies between two leaves the rest to others.
      #expect(
        try await HandOutNotices.run(isMailing: true, at: now, limit: 1, batch: 700, in: pool)
          .notifications == 700)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<20 {
              _ = try await HandOutNotices.run(isMailing: true, at: now, batch: 700, in: pool)
            }
          }
        }
        try await group.waitForAll()
      }
      let (told, members, mails, left) = try await pool.one(
        """
        SELECT (SELECT count(*) FROM notifications),
               (SELECT count(DISTINCT member_id) FROM notifications),
               (SELECT count(DISTINCT member_id) FROM mails), (SELECT count(*) FROM notice_work)
        """, as: (Int64, Int64, Int64, Int64).self)
      #expect((told, members, mails, left) == (3001, 3001, 3001, 0))
    }
  }

  @Test func `preferences decide what is shown and what is mailed`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let idea = try await story.idea(by: ada)
      func prefer(_ choice: NotificationPreferences.Choice) async throws {
        try await pool.transaction {
          try await NotificationPreferences.change(
            [.helpful: choice], timeZone: nil, of: ada, in: $0)
        }
        try await post(.helpful, idea, subject: .v7(), by: bob, to: .members([ada]), in: pool)
      }
      try await prefer(.init(inApp: false, email: .off))
      #expect(try await handOut(isMailing: true, in: pool).notifications == 0)
      try await prefer(.init(inApp: false, email: .atOnce))
      let mailed = try await handOut(isMailing: true, in: pool)
      #expect((mailed.notifications, mailed.mails) == (1, 1))
      #expect(try await kinds(ada, in: pool) == [])
      // Nobody gets old mails when mailing begins.
      try await prefer(.init(inApp: true, email: .daily))
      try await handOut(isMailing: false, in: pool)
      #expect(try await kinds(ada, in: pool) == [.helpful])
      #expect(try await count("digest_work", in: pool) == 0)
      try await NotificationPreferences.unsubscribe(ada, from: nil, in: pool)
      let now = try await NotificationPreferences.of(ada, in: pool)
      #expect(now.choices.values.allSatisfy { $0.email == .off })
      #expect(now.choices.count == Notification.Kind.allCases.count)
      #expect(now.choices[.helpful]?.inApp == true)
    }
  }

  @Test func `every kind is known to the database`() async throws {
    try await withDatabase { pool in
      let kinds = try await pool.all("SELECT kind FROM notification_kinds", as: String.self)
      #expect(Set(kinds) == Set(Coinvent.Notification.Kind.allCases.map(\.rawValue)))
    }
  }
}
