import Coinvent
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct BriefsAPITests {
  private static func call(hidden: Bool) -> JSON {
    [
      "title": "Cables", "theme": "Tame **them**.", "rules": "One idea a head.",
      "opens_at": .string((Timestamp.now - .seconds(60)).description),
      "closes_at": .string((Timestamp.now + .seconds(3600)).description),
      "award": "A week at the factory", "award_amount": "500.00", "award_currency": "USD",
      "hidden_until_close": .bool(hidden),
    ]
  }

  @Test func `a brief is made, listed, read and extended`() async throws {
    try await withApplication { client in
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let made = try await curator.post("/v1/briefs", Self.call(hidden: false))
      #expect(made.status == 201 && made["state"]?.string == "open")
      #expect(made["award_amount"]?.string == "500.00")
      let path = "/v1/briefs/\(try #require(made["id"]?.string))"
      #expect(made.headers["Location"] == path)
      #expect(try await client.get("/v1/briefs")["briefs"]?.array?.count == 1)
      #expect(
        try await curator.send(.patch, path, ["title": "Other"]).problem == "brief-opened")
      let later: JSON = .string((Timestamp.now + .seconds(7200)).description)
      let bare = try await curator.send(.patch, path, ["closes_at": later])
      #expect(bare.pointers == ["/reason"])
      let extended = try await curator.send(
        .patch, path, ["closes_at": later, "reason": "Much is coming."])
      #expect(extended.status == 200)
      let read = try await client.get(path)
      #expect(read["extensions"]?[0]?["reason"]?.string == "Much is coming.")
      #expect(try await client.get("/v1/briefs/\(BriefID.new())").status == 404)
      #expect(try await client.get("/v1/briefs/\(BriefID.new())/ideas").status == 404)
      let faults = try await curator.post("/v1/briefs", ["title": "", "theme": "", "opens_at": 1])
      #expect(faults.pointers == ["/opens_at"])
    }
  }

  @Test func `ideas answer a brief, and hide where it says so`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      func make(hidden: Bool) async throws -> String {
        let made = try await curator.post("/v1/briefs", Self.call(hidden: hidden))
        return try #require(made["id"]?.string)
      }
      func submit(_ brief: String) async throws -> Client.Answer {
        var body = try #require(IdeasAPITests.cable.object)
        body["brief"] = .string(brief)
        return try await ada.post("/v1/ideas", .object(body))
      }
      let seen = try await make(hidden: false)
      let open = try await submit(seen)
      #expect(open["state"]?.string == "open" && open["brief_id"]?.string == seen)
      let secret = try await make(hidden: true)
      let hidden = try await submit(secret)
      #expect(hidden["state"]?.string == "submitted" && hidden["waits_for"] == ["brief"])
      #expect(hidden["brief_closes_at"] != nil)
      let path = "/v1/ideas/\(try #require(hidden["id"]?.string))"
      #expect(try await client.get(path).status == 404)
      #expect(try await client.get("/v1/briefs/\(secret)/ideas")["ideas"] == [])
      for reader in [ada, curator] {
        #expect(try await reader.get(path).status == 200)
        #expect(
          try await reader.get("/v1/briefs/\(secret)/ideas")["ideas"]?.array?.count == 1)
      }
      let moved = try await curator.post("\(path)/moves", ["to": "open", "reason": "It is time."])
      #expect(moved.problem == "brief-open")
      _ = try await ada.post("\(path)/withdrawal", ["reason": "I keep it."])
      #expect(try await client.get(path).status == 404)
      #expect(try await ada.get(path)["state"]?.string == "withdrawn")

      #expect(try await submit("\(BriefID.new())").pointers == ["/brief"])
      try await client.pool.execute(
        "ALTER TABLE briefs DISABLE TRIGGER briefs_guarded")
      try await client.pool.execute("UPDATE briefs SET closes_at = now() - interval '1 second'")
      #expect(try await submit(seen).problem == "brief-not-open")
    }
  }
}
