import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct SearchAPITests {
  @Test func `ideas are found by words, with what was found marked`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let made = try await ada.post("/v1/ideas", IdeasAPITests.cable)
      #expect(made["similar"]?.array?.isEmpty == true)
      let id = try #require(made["id"]?.string)
      let found = try await client.get("/v1/ideas/search?q=tangled+cables")
      #expect(found.status == 200 && found["guessed"]?.bool == false)
      let hit = try #require(found["results"]?.array?.first)
      #expect(hit["idea"]?["id"]?.string == id)
      #expect(hit["title"]?.array?.contains { $0["match"]?.bool == true } == true)
      let tag = try #require(found.headers["ETag"])
      let again = try await client.get(
        "/v1/ideas/search?q=tangled+cables", headers: [("If-None-Match", tag)])
      #expect(again.status == 304)
      #expect(try await client.get("/v1/ideas/search").pointers == ["/q"])
      #expect(
        try await client.get("/v1/ideas/search?q=a&state=draft&limit=0").pointers
          == ["/state", "/limit"])
    }
  }

  @Test func `who writes an idea is shown what is like it`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let bob = try await client.by(client.story.member("bob"))
      let id = try #require(
        try await ada.post("/v1/ideas", IdeasAPITests.cable)["id"]?.string)
      let typing = try await client.get("/v1/ideas/similar?title=cable+that+never")
      #expect(typing["similar"]?.array?.first?["id"]?.string == id)
      #expect(try await client.get("/v1/ideas/similar")["similar"]?.array?.isEmpty == true)
      let again = try await bob.post("/v1/ideas", IdeasAPITests.cable)
      #expect(again["similar"]?.array?.map { $0["id"]?.string } == [id])
      #expect(again["similar"]?.array?.first?["score"]?.double == 1)
    }
  }
}
