import Coinvent
import JSON
import TestSupport
import Testing

@Suite struct IdeaDetailsAPITests {
  private static let cable: JSON = [
    "title": "A cable that never tangles", "pitch": "Cables, tamed.", "problem": "Cables tangle.",
    "solution": "This one does not.", "category": "home & garden",
    "features": "Folds flat.", "similar_products": "The Knotless 3000",
    "tags": ["Cables", "desk"], "links": [["url": "https://example.org/s", "title": "A sketch"]],
  ]

  @Test func `details are read where the idea is read, and left out where there are none`()
    async throws
  {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let made = try await ada.post("/v1/ideas", Self.cable)
      let id = try #require(made["id"]?.string)
      for read in [made, try await client.get("/v1/ideas/\(id)")] {
        #expect(read["features"]?.string == "Folds flat.")
        #expect(read["similar_products"]?.string == "The Knotless 3000")
        #expect(read["tags"] == ["cables", "desk"])
        #expect(read["links"]?[0]?["title"]?.string == "A sketch")
      }
      let edited = try await ada.send(
        .patch, "/v1/ideas/\(id)",
        ["tags": [], "links": [], "features": "", "similar_products": ""])
      #expect(edited["tags"] == nil && edited["links"] == nil && edited["features"] == nil)
      let version = try await client.get("/v1/ideas/\(id)/versions")["versions"]?[0]
      #expect(version?["tags"] == ["cables", "desk"])
      #expect(version?["links"]?[0]?["url"]?.string == "https://example.org/s")
    }
  }

  @Test func `faults have pointers of their own`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      var body = try #require(Self.cable.object)
      body["tags"] = ["", .string(String(repeating: "x", count: 31))]
      body["links"] = [["url": "javascript:alert(1)"], ["url": "https://example.org"]]
      body["features"] = 7
      let answer = try await ada.post("/v1/ideas", .object(body))
      #expect(answer.status == 422)
      #expect(answer.pointers == ["/features", "/tags/0", "/tags/1", "/links/0/url"])
      body["tags"] = "cables"
      body["links"] = [["href": "https://example.org"]]
      body["features"] = nil
      #expect(
        try await ada.post("/v1/ideas", .object(body)).pointers
          == ["/tags", "/links/0/url", "/links/0/href"])
    }
  }

  @Test func `lists are filtered by tag and category, and their cursors stay with the filter`()
    async throws
  {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      for _ in 0..<3 { _ = try await ada.post("/v1/ideas", Self.cable) }
      _ = try await client.story.idea(by: client.story.member("bob"))
      let path = "/v1/ideas?tag=CABLES&category=home%20%26%20garden&sort=top&limit=2"
      let first = try await client.get(path)
      #expect(first["ideas"]?.array?.count == 2)
      let cursor = try #require(first["next_cursor"]?.string)
      #expect(try await client.get("\(path)&cursor=\(cursor)")["ideas"]?.array?.count == 1)
      let link = try #require(first.headers["Link"])
      #expect(link.contains("tag=cables&category=home%20%26%20garden&cursor="))
      let other = try await client.get("/v1/ideas?tag=desk&sort=top&cursor=\(cursor)")
      #expect(other.pointers == ["/cursor"])
      #expect(try await client.get("/v1/ideas?tag=none")["ideas"]?.array?.count == 0)
      let long = String(repeating: "x", count: 41)
      #expect(
        try await client.get("/v1/ideas?tag=\(long)&category=\(long)").pointers
          == ["/tag", "/category"])
    }
  }

  @Test func `tags in use are told page by page`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      for tags in [["a", "b"], ["b", "c"], ["b"]] {
        _ = try await client.story.idea(by: ada, details: IdeaDetails(tags: tags))
      }
      let first = try await client.get("/v1/tags?limit=2")
      #expect(first["tags"] == [["tag": "b", "ideas": 3], ["tag": "a", "ideas": 1]])
      let cursor = try #require(first["next_cursor"]?.string)
      let second = try await client.get("/v1/tags?limit=2&cursor=\(cursor)")
      #expect(second["tags"] == [["tag": "c", "ideas": 1]])
      #expect(second["next_cursor"] == .null)
      #expect(try await client.get("/v1/tags?limit=0&cursor=x").pointers == ["/limit", "/cursor"])
    }
  }
}
