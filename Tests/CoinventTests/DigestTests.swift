import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct DigestTests {
  private func moment(_ text: String) throws -> Timestamp {
    try #require(Timestamp(rfc3339: text))
  }

  @Test func `digests are due at eight o'clock of the member's zone`() async throws {
    try await withDatabase { pool in
      for (cadence, since, zone, due) in [
        ("daily", "2026-11-25T07:59:59Z", "UTC", "2026-11-25T08:00:00Z"),
        ("daily", "2026-11-25T08:00:00Z", "UTC", "2026-11-26T08:00:00Z"),
        ("daily", "2026-11-25T00:00:00Z", "Asia/Tokyo", "2026-11-25T23:00:00Z"),
        // The night in which Zurich's clocks go forward.
        ("daily", "2026-03-28T12:00:00Z", "Europe/Zurich", "2026-03-29T06:00:00Z"),
        ("weekly", "2026-11-25T12:00:00Z", "UTC", "2026-11-30T08:00:00Z"),
        ("weekly", "2026-11-30T07:00:00Z", "UTC", "2026-11-30T08:00:00Z"),
        ("weekly", "2026-11-30T12:00:00Z", "America/New_York", "2026-11-30T13:00:00Z"),
      ] {
        let next = try await pool.one(
          "SELECT next_digest(\(cadence), \(try moment(since)), \(zone))", as: Timestamp.self)
        #expect(next == (try moment(due)), "\(cadence) \(since) \(zone)")
      }
    }
  }

  @Test func `a digest collects what is unread, once`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let (ada, bob) = (try await story.member("ada"), try await story.member("bob"))
      let morning = try moment("2026-11-25T05:00:00Z")
      let idea = try await story.idea(by: ada, at: morning)
      for _ in 0..<3 {
        try await pool.transaction {
          try await Notify.post(
            .comment, about: idea, subject: .v7(), by: bob, to: .followers, at: morning, in: $0)
        }
      }
      _ = try await HandOutNotices.run(isMailing: true, at: morning, in: pool)
      let first = try #require(try await Inbox.page(of: ada, in: pool).notifications.first)
      #expect(try await Inbox.read(.ids([first.id]), of: ada, in: pool) == 1)
      #expect(try await MakeDigests.run(at: morning, in: pool) == (0, 0))
      let eight = try moment("2026-11-25T08:00:00Z")
      #expect(try await MakeDigests.run(at: eight, in: pool) == (1, 0))
      #expect(try await MakeDigests.run(at: eight, in: pool) == (0, 0))
      let leases = MailLeases()
      let claims = try await leases.claim(limit: 10, at: eight, in: pool)
      let content = try await MailContent.of(try #require(claims.first), in: pool)
      #expect(claims.count == 1 && content?.total == 2)
      #expect(content?.address == "ada@example.org")

      // The next one is only about what comes after it, and none is made of what was read.
      try await pool.transaction {
        try await Notify.post(.comment, about: idea, by: bob, to: .followers, at: eight, in: $0)
      }
      _ = try await HandOutNotices.run(isMailing: true, at: eight, in: pool)
      _ = try await Inbox.read(.all, of: ada, in: pool)
      let later = try moment("2026-11-26T08:00:00Z")
      #expect(try await MakeDigests.run(at: later, in: pool) == (0, 1))
    }
  }

  @Test func `a mail belongs to one worker until its lease ends`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await pool.transaction {
        try await Notify.post(.mention, about: idea, by: nil, to: .members([ada]), in: $0)
      }
      let now = Timestamp.now + .seconds(60)
      #expect(try await HandOutNotices.run(isMailing: true, at: now, in: pool).mails == 1)
      let (first, second) = (MailLeases(), MailLeases())
      let mail = try #require(try await first.claim(limit: 9, at: now, in: pool).first)
      #expect(try await second.claim(limit: 9, at: now, in: pool).isEmpty)
      let late = now + .seconds(301)
      let again = try #require(try await second.claim(limit: 9, at: late, in: pool).first)
      #expect(again.id == mail.id && again.tries == 1)
      #expect(try await !first.record(.sent, of: mail.id, at: late, in: pool))
      #expect(try await second.record(.failed(why: "550 no"), of: mail.id, at: late, in: pool))
      let listed = try await OutgoingMail.list(state: .failed, in: pool)
      #expect(listed.map(\.lastError) == ["550 no"] && listed.map(\.tries) == [2])
      #expect(try await OutgoingMail.retry(nil, at: late, in: pool) == [mail.id])
      #expect(try await second.claim(limit: 9, at: late, in: pool).map(\.id) == [mail.id])

      // Unsubscribed meanwhile: nothing is sent.
      try await NotificationPreferences.unsubscribe(ada, from: .mention, in: pool)
      let content = try await MailContent.of(mail, in: pool)
      #expect(content == nil)
    }
  }

  @Test func `a link to unsubscribe is signed`() async throws {
    try await withDatabase { pool in
      let key = try await SigningKey.of(UnsubscribeToken.purpose, in: pool)
      let again = try await SigningKey.of(UnsubscribeToken.purpose, in: pool)
      let other = try await SigningKey.of("another", in: pool)
      let token = UnsubscribeToken(member: .new(), kind: .mention)
      #expect(UnsubscribeToken(token.text(key), again) == token)
      #expect(UnsubscribeToken(token.text(other), key) == nil)
      let all = UnsubscribeToken(member: .new(), kind: nil)
      #expect(UnsubscribeToken(all.text(key), key) == all)
      var bytes = try #require(Base64URL.decode(token.text(key).utf8))
      for place in bytes.indices {
        bytes[place] ^= 1
        #expect(UnsubscribeToken(Base64URL.encode(bytes), key) == nil)
        bytes[place] ^= 1
      }
      for text in ["", "x", String(repeating: "A", count: 300)] {
        #expect(UnsubscribeToken(text, key) == nil)
      }
    }
  }
}
