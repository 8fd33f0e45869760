import API
import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct MembersAPITests {
  static let ada: JSON = [
    "handle": "ada", "display_name": "Ada", "email": "ada@example.org",
    "password": "correct horse",
  ]

  @Test func `join, sign in, ask who I am, sign out`() async throws {
    try await withApplication { client in
      let joined = try await client.post("/v1/members", Self.ada)
      #expect(joined.status == 201)
      let id = try #require(joined["id"]?.string)
      #expect(MemberID(id) != nil)
      #expect(joined["role"]?.string == "member")
      #expect(joined["password"] == nil && joined["password_hash"] == nil)

      let session = try await client.post(
        "/v1/sessions", ["login": "Ada@Example.org", "password": "correct horse"])
      #expect(session.status == 201)
      #expect(session.headers["Cache-Control"] == "no-store")
      #expect(session["expires_at"]?.string != nil)
      let me = client.with(token: try #require(session["token"]?.string))
      let answer = try await me.get("/v1/me")
      #expect(answer.status == 200)
      #expect(answer["id"]?.string == id && answer["handle"]?.string == "ada")

      #expect(try await me.delete("/v1/sessions").status == 204)
      #expect(try await me.get("/v1/me").status == 401)
    }
  }

  @Test func `everybody may know who a member is, and no more than that`() async throws {
    try await withApplication { client in
      let joined = try await client.post("/v1/members", Self.ada)
      let id = try #require(joined["id"]?.string)
      for who in ["ada", "Ada", id] {
        let seen = try await client.get("/v1/members/\(who)")
        #expect(seen.status == 200 && seen["id"]?.string == id && seen["handle"] == "ada")
        #expect(seen["email"] == nil && seen["role"] == nil)
      }
      #expect(try await client.get("/v1/members/nobody").status == 404)
      #expect(try await client.get("/v1/members/\(MemberID.new())").status == 404)
    }
  }

  @Test func `what is taken is 409 and names its field`() async throws {
    try await withApplication { client in
      _ = try await client.post("/v1/members", Self.ada)
      var again: JSON = [
        "handle": "ADA", "display_name": "A", "email": "b@example.org",
        "password": "correct horse",
      ]
      let handle = try await client.post("/v1/members", again)
      #expect(handle.status == 409 && handle.pointers == ["/handle"])
      again = [
        "handle": "bob", "display_name": "A", "email": "ADA@example.org",
        "password": "correct horse",
      ]
      let email = try await client.post("/v1/members", again)
      #expect(email.status == 409 && email.pointers == ["/email"])
    }
  }

  @Test func `bad fields are told together, unknown ones too`() async throws {
    try await withApplication { client in
      let answer = try await client.post(
        "/v1/members",
        ["handle": "a", "display_name": 3, "password": "password1", "role": "admin"])
      #expect(answer.status == 422)
      #expect(answer.headers["Content-Type"] == "application/problem+json")
      #expect(
        Set(answer.pointers) == ["/handle", "/display_name", "/email", "/password", "/role"])
      #expect(answer["type"]?.string == "/problems/invalid-fields")
      #expect(answer["status"]?.int == 422)
      #expect(answer["title"]?.string != nil && answer["detail"]?.string != nil)
    }
  }

  @Test func `a wrong password and an unknown account look the same`() async throws {
    try await withApplication { client in
      _ = try await client.post("/v1/members", Self.ada)
      let wrong = try await client.post(
        "/v1/sessions", ["login": "ada", "password": "wrong horse"])
      let unknown = try await client.post(
        "/v1/sessions", ["login": "nobody", "password": "wrong horse"])
      #expect(wrong.status == 401 && unknown.status == 401)
      #expect(wrong.bytes == unknown.bytes)
      #expect(wrong.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
    }
  }

  @Test func `failed sign-ins run out, right ones do not`() async throws {
    var settings = ApplicationSettings()
    settings.triesPerAccount = RateLimit.Rule(burst: 3, interval: .seconds(60))
    try await withApplication(settings) { client in
      _ = try await client.post("/v1/members", Self.ada)
      for _ in 0..<6 {
        let right = try await client.post(
          "/v1/sessions", ["login": "ada", "password": "correct horse"])
        #expect(right.status == 201)
      }
      for _ in 0..<3 {
        let wrong = try await client.post(
          "/v1/sessions", ["login": "ada", "password": "wrong one"])
        #expect(wrong.status == 401)
      }
      let shut = try await client.post("/v1/sessions", ["login": "ada", "password": "wrong one"])
      #expect(shut.status == 429)
      let wait = try #require(shut.headers["Retry-After"].flatMap { Int($0) })
      #expect((1...61).contains(wait))
    }
  }

  @Test func `an address may make hundreds of members by default`() async throws {
    try await withApplication { client in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<60 {
          if number >= 8 { _ = try await group.next() }
          group.addTask {
            let body: JSON = [
              "handle": .string("many_\(number)"), "display_name": "Many",
              "email": .string("many\(number)@example.org"), "password": "correct horse",
            ]
            let status = try await client.post("/v1/members", body).status
            #expect(status == 201)
            return status
          }
        }
        try await group.waitForAll()
      }
    }
  }

  @Test func `too many passwords at once are refused with a time to come back`() async throws {
    var settings = ApplicationSettings()
    settings.passwordThreads = 1
    settings.passwordQueue = 1
    try await withApplication(settings) { client in
      let answers = try await withThrowingTaskGroup(of: Client.Answer.self) { group in
        for _ in 0..<12 {
          group.addTask {
            try await client.post("/v1/sessions", ["login": "ada", "password": "correct horse"])
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let refused = answers.filter { $0.status == 503 }
      #expect(!refused.isEmpty)
      #expect(refused.allSatisfy { $0.headers["Retry-After"] != nil })
      #expect(answers.allSatisfy { $0.status == 503 || $0.status == 401 })
    }
  }

  @Test func `a member makes, lists and revokes tokens of less power`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let made = try await ada.post("/v1/tokens", ["scopes": ["votes"], "expires_in_days": 1])
      #expect(made.status == 201)
      let id = try #require(made["id"]?.string)
      let small = client.with(token: made["token"]?.string)
      #expect(try await small.get("/v1/me").status == 403)
      #expect(try await small.post("/v1/tokens", [:]).status == 403)
      let account = try await ada.post("/v1/tokens", ["scopes": ["account"]])
      let limited = client.with(token: account["token"]?.string)
      #expect(try await limited.post("/v1/tokens", ["scopes": ["votes"]]).status == 403)
      #expect(try await limited.post("/v1/tokens", [:]).status == 201)
      #expect(try await ada.post("/v1/tokens", ["scopes": ["fly"]]).pointers == ["/scopes"])
      #expect(
        try await ada.post("/v1/tokens", ["expires_in_days": 0]).pointers == ["/expires_in_days"])
      #expect(try await ada.get("/v1/tokens")["tokens"]?.array?.count == 4)

      let bob = try await client.by(client.story.member("bob"))
      #expect(try await bob.delete("/v1/tokens/\(id)").status == 404)
      #expect(try await ada.delete("/v1/tokens/\(id)").status == 204)
      #expect(try await ada.delete("/v1/tokens/\(id)").status == 204)
      #expect(try await small.put("/v1/ideas/\(IdeaID.new())/vote").status == 401)
    }
  }
}

extension MembersAPITests {
  static let bob: JSON = [
    "handle": "bob", "display_name": "Bob", "email": "bob@example.org",
    "password": "correct horse",
  ]
}

/// What a crowd or a stranger may meet.
@Suite struct JoiningTests {
  @Test func `strangers with the same key do not meet`() async throws {
    try await withApplication { client in
      let ada = try await client.post("/v1/members", MembersAPITests.ada, key: "1")
      let bob = try await client.post("/v1/members", MembersAPITests.bob, key: "1")
      #expect(ada.status == 201 && bob.status == 201)
      #expect(ada["handle"]?.string == "ada" && bob["handle"]?.string == "bob")
    }
  }

  @Test func `a sign-in that was refused for want of room is no failed try`() async throws {
    var settings = ApplicationSettings()
    settings.passwordThreads = 1
    settings.passwordQueue = 1
    settings.triesPerAccount = RateLimit.Rule(burst: 4, interval: .seconds(600))
    try await withApplication(settings) { client in
      _ = try await client.post("/v1/members", MembersAPITests.ada)
      let right: JSON = ["login": "ada", "password": "correct horse"]
      var refused = 0
      for _ in 0..<4 {
        let statuses = try await four(right, client)
        refused += statuses.count { $0 == 503 }
        #expect(statuses.allSatisfy { $0 == 503 || $0 == 201 })
      }
      #expect(refused > 0)
      #expect(try await client.post("/v1/sessions", right).status == 201)
    }
  }

  private func four(_ body: JSON, _ client: Client) async throws -> [Int] {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 { group.addTask { try await client.post("/v1/sessions", body).status } }
      var statuses: [Int] = []
      for try await status in group { statuses.append(status) }
      return statuses
    }
  }

  @Test func `what is too long to be a login is refused before anything is asked`() async throws {
    try await withApplication { client in
      let long = JSON.string(String(repeating: "a", count: 1025))
      let answer = try await client.post("/v1/sessions", ["login": long, "password": long])
      #expect(answer.status == 422 && answer.pointers == ["/login", "/password"])
    }
  }
}
