import Coinvent
import JSON
import TestSupport
import Testing

@testable import API

@Suite struct EvaluationsAPITests {
  @Test func `a session from its plan to its result`() async throws {
    try await withApplication { client in
      let (curator, bob, ideas) = try await scene(client)
      let plan: JSON = [
        "title": "Spring", "starts_at": "2026-03-01T12:00:00Z", "ends_at": "2026-03-01T14:00:00Z",
        "criteria": [["name": "fun", "scale": 5, "description": "Would you smile?"]],
        "agenda": .array(ideas.map { .string("\($0)") }),
      ]
      #expect(try await bob.post("/v1/evaluations", plan).status == 403)
      let wrong = try await curator.send(
        .post, "/v1/evaluations", bytes: Array(#"{"title":1,"agenda":["x"],"starts_at":""}"#.utf8))
      #expect(
        wrong.pointers.sorted() == ["/agenda", "/criteria", "/ends_at", "/starts_at", "/title"])
      let made = try await curator.post("/v1/evaluations", plan, key: "spring")
      let id = try #require(made["id"]?.string)
      #expect(made.status == 201 && made.headers["Location"] == "/v1/evaluations/\(id)")
      #expect(try await curator.post("/v1/evaluations", plan, key: "spring")["id"]?.string == id)
      let path = "/v1/evaluations/\(id)"
      #expect(try await curator.put(path, plan)["state"]?.string == "planned")

      let rating: JSON = ["scores": [["criterion": "fun", "score": 4]]]
      #expect(
        try await bob.put("\(path)/ratings/\(ideas[0])", rating).problem == "evaluation-not-live")
      #expect(try await curator.post("\(path)/start")["state"]?.string == "live")
      #expect(try await curator.post("\(path)/start").problem == "evaluation-not-planned")
      let current: JSON = ["idea_id": .string("\(ideas[0])")]
      #expect(
        try await curator.put("\(path)/current", current)["current_idea_id"]?.string
          == "\(ideas[0])")
      #expect(
        try await curator.put("\(path)/current", ["idea_id": .string("\(IdeaID.new())")]).pointers
          == ["/idea_id"])
      #expect(try await bob.put("\(path)/ratings/\(ideas[0])", rating).status == 200)
      #expect(try await bob.put("\(path)/ratings/\(ideas[1])", rating).problem == "own-idea")
      #expect(try await bob.get("\(path)/ratings")["ratings"]?.array?.count == 1)
      let tally = try await client.get("\(path)/tally")
      let mark = tally["ideas"]?.array?.first?["criteria"]?.array?.first
      #expect(mark?["mean"]?.string == "4.000" && mark?["count"]?.int == 1)
      #expect(try await bob.delete("\(path)/ratings/\(ideas[0])").status == 204)

      let early = try await curator.post("\(path)/close")
      #expect(early.problem == "undecided" && early.pointers == ["/agenda/0", "/agenda/1"])
      let decision: JSON = [
        "idea_id": .string("\(ideas[0])"), "decision": "accept", "reason": "They smiled.",
      ]
      let decided = try await curator.post("\(path)/decisions", decision)
      #expect(decided.status == 201 && decided["product_id"] != nil)
      #expect(try await curator.post("\(path)/decisions", decision).problem == "already-decided")
      let closed = try await curator.post("\(path)/close", ["carry_rest": true])
      #expect(closed["state"]?.string == "closed" && closed["current_idea_id"]?.isNull == true)
      #expect(try await curator.post("\(path)/close").problem == "evaluation-closed")
      let list = try await client.get("/v1/evaluations?limit=1")
      #expect(list["evaluations"]?.array?.first?["id"]?.string == id)
      #expect(try await client.get("/v1/evaluations?limit=0&cursor=x").pointers.count == 2)
    }
  }

  @Test func `a watcher gets all of it once, then what changes, until the session closes`()
    async throws
  {
    try await withApplication { client in
      let (curator, bob, ideas) = try await scene(client)
      let story = client.story
      let boss = try await story.member("boss", role: .curator)
      let id = try await story.planned(ideas, by: boss)
      _ = try await story.start(id, by: boss)
      let path = "/v1/evaluations/\(id)"
      async let watched = client.get("\(path)/live")
      let tallies = client.application.liveTallies
      try await until { await tallies.watched == 1 }
      for score in [3, 5] as [Int64] {
        // Twice as long as between two readings.
        try await Task.sleep(for: .seconds(1))
        _ = try await bob.put(
          "\(path)/ratings/\(ideas[0])", ["scores": [["criterion": "fun", "score": .int(score)]]])
      }
      try await Task.sleep(for: .seconds(1))
      _ = try await curator.post("\(path)/close", ["carry_rest": true])
      let events = try await events(watched.bytes)
      #expect(events.last?.name == "end" && events.dropLast().allSatisfy { $0.name == "tally" })
      #expect(events.first?.data["ideas"]?.array?.count == 2)
      // On a busy machine readings may come late, and one then tells of both ratings.
      #expect((4...5).contains(events.count))
      let rated = events[1..<(events.count - 2)]
      for event in rated {
        #expect(event.data["ideas"]?.array?.map { $0["idea_id"]?.string } == ["\(ideas[0])"])
      }
      let mean = rated.last?.data["ideas"]?.array?.first?["criteria"]?.array?.first?["mean"]
      #expect(mean == "5.000")
      #expect(events[events.count - 2].data["state"]?.string == "closed")
      try await until { await tallies.watched == 0 }
    }
  }

  @Test func `a later reading tells what has changed since an earlier one`() async throws {
    try await withApplication { client in
      let story = client.story
      let (_, _, ideas) = try await scene(client)
      let boss = try await story.member("boss", role: .curator)
      let id = try await story.planned(ideas, by: boss)
      _ = try await story.start(id, by: boss)
      func read() async throws -> EvaluationTally {
        try #require(try await EvaluationTally.read(id, in: client.pool))
      }
      let first = try await read()
      #expect(first.changes(since: nil).map(\.idea) == ideas)
      #expect(try await read().changes(since: first) == [])
      _ = try await story.rate(ideas[1], ["fun": 4, "price": 1], by: boss, in: id)
      #expect(try await read().changes(since: first).map(\.idea) == [ideas[1]])
    }
  }

  @Test func `a closed session is told once`() async throws {
    try await withApplication { client in
      let story = client.story
      let (_, _, ideas) = try await scene(client)
      let boss = try await story.member("boss", role: .curator)
      let id = try await story.planned(ideas, by: boss)
      _ = try await story.close(id, by: boss)
      let events = try events(await client.get("/v1/evaluations/\(id)/live").bytes)
      #expect(events.map(\.name) == ["tally", "end"])
      #expect(try await client.get("/v1/evaluations/\(EvaluationID.new())/live").status == 404)
    }
  }

  @Test func `an address has only so many streams`() async throws {
    try await withApplication { client in
      let story = client.story
      let (_, _, ideas) = try await scene(client)
      let boss = try await story.member("boss", role: .curator)
      let id = try await story.planned(ideas, by: boss)
      _ = try await story.close(id, by: boss)
      let limit = client.application.streams
      var taken = 0
      while limit.take("127.0.0.1") { taken += 1 }
      #expect(taken > 0)
      #expect(try await client.get("/v1/evaluations/\(id)/live").status == 429)
      limit.giveBack("127.0.0.1")
      // A stream that has ended has given its place back.
      for _ in 0..<2 {
        #expect(try await client.get("/v1/evaluations/\(id)/live").status == 200)
      }
    }
  }

  private func scene(_ client: Client) async throws -> (Client, Client, [IdeaID]) {
    let story = client.story
    let curator = try await story.member("curator", role: .curator)
    let bob = try await story.member("bob")
    let ideas = try await [story.idea(by: story.member("ada")), story.idea(by: bob)]
    for idea in ideas { try await story.move(idea, to: .inReview, by: curator) }
    return (try await client.by(curator), try await client.by(bob), ideas)
  }

  private func until(_ isSo: () async -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while !(await isSo()) {
      guard ContinuousClock.now < end else { throw Surprise("it did not come about in time") }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private func events(_ bytes: [UInt8]) throws -> [(name: String, data: JSON)] {
    try String(decoding: bytes, as: UTF8.self).split(separator: "\n\n").map { event in
      var name = ""
      var data = ""
      for line in event.split(separator: "\n") {
        if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
        if line.hasPrefix("data: ") { data = String(line.dropFirst(6)) }
      }
      return (name, try JSON.parse(Array(data.utf8)))
    }
  }
}
