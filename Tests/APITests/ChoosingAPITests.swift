import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ChoosingAPITests {
  /// A product with a project that members choose in now; entries of m0, m1 and m2.
  private struct Scene {
    let client: Client
    let curator: Client
    let curatorID: MemberID
    let crowd: [MemberID]
    let entries: [EntryID]
    let project: ProjectID
    let product: ProductID
    let base: String

    init(_ client: Client, _ choosing: Choosing, _ rules: JSON = [:], hides: Bool = false)
      async throws
    {
      self.client = client
      let story = client.story
      curatorID = try await story.member("curator", role: .curator)
      curator = try await client.by(curatorID)
      product = try await story.product(by: story.member("inventor"), curator: curatorID)
      project = try await story.round(
        product, choosing, rules, hidesTallies: hides, by: curatorID)
      crowd = try await story.crowd(5)
      entries = try await story.enter(Array(crowd.prefix(3)), in: project, of: product)
      base = "/v1/products/\(product)/projects/\(project)"
      try await move(closes: .now + .seconds(3600))
    }

    /// Moves the round in time, as long as nothing guards that.
    func move(closes: Timestamp) async throws {
      try await client.pool.execute(
        """
        ALTER TABLE projects DISABLE TRIGGER USER
        """)
      try await client.pool.execute(
        """
        UPDATE projects SET closes_at = \(closes), choosing_from = \(closes - .seconds(7200)),
          entries_until = \(closes - .seconds(7300)), opens_at = \(closes - .seconds(7400))
        """)
      try await client.pool.execute("ALTER TABLE projects ENABLE TRIGGER USER")
    }

    func member(_ place: Int) async throws -> Client { try await client.by(crowd[place]) }
    func entry(_ place: Int) -> String { "\(base)/entries/\(entries[place])" }
  }

  @Test func `votes are given, counted and end in a decision`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client, .votes, ["votes_per_member": 2], hides: true)
      let (ada, bob) = (try await scene.member(3), try await scene.member(4))
      let given = try await ada.put(scene.entry(1) + "/vote")
      #expect(given["remaining"]?.int == 1 && given["votes"]?.isNull == true)
      _ = try await ada.put(scene.entry(0) + "/vote")
      let third = try await ada.put(scene.entry(2) + "/vote")
      #expect(third.status == 409 && third.problem == "no-votes-left")
      #expect(try await ada.delete(scene.entry(0) + "/vote")["remaining"]?.int == 1)
      _ = try await bob.put(scene.entry(1) + "/vote")
      #expect(try await scene.member(1).put(scene.entry(1) + "/vote").problem == "own-entry")
      #expect(
        try await ada.put("\(scene.base)/entries/\(EntryID.new())/vote").status == 404)
      let mine = try await ada.get(scene.base + "/choices")
      #expect(mine["choices"]?.array?.count == 1 && mine["remaining"]?.int == 1)
      #expect(try await ada.get(scene.base + "/choices?limit=0&cursor=x").pointers.count == 2)

      #expect(try await client.get(scene.base + "/leaders").problem == "tallies-hidden")
      let watched = try await scene.curator.get(scene.base + "/leaders")
      #expect(watched["final"]?.bool == false && watched["entries"]?.isNull == true)
      let pick: JSON = ["entry_id": .string("\(scene.entries[1])")]
      let decision: JSON = ["decision": "adopt", "picks": [pick], "reason": "It sings."]
      #expect(
        try await scene.curator.post(scene.base + "/decision", decision).problem
          == "project-not-closed")
      #expect(try await client.get(scene.base + "/decision").status == 404)

      try await scene.move(closes: .now - .seconds(1))
      #expect(try await ada.put(scene.entry(0) + "/vote").problem == "project-closed")
      let leaders = try await client.get(scene.base + "/leaders")
      #expect(leaders["final"]?.bool == true && leaders["choosers"]?.int == 2)
      #expect(leaders["leaders"]?[0]?["entry_id"]?.string == scene.entries[1].description)
      #expect(leaders["leaders"]?[0]?["score"]?.int == 2)
      let decided = try await scene.curator.post(scene.base + "/decision", decision)
      #expect(decided.status == 201 && decided["picks"]?[0]?["weight"]?.int == 1)
      #expect(
        try await scene.curator.post(scene.base + "/decision", decision).problem
          == "already-decided")
      #expect(try await client.get(scene.base + "/decision")["reason"]?.string == "It sings.")
      let influence = try await client.get("/v1/products/\(scene.product)/influence")
      let holders = Set((influence["shares"]?.array ?? []).compactMap { $0["member_id"]?.string })
      #expect(holders.isSuperset(of: [1, 3, 4].map { scene.crowd[$0].description }))
    }
  }

  @Test func `duels come one after the other`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client, .duels)
      let ada = try await scene.member(3)
      let first = try await ada.get(scene.base + "/duels/next")
      let pair = try #require(first["pair"]?.object)
      let (left, right) = (try #require(pair["left"]), try #require(pair["right"]))
      func judge(_ more: (String, JSON)...) async throws -> Client.Answer {
        var body = JSONObject()
        body["left"] = left
        body["right"] = right
        for (name, value) in more { body[name] = value }
        return try await ada.post(scene.base + "/duels", .object(body))
      }
      #expect(try await judge().pointers == ["/winner"])
      #expect(try await judge(("winner", left), ("skip", true)).pointers == ["/winner"])
      #expect(
        try await judge(("winner", .string("\(EntryID.new())"))).pointers == ["/winner"])
      let next = try await judge(("winner", left))
      #expect(next.status == 200 && next["remaining"]?.int == 99)
      #expect(next["pair"] != first["pair"])
      #expect(try await judge(("winner", left)).problem == "pair-not-offered")
      #expect(
        try await ada.put(scene.entry(0) + "/vote").problem == "other-way-of-choosing")
    }
  }

  @Test func `stars, scores and guesses are taken in place of those before`() async throws {
    try await withApplication { client in
      let rated = try await Scene(client, .ratings, ["criteria": ["fun"]])
      let ada = try await rated.member(3)
      let stars: JSON = ["stars": [["criterion": "fun", "stars": 4]]]
      let answer = try await ada.put(rated.entry(0) + "/rating", stars)
      #expect(answer["complete"]?.int == 1 && answer["needed"]?.int == 3)
      #expect(
        try await ada.get(rated.base + "/choices")["choices"]?[0]?["stars"]?[0]?["stars"]?.int
          == 4)
      #expect(try await ada.delete(rated.entry(0) + "/rating")["complete"]?.int == 0)
      let wrong: JSON = ["stars": [["criterion": "joy", "stars": 6]]]
      #expect(try await ada.put(rated.entry(0) + "/rating", wrong).pointers == ["/stars/0/stars"])
    }
    try await withApplication { client in
      let juror = try await client.story.member("juror")
      let scored = try await Scene(client, .jury, ["jurors": [.string("\(juror)")]])
      let body: JSON = ["score": 80, "comment": "Sings."]
      let me = try await client.by(juror)
      #expect(try await me.put(scored.entry(0) + "/score", body)["left"]?.int == 2)
      #expect(
        try await me.get(scored.base + "/choices")["choices"]?[0]?["score"]?.int == 80)
      #expect(
        try await scored.member(4).put(scored.entry(0) + "/score", body).problem == "not-a-juror")
    }
    try await withApplication { client in
      let guessed = try await Scene(client, .guesses, ["currency": "USD"])
      let ada = try await guessed.member(3)
      #expect(
        try await ada.put(guessed.base + "/guess", ["price": "24.90"])["currency"]?.string
          == "USD")
      #expect(
        try await ada.get(guessed.base + "/choices")["guess"]?["price"]?.string == "24.90")
      #expect(try await ada.put(guessed.base + "/guess", ["price": "x"]).pointers == ["/price"])
      #expect(try await ada.put(guessed.base + "/guess", [:]).pointers == ["/price"])
      #expect(try await ada.delete(guessed.base + "/guess").status == 204)
      #expect(try await client.get(guessed.base + "/leaders").problem == "project-not-closed")
    }
  }

  @Test func `what a decision lacks is named`() async throws {
    try await withApplication { client in
      let scene = try await Scene(client, .votes, ["leaders": 1])
      try await scene.move(closes: .now - .seconds(1))
      func decide(_ body: JSON) async throws -> Client.Answer {
        try await scene.curator.post(scene.base + "/decision", body)
      }
      func pick(_ place: Int) -> JSON { ["entry_id": .string("\(scene.entries[place])")] }
      #expect(
        try await decide(["decision": "maybe", "picks": [["weight": 0]], "final_price": "-1"])
          .pointers.sorted() == [
            "/decision", "/final_price", "/picks/0/entry_id", "/picks/0/weight", "/reason",
          ])
      #expect(try await decide(["decision": "adopt", "reason": "So."]).pointers == ["/picks"])
      let behind = try await decide(["decision": "adopt", "picks": [pick(1)], "reason": "So."])
      #expect(behind.problem == "not-a-leader" && behind.pointers == ["/picks/0/entry_id"])
      let other = try await decide([
        "decision": "adopt", "picks": [["entry_id": .string("\(EntryID.new())")]], "reason": "So.",
      ])
      #expect(other.status == 422 && other.pointers == ["/picks/0/entry_id"])
      #expect(
        try await decide([
          "decision": "none", "picks": [pick(0)], "reason": "So.",
        ]).pointers == ["/picks"])
      #expect(
        try await decide([
          "decision": "adopt", "picks": [pick(0)], "reason": "So.", "final_price": "1",
        ]).pointers == ["/final_price"])
      let none = try await decide(["decision": "none", "reason": "None of them sings."])
      #expect(none.status == 201 && none["decision"]?.string == "none")
    }
  }
}
