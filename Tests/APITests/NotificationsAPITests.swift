import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct NotificationsAPITests {
  private func tell(_ member: MemberID, _ idea: IdeaID, times: Int, in pool: Pool) async throws {
    for _ in 0..<times {
      try await pool.transaction {
        try await Notify.post(
          .mention, about: idea, subject: .v7(), by: nil, to: .members([member]), in: $0)
      }
    }
    _ = try await HandOutNotices.run(
      isMailing: false, at: .now + .seconds(1), limit: 1000, in: pool)
  }

  @Test func `ideas are followed and listed`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.by(client.story.member("bob"))
      let first = try await client.story.idea(by: ada)
      let second = try await client.story.idea(by: ada)
      for idea in [first, second] {
        #expect(try await bob.put("/v1/ideas/\(idea)/follow").status == 204)
      }
      let page = try await bob.get("/v1/me/follows?limit=1")
      #expect(page["follows"]?.array?.first?["idea_id"]?.string == second.description)
      let cursor = try #require(page["next_cursor"]?.string)
      let next = try await bob.get("/v1/me/follows?cursor=\(cursor)")
      #expect(next["follows"]?.array?.first?["idea_id"]?.string == first.description)
      #expect(next["next_cursor"] == .null)
      #expect(try await bob.delete("/v1/ideas/\(first)/follow").status == 204)
      #expect(try await bob.get("/v1/me/follows")["follows"]?.array?.count == 1)
      #expect(try await bob.put("/v1/ideas/\(IdeaID.new())/follow").status == 404)
      let draft = try await client.story.draft(by: ada)
      #expect(try await bob.put("/v1/ideas/\(draft)/follow").status == 404)
      #expect(
        try await bob.get("/v1/me/follows?cursor=x&limit=0").pointers == ["/limit", "/cursor"])
    }
  }

  @Test func `an inbox is read page by page and marked as read`() async throws {
    try await withApplication { client in
      let member = try await client.story.member("ada")
      let ada = try await client.by(member)
      let idea = try await client.story.idea(by: member)
      try await tell(member, idea, times: 5, in: client.pool)
      let page = try await ada.get("/v1/me/notifications?limit=3")
      let rows = try #require(page["notifications"]?.array)
      #expect(rows.count == 3 && page["unread"] == 5 && page["unread_more"] == false)
      #expect(rows[0]["kind"] == "mention" && rows[0]["idea_id"]?.string == idea.description)
      let cursor = try #require(page["next_cursor"]?.string)
      let rest = try await ada.get("/v1/me/notifications?cursor=\(cursor)")
      #expect(rest["notifications"]?.array?.count == 2)

      let some: JSON = ["ids": [rows[0]["id"] ?? .null, .string("\(NoticeID.new())")]]
      #expect(try await ada.post("/v1/me/notifications/read", some)["read"] == 1)
      let upTo: JSON = ["up_to": rows[2]["cursor"] ?? .null]
      #expect(try await ada.post("/v1/me/notifications/read", upTo)["read"] == 3)
      let unread = try await ada.get("/v1/me/notifications?unread=true")
      #expect(unread["notifications"]?.array?.map { $0["id"] } == [rows[1]["id"]])
      #expect(try await ada.post("/v1/me/notifications/read", ["all": true])["read"] == 1)
      #expect(try await ada.get("/v1/me/notifications")["unread"] == 0)

      for wrong: JSON in [[:], ["all": false], ["all": true, "up_to": "x"]] {
        #expect(try await ada.post("/v1/me/notifications/read", wrong).status == 422)
      }
      #expect(
        try await ada.post("/v1/me/notifications/read", ["up_to": "x"]).pointers == ["/up_to"])
      #expect(try await ada.get("/v1/me/notifications?unread=maybe").pointers == ["/unread"])
    }
  }

  @Test func `a full inbox is counted to 99`() async throws {
    try await withApplication { client in
      let member = try await client.story.member("ada")
      let idea = try await client.story.idea(by: member)
      try await tell(member, idea, times: 101, in: client.pool)
      let page = try await client.by(member).get("/v1/me/notifications")
      #expect(page["unread"] == 99 && page["unread_more"] == true)
    }
  }

  @Test func `preferences are read and changed kind by kind`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let before = try await ada.get("/v1/me/preferences")
      #expect(before["time_zone"] == "UTC")
      #expect(before["kinds"]?.array?.count == Coinvent.Notification.Kind.allCases.count)
      let wish: JSON = [
        "time_zone": "Europe/Zurich",
        "kinds": [["kind": "comment", "in_app": false, "email": "weekly"]],
      ]
      let after = try await ada.put("/v1/me/preferences", wish)
      #expect(after["time_zone"] == "Europe/Zurich")
      let comment = after["kinds"]?.array?.first { $0["kind"] == "comment" }
      #expect(comment == ["kind": "comment", "in_app": false, "email": "weekly"])
      #expect(try await ada.get("/v1/me/preferences")["kinds"] == after["kinds"])

      let zone = try await ada.put("/v1/me/preferences", ["time_zone": "Europe/Nowhere"])
      #expect(zone.status == 422 && zone.pointers == ["/time_zone"])
      let kind = try await ada.send(
        .put, "/v1/me/preferences",
        bytes: Array(#"{"kinds":[{"kind":"gossip","email":"hourly"}]}"#.utf8))
      #expect(kind.status == 422 && kind.pointers.contains("/kinds/0/kind"))
    }
  }

  @Test func `a link in a mail asks, and ends mails without signing in`() async throws {
    try await withApplication { client in
      let member = try await client.story.member("ada")
      let key = try await SigningKey.of(UnsubscribeToken.purpose, in: client.pool)
      let path =
        "/v1/unsubscribe/" + UnsubscribeToken(member: member, kind: .mention).text(key)
      func email() async throws -> NotificationPreferences.Email? {
        try await NotificationPreferences.of(member, in: client.pool).choices[.mention]?.email
      }
      let page = try await client.get(path)
      #expect(page.status == 200)
      #expect(String(decoding: page.bytes, as: UTF8.self).contains("<form method=\"post\">"))
      #expect(try await email() == .atOnce)
      let done = try await client.send(
        .post, path, bytes: Array("List-Unsubscribe=One-Click".utf8),
        headers: [("Content-Type", "application/x-www-form-urlencoded")])
      #expect(done.status == 200)
      #expect(try await email() == .off)
      #expect(try await client.post("/v1/unsubscribe/x").status == 404)
      #expect(try await client.get("/v1/unsubscribe/x").status == 404)
    }
  }
}
