import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct IdeaLifeAPITests {
  @Test func `a draft is seen by its author alone, edited, and submitted`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let made = try await ada.post(
        "/v1/ideas", ["title": "Cable", "pitch": "", "category": "home", "draft": true])
      #expect(made.status == 201 && made["state"]?.string == "draft")
      let id = try #require(made["id"]?.string)
      for path in ["", "/history", "/versions", "/gates"] {
        #expect(try await client.get("/v1/ideas/\(id)\(path)").status == 404)
        #expect(try await curator.get("/v1/ideas/\(id)\(path)").status == 404)
        #expect(try await ada.get("/v1/ideas/\(id)\(path)").status == 200)
      }
      #expect(try await ada.get("/v1/ideas?state=draft").status == 403)
      #expect(try await ada.get("/v1/me/ideas")["ideas"]?.array?.count == 1)
      #expect(try await curator.put("/v1/ideas/\(id)/vote").status == 404)

      let early = try await ada.post("/v1/ideas/\(id)/submission")
      #expect(early.status == 422)
      #expect(early.pointers == ["/title", "/pitch", "/problem", "/solution"])
      let edited = try await ada.send(
        .patch, "/v1/ideas/\(id)",
        [
          "title": "A cable that never tangles", "pitch": "Tamed.", "problem": "They tangle.",
          "solution": "This does not.",
        ])
      #expect(edited.status == 200 && edited["version"]?.int == 1)
      let open = try await ada.post("/v1/ideas/\(id)/submission")
      #expect(open.status == 200 && open["state"]?.string == "open")
      #expect(try await ada.post("/v1/ideas/\(id)/submission").problem == "no-draft")
      let history = try await client.get("/v1/ideas/\(id)/history")
      #expect(history["changes"]?.array?.first?["new_state"]?.string == "open")
    }
  }

  @Test func `edits of an open idea are versions, and nobody edits what they have not read`()
    async throws
  {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let bob = try await client.by(client.story.member("bob"))
      let id = try #require(
        try await ada.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      let change: JSON = ["pitch": "Cables, at last.", "version": 1]
      #expect(try await ada.send(.patch, "/v1/ideas/\(id)", change)["version"]?.int == 2)
      #expect(try await ada.send(.patch, "/v1/ideas/\(id)", change).problem == "other-version")
      #expect(try await bob.send(.patch, "/v1/ideas/\(id)", change).problem == "not-author")
      #expect(
        try await ada.send(.patch, "/v1/ideas/\(id)", ["title": "short"]).pointers == ["/title"])
      let versions = try await client.get("/v1/ideas/\(id)/versions")["versions"]?.array
      #expect(versions?.count == 1 && versions?[0]["pitch"]?.string == "Cables, tamed.")
      let gone = try await ada.post("/v1/ideas/\(id)/withdrawal", ["reason": "Not yet."])
      #expect(gone["state"]?.string == "withdrawn")
      #expect(try await ada.send(.patch, "/v1/ideas/\(id)", change).problem == "idea-frozen")
      let next: JSON = [
        "title": "A cable that never tangles", "pitch": "Better.", "problem": "They tangle.",
        "solution": "This does not.", "category": "home", "continues": .string(id),
      ]
      #expect(try await bob.post("/v1/ideas", next).pointers == ["/continues"])
      #expect(try await ada.post("/v1/ideas", next).status == 201)
    }
  }

  @Test func `a curator moves ideas with a reason, along the allowed ways only`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let id = try #require(
        try await ada.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      func move(_ to: String) async throws -> Client.Answer {
        try await curator.post("/v1/ideas/\(id)/moves", ["to": .string(to), "reason": "Time."])
      }
      #expect(try await move("in_review")["state"]?.string == "in_review")
      #expect(try await move("in_evaluation")["state"]?.string == "in_evaluation")
      #expect(try await move("open").problem == "wrong-state")
      #expect(try await move("accepted").status == 422)
      let gates = try await client.get("/v1/ideas/\(id)/gates")["gates"]?.array
      #expect(gates?.count == 1 && gates?[0]["outcome"]?.string == "closed")
      let decided = try await curator.post(
        "/v1/ideas/\(id)/decisions", ["decision": "accept", "reason": "Loved."])
      #expect(decided.status == 201)
      let history = try await client.get("/v1/ideas/\(id)/history")["changes"]?.array
      #expect(
        history?.compactMap { $0["new_state"]?.string }
          == ["in_review", "in_evaluation", "accepted"])
    }
  }

  @Test func `gates are data: a chain is made, chosen, and never changed`() async throws {
    try await withApplication { client in
      let admin = try await client.by(client.story.member("boss", role: .admin))
      let chain: JSON = [
        "name": "quick", "steps": [["votes": 1, "days": 2], ["votes": 3, "days": 4]],
      ]
      #expect(try await admin.post("/v1/gates", chain).status == 201)
      #expect(try await admin.post("/v1/gates", chain).problem == "name-taken")
      let bad: JSON = [
        "name": "Bad Name", "steps": [["votes": 5, "days": 2], ["votes": 3, "days": 4]],
      ]
      #expect(try await admin.post("/v1/gates", bad).pointers == ["/name", "/steps/1/votes"])
      #expect(try await admin.put("/v1/gates/chosen", ["name": "slow"]).status == 404)
      #expect(try await admin.put("/v1/gates/chosen", ["name": "quick"]).status == 200)
      #expect(try await client.get("/v1/gates")["chosen"]?.string == "quick")
      let id = try #require(
        try await admin.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      let gates = try await client.get("/v1/ideas/\(id)/gates")["gates"]?.array
      #expect(gates?[0]["votes_needed"]?.int == 1 && gates?[0]["chain"]?.string == "quick")
    }
  }

  @Test func `a duplicate gives its votes to the original, and gets them back`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let bob = try await client.by(client.story.member("bob"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let one = try #require(
        try await ada.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      let two = try #require(
        try await ada.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      for id in [one, two] { #expect(try await bob.put("/v1/ideas/\(id)/vote").status == 200) }
      #expect(try await curator.put("/v1/ideas/\(two)/vote").status == 200)
      let body: JSON = ["into": .string(one), "reason": "The same cable."]
      let merged = try await curator.put("/v1/ideas/\(two)/merge", body)
      #expect(merged.status == 200 && merged["votes"]?.int == 2)
      #expect(merged["votes_moved"]?.int == 1 && merged["votes_already_there"]?.int == 1)
      #expect(try await curator.put("/v1/ideas/\(two)/merge", body).problem == "merged-already")
      #expect(
        try await curator.put("/v1/ideas/\(one)/merge", body).problem == "merge-with-itself")
      let back = try await curator.delete("/v1/ideas/\(two)/merge")
      #expect(back.status == 200 && back["votes"]?.int == 2)
      #expect(try await client.get("/v1/ideas/\(one)")["votes"]?.int == 1)
      #expect(try await curator.delete("/v1/ideas/\(two)/merge").problem == "not-merged")
    }
  }
}
