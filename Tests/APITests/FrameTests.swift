import Coinvent
import HTTPServer
import JSON
import Postgres
import TestSupport
import Testing

@testable import API

@Suite struct FrameTests {
  @Test func `the root says what this is and where things are`() async throws {
    try await withApplication { client in
      let root = try await client.get("/")
      #expect(root.status == 200)
      #expect(root["links"]?["ideas"]?.string == "/v1/ideas")
      #expect(try await client.get("/healthz")["status"]?.string == "ok")
      #expect(try await client.get("/readyz")["status"]?.string == "ready")
    }
  }

  @Test func `a wrong method is 405 with the right ones`() async throws {
    try await withApplication { client in
      let answer = try await client.send(.patch, "/v1/ideas/\(IdeaID.new())/vote")
      #expect(answer.status == 405)
      #expect(answer.headers["Allow"] == "PUT, DELETE")
      #expect(try await client.post("/healthz", [:]).headers["Allow"] == "GET")
    }
  }

  @Test func `a body that is no JSON is 400, of another type 415, no object 422`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      for body in ["", "{", "{\"a\":1,\"a\":2}", "nope", "{} {}"] {
        let answer = try await ada.send(.post, "/v1/ideas", bytes: Array(body.utf8))
        #expect(answer.status == 400, "\(body)")
      }
      #expect(try await ada.post("/v1/ideas", [1]).status == 422)
      let form = try await ada.send(
        .post, "/v1/ideas", bytes: Array("a=b".utf8),
        headers: [("Content-Type", "application/x-www-form-urlencoded")])
      #expect(form.status == 415)
      let typed = try await ada.send(
        .post, "/v1/ideas", IdeasAPITests.cable,
        headers: [("Content-Type", "application/json; charset=utf-8")])
      #expect(typed.status == 201)
    }
  }

  @Test(arguments: ["Bearer", "Bearer x", "Basic YTpi", "cvt_x", "Bearer a b"])
  func `a token that is none is 401 and says so`(_ header: String) async throws {
    try await withApplication { client in
      let answer = try await client.get("/v1/me", headers: [("Authorization", header)])
      #expect(answer.status == 401)
      #expect(answer.headers["WWW-Authenticate"]?.contains("invalid_token") == true)
      #expect(try await client.get("/v1/ideas", headers: [("Authorization", header)]).status == 401)
    }
  }

  @Test func `a revoked or expired token is refused at once`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let text = try await client.story.token(of: ada)
      let me = client.with(token: text)
      #expect(try await me.get("/v1/me").status == 200)
      let id = try #require(TokenSecret(text)).id
      _ = try await RevokeToken.run(id, of: nil, in: client.pool)
      #expect(try await me.get("/v1/me").status == 401)
      let old = try await client.story.token(
        of: ada, lasting: .seconds(10), at: .now - .seconds(11))
      #expect(try await client.with(token: old).get("/v1/me").status == 401)
    }
  }

  @Test func `a repeat with its key gets the first answer`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let first = try await ada.post("/v1/ideas", IdeasAPITests.cable, key: "k-1")
      let again = try await ada.post("/v1/ideas", IdeasAPITests.cable, key: "k-1")
      #expect(first.status == 201 && again.status == 201)
      #expect(first.bytes == again.bytes)
      #expect(again.headers["Location"] == first.headers["Location"])
      #expect(again.headers["Idempotency-Replayed"] == "true")
      #expect(try await count(client) == 1)

      var other = IdeasAPITests.cable.object ?? JSONObject()
      other["title"] = "Another cable altogether"
      let reused = try await ada.post("/v1/ideas", .object(other), key: "k-1")
      #expect(reused.status == 422 && reused.problem == "key-reused")
      let bob = try await client.by(client.story.member("bob"))
      #expect(try await bob.post("/v1/ideas", IdeasAPITests.cable, key: "k-1").status == 201)
      #expect(try await ada.post("/v1/ideas", IdeasAPITests.cable, key: "k-2").status == 201)
      #expect(try await count(client) == 3)
      #expect(try await ada.post("/v1/ideas", IdeasAPITests.cable, key: "ä").status == 400)
    }
  }

  @Test func `of many with one key at once one does the work`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let bodies = try await withThrowingTaskGroup(of: Client.Answer.self) { group in
        for _ in 0..<6 {
          group.addTask { try await ada.post("/v1/ideas", IdeasAPITests.cable, key: "k") }
        }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1.bytes) }
      }
      #expect(bodies.count == 1)
      #expect(try await count(client) == 1)
    }
  }

  @Test func `a refusal is not kept, and the password not among what is`() async throws {
    try await withApplication { client in
      let idea = try await client.story.idea(by: client.story.member("ada"))
      let curator = try await client.by(client.story.member("curator", role: .curator))
      let decision: JSON = ["decision": "decline", "reason": "No."]
      try await client.story.decide(.decline, idea, by: curatorID(client))
      let refused = try await curator.post("/v1/ideas/\(idea)/decisions", decision, key: "k")
      #expect(refused.status == 409)
      let joined = try await client.post("/v1/members", MembersAPITests.bob, key: "join")
      let again = try await client.post("/v1/members", MembersAPITests.bob, key: "join")
      #expect(joined.status == 201 && again.status == 201 && joined.bytes == again.bytes)
      let kept = try await client.pool.one("SELECT count(*) FROM kept_answers", as: Int64.self)
      #expect(kept == 1)
    }
  }

  private func curatorID(_ client: Client) async throws -> MemberID {
    try #require(try await FindMember.by(handleOrID: "curator", in: client.pool)).id
  }

  private func count(_ client: Client) async throws -> Int64 {
    try await client.pool.one("SELECT count(*) FROM ideas", as: Int64.self)
  }
}
