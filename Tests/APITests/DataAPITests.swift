import Coinvent
import HTTPServer
import JSON
import TestSupport
import Testing

@Suite struct DataAPITests {
  @Test func `curators export ideas and votes by HTTP`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let idea = try await client.story.idea(by: ada)
      try await client.story.vote(try await client.story.member("bob"), for: idea)
      let curator = try await client.by(try await client.story.member("cora", role: .curator))

      let ideas = try await curator.get("/v1/exports/ideas")
      #expect(ideas.status == 200)
      #expect(ideas.headers["Content-Type"]?.hasPrefix("text/csv") == true)
      #expect(ideas.headers["Content-Disposition"] == "attachment; filename=\"ideas.csv\"")
      #expect(ideas.headers["Cache-Control"] == "no-store")
      #expect(String(decoding: ideas.bytes, as: UTF8.self).contains("\r\n\(idea),"))

      let votes = try await curator.get("/v1/exports/votes?format=jsonl")
      #expect(votes.headers["Content-Type"] == "application/jsonl")
      #expect(votes["idea_id"]?.string == idea.description)
      #expect(try await curator.get("/v1/exports/votes?format=xml").pointers == ["/format"])
      #expect(try await curator.get("/v1/exports/members").status == 404)
    }
  }
}
