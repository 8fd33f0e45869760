import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct IdeasAPITests {
  static let cable: JSON = [
    "title": "A cable that never tangles", "pitch": "Cables, tamed.",
    "problem": "Cables tangle.", "solution": "This one does not.", "category": "home",
  ]

  /// The answer to a vote without a budget.
  private static func vote(_ idea: String, votes: Int64, voted: Bool) -> JSON {
    [
      "idea_id": .string(idea), "votes": .int(votes), "voted": .bool(voted),
      "standing": voted ? "counted" : nil, "votes_left": nil,
    ]
  }

  @Test func `an idea is submitted, read, voted on and decided`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let bob = try await client.by(client.story.member("bob"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let made = try await ada.post("/v1/ideas", Self.cable)
      #expect(made.status == 201)
      let id = try #require(made["id"]?.string)
      #expect(made.headers["Location"] == "/v1/ideas/\(id)")
      #expect(made["state"]?.string == "open" && made["votes"]?.int == 0)

      for _ in 0..<2 {
        let vote = try await bob.put("/v1/ideas/\(id)/vote")
        #expect(vote.status == 200)
        #expect(
          try vote.json == Self.vote(id, votes: 1, voted: true))
      }
      #expect(try await client.get("/v1/ideas/\(id)")["votes"]?.int == 1)
      let withdrawn = try await bob.delete("/v1/ideas/\(id)/vote")
      #expect(try withdrawn.json == Self.vote(id, votes: 0, voted: false))
      let own = try await ada.put("/v1/ideas/\(id)/vote")
      #expect(own.status == 403 && own.problem == "own-idea")

      let decided = try await curator.post(
        "/v1/ideas/\(id)/decisions", ["decision": "accept", "reason": "Loved by many."])
      #expect(decided.status == 201)
      let product = try #require(decided["product_id"]?.string)
      #expect(product.dropFirst(5) == id.dropFirst(5) && ProductID(product) != nil)
      #expect(decided.headers["Location"] == "/v1/products/\(product)")
      let again = try await curator.post(
        "/v1/ideas/\(id)/decisions", ["decision": "decline", "reason": "No."])
      #expect(again.status == 409)
      let late = try await bob.put("/v1/ideas/\(id)/vote")
      #expect(late.status == 409 && late.problem == "idea-closed")
      let idea = try await client.get("/v1/ideas/\(id)")
      #expect(idea["state"]?.string == "accepted" && idea["product_id"]?.string == product)
      #expect(idea["decided_at"]?.string != nil)
    }
  }

  @Test func `what is not there is 404`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada", role: .curator))
      let id = IdeaID.new()
      #expect(try await client.get("/v1/ideas/\(id)").status == 404)
      #expect(try await ada.put("/v1/ideas/\(id)/vote").status == 404)
      let decision: JSON = ["decision": "accept", "reason": "Why not?"]
      #expect(try await ada.post("/v1/ideas/\(id)/decisions", decision).status == 404)
      for path in [
        "/v1/ideas/\(ProductID(uuid: id.uuid))", "/v1/ideas/x", "/v1/ideas/", "/v2", "/x",
      ] {
        #expect(try await client.get(path).status == 404)
      }
    }
  }

  @Test func `a removed idea is there for its author and for curators`() async throws {
    try await withApplication { client in
      let author = try await client.story.member("ada")
      let curatorID = try await client.story.member("curator", role: .curator)
      let curator = try await client.by(curatorID)
      let id = try await client.story.idea(by: author)
      try await client.story.decide(.remove, id, by: curatorID)
      #expect(try await client.get("/v1/ideas/\(id)").status == 404)
      #expect(try await client.by(client.story.member("bob")).get("/v1/ideas/\(id)").status == 404)
      #expect(try await client.by(author).get("/v1/ideas/\(id)").status == 200)
      #expect(try await curator.get("/v1/ideas/\(id)").status == 200)
      #expect(try await client.get("/v1/ideas?state=removed").status == 403)
      let list = try await curator.get("/v1/ideas?state=removed")
      #expect(list["ideas"]?.array?.count == 1)
    }
  }

  @Test func `bad ideas and bad decisions name their fields`() async throws {
    try await withApplication { client in
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let bad = try await curator.post(
        "/v1/ideas", ["title": "short", "pitch": "p", "problem": 1, "solution": nil, "extra": 1])
      #expect(bad.status == 422)
      #expect(
        Set(bad.pointers) == ["/title", "/problem", "/solution", "/category", "/extra"])
      let id = try await client.story.idea(by: client.story.member("ada"))
      let path = "/v1/ideas/\(id)/decisions"
      let empty = try await curator.post(path, [:])
      #expect(Set(empty.pointers) == ["/decision", "/reason"])
      let recipe = try await curator.post(
        path,
        [
          "decision": "decline", "reason": "No.",
          "contract": ["base": "net", "rates": ["direct": 1]],
        ])
      #expect(recipe.status == 422 && recipe.pointers == ["/decision"])
      let list = try await client.get("/v1/ideas?state=x&sort=y&limit=0&cursor=z")
      #expect(list.status == 422)
      #expect(list.pointers == ["/state", "/sort", "/limit", "/cursor"])
    }
  }

  @Test func `pages are followed by cursor and by Link`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      for number in 0..<7 {
        _ = try await client.story.idea(by: ada, title: "Idea number \(number)")
      }
      var titles: [String] = []
      var next: String? = "/v1/ideas?sort=new&limit=3"
      var pages = 0
      while let path = next {
        let page = try await client.get(path)
        #expect(page.status == 200)
        titles += page["ideas"]?.array?.compactMap { $0["title"]?.string } ?? []
        let link = page.headers["Link"]
        #expect((page["next_cursor"]?.string == nil) == (link == nil))
        next = link.flatMap { $0.firstMatch(of: #/<(.*)>; rel="next"/#).map { String($0.1) } }
        pages += 1
      }
      #expect(pages == 3)
      #expect(titles == (0..<7).reversed().map { "Idea number \($0)" })
    }
  }

  @Test func `an unchanged idea is 304 and a changed one is not`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let bob = try await client.story.member("bob")
      let id = try await client.story.idea(by: ada)
      for path in ["/v1/ideas/\(id)", "/v1/ideas"] {
        let first = try await client.get(path)
        let tag = try #require(first.headers["ETag"])
        for given in [tag, "\"x\", W/\(tag)", "*"] {
          let same = try await client.get(path, headers: [("If-None-Match", given)])
          #expect(same.status == 304 && same.bytes.isEmpty && same.headers["ETag"] == tag)
        }
        try await client.story.vote(bob, for: id)
        let changed = try await client.get(path, headers: [("If-None-Match", tag)])
        #expect(changed.status == 200 && changed.headers["ETag"] != tag)
        try await client.story.withdraw(bob, from: id)
      }
    }
  }

  @Test func `hundreds of votes and reads at once are answered one by one`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let ideas = [try await client.story.idea(by: ada), try await client.story.idea(by: ada)]
      let voters = try await client.story.crowd(120)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for (number, voter) in voters.enumerated() {
          group.addTask {
            let me = try await client.by(voter)
            let idea = ideas[number % 2]
            let vote = try await me.put("/v1/ideas/\(idea)/vote")
            #expect(vote.status == 200 && vote["idea_id"]?.string == idea.description)
            let read = try await me.get("/v1/ideas/\(idea)")
            #expect(read["id"]?.string == idea.description)
          }
        }
        try await group.waitForAll()
      }
      for idea in ideas {
        #expect(try await client.get("/v1/ideas/\(idea)")["votes"]?.int == 60)
      }
    }
  }
}
