import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct TermsAPITests {
  @Test func `terms are made, read, accepted, and taken back`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let admin = try await client.by(client.story.member("admin", role: .admin))
      #expect(try await client.get("/v1/terms")["in_force"] == .null)
      let made = try await admin.post(
        "/v1/terms", ["text": "What you submit, **we** may build.", "take_back_days": 14])
      #expect(made.status == 201 && made["version"]?.int == 1)
      #expect(made.headers["Location"] == "/v1/terms/1")
      let read = try await client.get("/v1/terms/1")
      #expect(read["text"]?.string == "What you submit, **we** may build.")
      for path in ["2", "0", "01", "x", "99999999999"] {
        #expect(try await client.get("/v1/terms/\(path)").status == 404)
      }

      let refused = try await ada.post("/v1/ideas", IdeasAPITests.cable)
      #expect(refused.status == 409 && refused.problem == "terms-not-accepted")
      #expect(refused["detail"]?.string?.contains("/v1/terms/1") == true)
      #expect(refused.headers["Link"] == "</v1/terms/1>; rel=\"terms-of-service\"")
      var body = try #require(IdeasAPITests.cable.object)
      body["accept_terms"] = 1
      let taken = try await ada.post("/v1/ideas", .object(body))
      #expect(taken.status == 201)
      let path = "/v1/ideas/\(try #require(taken["id"]?.string))"
      let accepted = try await client.get("\(path)/terms")
      #expect(accepted["version"]?.int == 1 && accepted["taken_back"] == .null)
      #expect(accepted["sha256"] == read["sha256"])

      let back = try await ada.post("\(path)/withdrawal", ["reason": "I keep it."])
      #expect(back.status == 200 && back["terms"]?["taken_back"]?.bool == true)
      let history = try await client.get("\(path)/history")
      #expect(history["changes"]?[0]?["taken_back"]?.bool == true)
      #expect(try await client.get("\(path)/terms")["taken_back"]?.bool == true)
    }
  }

  @Test func `a draft accepts terms when it is submitted`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let admin = try await client.story.member("admin", role: .admin)
      try await client.story.terms(by: admin)
      var body = try #require(IdeasAPITests.cable.object)
      body["draft"] = true
      let draft = try #require(try await ada.post("/v1/ideas", .object(body))["id"]?.string)
      body["accept_terms"] = 1
      #expect(try await ada.post("/v1/ideas", .object(body)).pointers == ["/accept_terms"])
      let path = "/v1/ideas/\(draft)"
      #expect(try await ada.send(.post, "\(path)/submission").problem == "terms-not-accepted")
      #expect(try await ada.get("\(path)/terms").status == 404)
      #expect(
        try await ada.post("\(path)/submission", ["accept_terms": 1])["state"]?.string == "open")
    }
  }

  @Test func `versions are listed page by page without their texts`() async throws {
    try await withApplication { client in
      let admin = try await client.story.member("admin", role: .admin)
      for number in 1...3 { try await client.story.terms("Text \(number)", by: admin) }
      let first = try await client.get("/v1/terms?limit=2")
      #expect(first["in_force"]?.int == 3)
      #expect(first["terms"]?.array?.compactMap { $0["version"]?.int } == [3, 2])
      let cursor = try #require(first["next_cursor"]?.string)
      let second = try await client.get("/v1/terms?limit=2&cursor=\(cursor)")
      #expect(second["terms"]?.array?.compactMap { $0["version"]?.int } == [1])
      #expect(second["next_cursor"] == .null)
      #expect(
        try await client.get("/v1/terms?limit=x&cursor=!").pointers == ["/limit", "/cursor"])
      let boss = try await client.by(admin)
      let faults = try await boss.post(
        "/v1/terms", ["text": "", "take_back_days": 366, "effective_from": "soon"])
      #expect(faults.pointers == ["/take_back_days", "/effective_from"])
      let empty = try await boss.post("/v1/terms", ["text": " ", "take_back_days": 1])
      #expect(empty.pointers == ["/text"])
    }
  }
}
