import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct ProxyVotesAPITests {
  struct Scene {
    let client: Client
    let curator: Client
    let author: MemberID
    let idea: IdeaID
    var path: String { "/v1/ideas/\(idea)/proxy-votes" }

    init(_ client: Client) async throws {
      self.client = client
      curator = try await client.by(client.story.member("curator", role: .curator))
      author = try await client.story.member("ada")
      idea = try await client.story.idea(by: author)
    }

    func cast(for person: String) async throws -> Client.Answer {
      try await curator.post(
        path,
        [
          "person": .string(person), "email": .string("\(person)@example.org"),
          "note": "At the fair.",
        ])
    }

    var votes: Int64? {
      get async throws { try await client.get("/v1/ideas/\(idea)")["votes"]?.int }
    }
  }

  @Test func `a vote for a named person counts once the person confirms it`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let made = try await scene.cast(for: "bob")
      #expect(made.status == 201 && made["state"]?.string == "open")
      #expect(made["cast_by"]?.string != nil && made["note"]?.string == "At the fair.")
      #expect(try await scene.votes == 0)
      let seen = try await client.get(scene.path)
      #expect(seen["votes_on_behalf"]?.int == 1 && seen["proxy_votes"] == nil)
      #expect(try await scene.curator.get(scene.path)["proxy_votes"]?.array?.count == 1)

      let bob = try await client.by(client.story.member("bob"))
      let eve = try await client.by(client.story.member("eve"))
      let waiting = try await bob.get("/v1/me/proxy-votes")["proxy_votes"]?.array
      let id = try #require(waiting?.first?["id"]?.string)
      #expect(try await eve.get("/v1/me/proxy-votes")["proxy_votes"]?.array?.isEmpty == true)
      #expect(try await eve.post("\(scene.path)/\(id)/confirmation").status == 404)
      let confirmed = try await bob.post("\(scene.path)/\(id)/confirmation")
      #expect(confirmed.status == 200 && confirmed["votes"]?.int == 1)
      #expect(try await scene.votes == 1)
      #expect(
        try await bob.post("\(scene.path)/\(id)/confirmation").problem == "confirmed-already")
      #expect(
        try await scene.curator.delete("\(scene.path)/\(id)").problem == "confirmed-already")
      #expect(try await client.get(scene.path)["votes_on_behalf"]?.int == 0)
    }
  }

  @Test func `it is taken back by staff, and then nobody confirms it`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let id = try #require(try await scene.cast(for: "bob")["id"]?.string)
      let bob = try await client.by(client.story.member("bob"))
      for _ in 0..<2 {
        let gone = try await scene.curator.delete("\(scene.path)/\(id)")
        #expect(gone.status == 200 && gone["state"]?.string == "rescinded")
      }
      #expect(try await bob.post("\(scene.path)/\(id)/confirmation").problem == "rescinded")
      #expect(try await client.get(scene.path)["votes_on_behalf"]?.int == 0)
      let again = try await scene.cast(for: "bob")
      #expect(again.status == 201 && again["id"]?.string != id)
      #expect(
        try await scene.curator.delete("\(scene.path)/\(ProxyVoteID.new())").status == 404)
    }
  }

  @Test func `nobody is counted twice, and no author for an own idea`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      #expect(try await scene.cast(for: "ada").problem == "own-idea")
      let bob = try await client.story.member("bob")
      try await client.story.vote(bob, for: scene.idea)
      #expect(try await scene.cast(for: "BOB").problem == "votes-already")
      let first = try await scene.cast(for: "zoe")
      let second = try await scene.cast(for: "ZOE")
      #expect(second.status == 201 && first["id"] == second["id"])
      let faults = try await scene.curator.post(
        scene.path, ["person": "", "email": "nobody", "note": ""])
      #expect(faults.pointers == ["/person", "/email", "/note"])
      try await client.story.decide(.decline, scene.idea, by: scene.author)
      #expect(try await scene.cast(for: "max").problem == "idea-closed")
      let zoe = try await client.by(client.story.member("zoe"))
      let id = try #require(first["id"]?.string)
      #expect(try await zoe.post("\(scene.path)/\(id)/confirmation").problem == "idea-closed")
      #expect(try await zoe.get("/v1/me/proxy-votes")["proxy_votes"]?.array?.count == 1)
      let unknown = "/v1/ideas/\(IdeaID.new())/proxy-votes"
      #expect(
        try await scene.curator.post(unknown, ["person": "Max", "email": "max@example.org"]).status
          == 404)
    }
  }

  @Test func `where the idea was merged, the vote is for the original`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      let later = try await client.story.idea(by: client.story.member("bea"))
      let path = "/v1/ideas/\(later)/proxy-votes"
      let made = try await scene.curator.post(path, ["person": "Bob", "email": "bob@example.org"])
      let id = try #require(made["id"]?.string)
      try await client.story.merge(later, into: scene.idea, by: scene.author)
      #expect(try await client.get(scene.path)["votes_on_behalf"]?.int == 1)
      let bob = try await client.by(client.story.member("bob"))
      let confirmed = try await bob.post("\(path)/\(id)/confirmation")
      #expect(confirmed["idea_id"]?.string == "\(scene.idea)" && confirmed["votes"]?.int == 1)
      #expect(try await scene.votes == 1)
    }
  }

  @Test func `the database keeps what was recorded`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client)
      _ = try await scene.cast(for: "bob")
      await #expect(throws: (any Error).self) {
        try await client.pool.execute("DELETE FROM proxy_votes")
      }
      await #expect(throws: (any Error).self) {
        try await client.pool.execute("UPDATE proxy_votes SET cast_at = now()")
      }
    }
  }
}
