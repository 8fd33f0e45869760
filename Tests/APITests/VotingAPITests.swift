import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct VotingAPITests {
  @Test func `a budget is told with every vote, and spent votes are 409`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let ideas = [
        try await story.idea(by: ada), try await story.idea(by: ada, title: "Another cable"),
      ]
      let bob = try await client.by(story.member("bob"))
      let admin = try await client.by(story.member("boss", role: .admin))
      let free = try await bob.put("/v1/ideas/\(ideas[0])/vote")
      #expect(free["votes_left"] == .null && free["standing"]?.string == "counted")
      let refused = try await admin.put("/v1/votes/policy", ["budget": "per_period", "reason": ""])
      #expect(refused.status == 422)
      #expect(Set(refused.pointers) == ["/votes", "/period", "/reason"])
      let made = try await admin.put(
        "/v1/votes/policy",
        ["budget": "per_period", "votes": 1, "period": "month", "reason": "Few."])
      #expect(made.status == 200 && made["votes"]?.int == 1)
      #expect(try await bob.put("/v1/ideas/\(ideas[1])/vote")["votes_left"]?.int == 0)
      let third = try await story.idea(by: ada, title: "A third cable")
      let spent = try await bob.put("/v1/ideas/\(third)/vote")
      #expect(spent.status == 409 && spent.problem == "no-votes-left")
      let mine = try await bob.get("/v1/me/votes?limit=1")
      #expect(mine["votes_left"]?.int == 0 && mine["budget"]?.string == "per_period")
      let cursor = try #require(mine["next_cursor"]?.string)
      let rest = try await bob.get("/v1/me/votes?limit=1&cursor=\(cursor)")
      #expect(rest["votes"]?.array?[0]["idea_id"]?.string == ideas[0].description)
      #expect(rest["next_cursor"] == .null)
      #expect(try await bob.get("/v1/me/votes?cursor=x").status == 422)
      let policy = try await client.get("/v1/votes/policy")
      #expect(policy["history"]?.array?.count == 2)
    }
  }

  @Test func `votes carry marks of their network and session, and never an address`()
    async throws
  {
    try await withApplication { client in
      let story = client.story
      let idea = try await story.idea(by: story.member("ada"))
      for (name, address) in [
        ("bob", "192.0.2.7"), ("eve", "192.0.2.99"), ("dan", "192.0.3.7"), ("fay", "2001:db8::1"),
        ("gil", "2001:db8::2:1"),
      ] {
        let voter = try await client.by(story.member(name))
        _ = try await voter.send(.put, "/v1/ideas/\(idea)/vote", address: address)
      }
      let marks = try await client.pool.all(
        "SELECT origin, session FROM votes JOIN members ON id = member_id ORDER BY handle",
        as: (Int32, Int32).self)
      // bob, dan, eve, fay, gil
      #expect(marks[0].0 == marks[2].0 && marks[3].0 == marks[4].0)
      #expect(Set(marks.map(\.0)).count == 3 && Set(marks.map(\.1)).count == 5)
      let keys = try await client.pool.one("SELECT count(*) FROM mark_keys", as: Int64.self)
      #expect(keys == 1)
      let gone = try await VoteMarks.forget(at: .now + .seconds(9 * 86_400), in: client.pool)
      #expect(gone == 1)
    }
  }

  @Test func `a curator reads a signal, holds its votes and decides`() async throws {
    try await withApplication { client in
      let story = client.story
      let idea = try await story.idea(by: story.member("ada"))
      let bob = try await story.member("bob")
      try await story.vote(bob, for: idea)
      let signal = try await story.signal([(idea, bob)], score: 700)
      let curator = try await client.by(story.member("judge", role: .curator))
      let list = try await curator.get("/v1/signals?idea_id=\(idea)&state=open")
      #expect(list["signals"]?.array?.count == 1)
      #expect(try await curator.get("/v1/signals?state=odd&idea_id=x").status == 422)
      let path = "/v1/signals/\(signal)/decision"
      let held = try await curator.post(path, ["decision": "hold", "reason": "Five at once."])
      #expect(held.status == 201 && held["votes"]?.int == 1)
      let voter = try await client.by(bob)
      let again = try await voter.put("/v1/ideas/\(idea)/vote")
      #expect(again["standing"]?.string == "held" && again["votes"]?.int == 0)
      let mine = try await voter.get("/v1/me/votes")
      #expect(mine["votes"]?.array?[0]["standing"]?.string == "held")
      let uphold: JSON = ["decision": "uphold", "reason": "One person."]
      #expect(try await curator.post(path, uphold).status == 201)
      let late = try await curator.post(path, ["decision": "release", "reason": "No."])
      #expect(late.status == 409 && late.problem == "wrong-state")
      let whole = try await curator.get("/v1/signals/\(signal)")
      #expect(whole["decisions"]?.array?.count == 2)
      #expect(whole["votes"]?.array?[0]["standing"]?.string == "upheld")
      #expect(try await curator.get("/v1/signals/\(SignalID.new())").status == 404)
    }
  }
}
