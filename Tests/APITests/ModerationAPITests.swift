import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ModerationAPITests {
  @Test func `who is banned is told why, and votes with the old token when it is over`()
    async throws
  {
    try await withApplication { client in
      let (ada, bob) = (
        try await client.story.member("ada"), try await client.story.member("bob")
      )
      let idea = try await client.story.idea(by: ada)
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let me = try await client.by(bob)
      let votesOnly = try await client.by(bob, scopes: [.votes])
      let path = "/v1/members/\(bob)/ban"
      let made = try await curator.put(path, ["scope": "all", "reason": "Spam."])
      #expect(made.status == 200 && made["until"] == .null && made["in_force"]?.bool == true)
      let later = try await client.by(bob)
      for voter in [me, votesOnly, later] {
        let refused = try await voter.put("/v1/ideas/\(idea)/vote")
        #expect(refused.status == 403 && refused.problem == "banned")
        #expect(refused["detail"]?.string?.contains("Spam.") == true)
        #expect(
          try await voter.put("/v1/ideas/\(idea)/liking", ["words": ["fun"]]).problem == "banned")
      }
      #expect(try await me.post("/v1/ideas", IdeasAPITests.cable).problem == "banned")
      #expect(
        try await me.post("/v1/ideas/\(idea)/comments", ["text": "Hi."]).problem == "banned")
      #expect(try await me.get("/v1/members/\(bob)/bans")["bans"]?.array?.count == 1)
      let other = try await client.by(ada)
      #expect(try await other.get("/v1/members/\(bob)/bans").status == 403)
      #expect(try await curator.get("/v1/members/\(bob)/bans").status == 200)

      #expect(try await curator.delete("\(path)?reason=Enough").status == 200)
      #expect(try await curator.delete("\(path)?reason=Enough").problem == "not-banned")
      #expect(try await curator.delete(path).pointers == ["/reason"])
      for voter in [me, votesOnly, later] {
        #expect(try await voter.put("/v1/ideas/\(idea)/vote").status == 200)
      }
    }
  }

  @Test func `a ban from voting that has run out gives the token its votes back`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let curator = try await client.story.member("curator", role: .curator)
      let idea = try await client.story.idea(by: ada)
      let now = Timestamp.now
      for (handle, part, status) in [("bob", "vote", 200), ("cleo", "liking", 409)] {
        let member = try await client.story.member(handle)
        let me = try await client.by(member)
        let readOnly = try await client.by(member, scopes: [.read])
        _ = try await client.pool.transaction {
          try await BanMember.run(
            member, from: .votes, until: now + .seconds(-60), reason: "Bought.", by: curator,
            at: now + .seconds(-120), in: $0)
        }
        let body: JSON? = part == "vote" ? nil : ["words": ["fun"]]
        // There is nothing to like without a vote, which is another no than that of the token.
        #expect(try await me.put("/v1/ideas/\(idea)/\(part)", body).status == status)
        #expect(try await me.put("/v1/ideas/\(idea)/vote").status == 200)
        #expect(try await readOnly.put("/v1/ideas/\(idea)/vote").problem == "missing-scope")
      }
    }
  }

  @Test func `a role is given by an admin, and all is on record for admins`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let root = try await client.story.member("root", role: .admin)
      let admin = try await client.by(root)
      let role: JSON = ["role": "curator", "reason": "She looks after ideas."]
      let given = try await admin.put("/v1/members/\(ada)/role", role)
      #expect(given.status == 200 && given["role"]?.string == "curator")
      #expect(try await admin.put("/v1/members/\(MemberID.new())/role", role).status == 404)
      #expect(
        try await admin.put("/v1/members/\(root)/role", role).problem == "last-admin")
      let faults = try await admin.put(
        "/v1/members/\(ada)/role", ["role": "king", "reason": ""])
      #expect(Set(faults.pointers) == ["/reason", "/role"])
      #expect(
        try await admin.put("/v1/members/\(root)/ban", ["scope": "all", "reason": "Me."]).problem
          == "protected-member")
      _ = try await admin.put("/v1/members/\(ada)/ban", ["scope": "votes", "reason": "No."])
      let first = try await admin.get("/v1/audit?limit=1")
      #expect(first["entries"]?[0]?["action"]?.string == "member_banned")
      #expect(first["entries"]?[0]?["after"]?["scope"]?.string == "votes")
      let cursor = try #require(first["next_cursor"]?.string)
      let second = try await admin.get("/v1/audit?limit=1&cursor=\(cursor)")
      #expect(second["entries"]?[0]?["action"]?.string == "role_changed")
      #expect(second["entries"]?[0]?["before"]?["role"]?.string == "member")
      #expect(second["next_cursor"] == .null)
      let filters = "actor=\(root)&kind=mem&id=\(ada)&action=role_changed"
      #expect(try await admin.get("/v1/audit?\(filters)")["entries"]?.array?.count == 1)
      #expect(
        try await admin.get("/v1/audit?since=2100-01-01T00:00:00Z")["entries"]?.array == [])
      let wrong = try await admin.get("/v1/audit?actor=x&since=y&until=z")
      #expect(wrong.pointers == ["/actor", "/since", "/until"])
    }
  }

  @Test func `a member who was reported is warned or banned, and hears of it`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.by(client.story.member("bob"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      func resolve(_ body: JSON) async throws -> Client.Answer {
        let made = try await bob.post("/v1/members/\(ada)/reports", ["reason": "abuse"])
        let id = try #require(made["case_id"]?.string)
        let answer = try await curator.post("/v1/moderation/\(id)/resolution", body)
        if answer.status != 200 {
          _ = try await curator.post(
            "/v1/moderation/\(id)/resolution", ["action": "dismiss", "reason": "Not so."])
        }
        return answer
      }
      let removed = try await resolve(["action": "remove", "reason": "Rude."])
      #expect(removed.status == 409 && removed.problem == "action-does-not-fit")
      #expect(removed["detail"]?.string?.contains("with action ban") == true)
      #expect(try await resolve(["action": "warn", "reason": "Be kind."]).status == 200)
      #expect(
        try await resolve(["action": "ban", "scope": "comments", "reason": "Rude."]).status == 200)
      let lift = try await curator.delete("/v1/members/\(ada)/ban?reason=Enough")
      #expect(lift.status == 200)
      _ = try await HandOutNotices.run(isMailing: false, at: .now + .seconds(1), in: client.pool)
      let inbox = try await client.by(ada).get("/v1/me/notifications")
      let told = try #require(inbox["notifications"]?.array)
      #expect(
        told.map { $0["detail"]?.string } == [
          "Your ban is lifted: Enough",
          "You are banned from commenting until this is lifted: Rude.",
          "You are warned: Be kind.",
        ])
      #expect(
        told.allSatisfy {
          $0["kind"] == "moderation" && $0["idea_id"] == .null && $0["idea_title"] == .null
        })
    }
  }

  @Test func `an idea is reported, claimed and removed`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let idea = try await client.story.idea(by: ada)
      let bob = try await client.by(client.story.member("bob"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let other = try await client.by(client.story.member("other", role: .curator))
      let report: JSON = ["reason": "spam", "text": "It sells watches."]
      let made = try await bob.post("/v1/ideas/\(idea)/reports", report)
      #expect(made.status == 201)
      let id = try #require(made["case_id"]?.string)
      #expect(
        try await bob.post("/v1/ideas/\(idea)/reports", report).problem == "already-reported")
      let author = try await client.by(ada)
      #expect(try await author.post("/v1/ideas/\(idea)/reports", report).problem == "own-thing")
      let faults = try await bob.post("/v1/members/\(ada)/reports", ["reason": "x", "text": " "])
      #expect(Set(faults.pointers) == ["/reason", "/text"])
      #expect(
        try await bob.post("/v1/comments/\(CommentID.new())/reports", report).status == 404)

      let list = try await curator.get("/v1/moderation?order=most_reported&kind=idea&limit=1")
      #expect(list["cases"]?[0]?["thing"]?.string == idea.description)
      #expect(list["cases"]?[0]?["reasons"]?["spam"]?.int == 1)
      #expect(list["next_cursor"] == .null)
      #expect(
        try await curator.get("/v1/moderation?order=x&kind=y").pointers == ["/order", "/kind"])
      let path = "/v1/moderation/\(id)"
      #expect(
        try await curator.get(path)["all_reports"]?[0]?["text"]?.string == "It sells watches.")
      #expect(try await curator.put("\(path)/claim").status == 200)
      #expect(try await other.put("\(path)/claim").problem == "case-claimed")
      let dismissal: JSON = ["action": "dismiss", "reason": "It is fine."]
      #expect(try await other.post("\(path)/resolution", dismissal).problem == "case-claimed")
      #expect(try await curator.delete("\(path)/claim")["claimed_by"] == .null)
      let wrong = try await curator.post(
        "\(path)/resolution", ["action": "warn", "reason": "", "scope": "all"])
      #expect(Set(wrong.pointers) == ["/reason", "/scope"])
      let removal: JSON = ["action": "remove", "reason": "It sells watches."]
      let done = try await curator.post("\(path)/resolution", removal)
      #expect(done.status == 200 && done["resolution"]?["action"]?.string == "remove")
      #expect(try await curator.post("\(path)/resolution", removal).status == 200)
      #expect(try await other.post("\(path)/resolution", dismissal).problem == "case-resolved")
      #expect(try await other.put("\(path)/claim").problem == "case-resolved")
      #expect(try await curator.get("/v1/moderation")["cases"]?.array == [])
      #expect(try await client.get("/v1/ideas/\(idea)").status == 404)
    }
  }
}
