import Coinvent
import TestSupport
import Testing

@testable import API

@Suite struct FeedsAPITests {
  @Test func `open ideas are a feed, with an entity tag`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      _ = try await client.story.idea(by: ada, title: "Cups <b>& \"saucers\"</b>")
      let draft = try await client.story.draft(by: ada, title: "Nobody reads this")
      let feed = try await client.get("/v1/ideas.atom")
      let text = String(decoding: feed.bytes, as: UTF8.self)
      #expect(feed.status == 200)
      #expect(text.contains("<title>Cups &lt;b&gt;&amp; &quot;saucers&quot;&lt;/b&gt;</title>"))
      #expect(text.contains("<author><name>ada</name>"))
      #expect(!text.contains("Nobody reads this"))
      let tag = try #require(feed.headers["ETag"])
      let again = try await client.get("/v1/ideas.atom", headers: [("If-None-Match", tag)])
      #expect(again.status == 304)
      #expect(try await client.get("/v1/ideas.atom?state=draft").status == 403)
      #expect(try await client.get("/v1/ideas.atom?sort=best").pointers == ["/sort"])
      #expect(try await client.get("/v1/ideas/\(draft)/feed.atom").status == 404)
    }
  }

  @Test func `what happens to an idea is a feed, the newest first`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let idea = try await client.story.idea(by: ada)
      try await client.story.move(idea, to: .inReview, by: ada)
      try await client.story.decide(.decline, idea, by: ada)
      let answer = try await client.get(
        "/v1/ideas/\(idea)/feed.atom", headers: [("Host", "ideas.example.org")])
      let text = String(decoding: answer.bytes, as: UTF8.self)
      let declined = try #require(text.firstRange(of: ": declined</title>"))
      let review = try #require(text.firstRange(of: ": in_review</title>"))
      #expect(declined.lowerBound < review.lowerBound)
      #expect(text.contains("http://ideas.example.org/v1/ideas/\(idea)/feed.atom"))
      #expect(text.contains("The community says so."))
    }
  }

  @Test func `what was said is in an idea's feed until it is taken away`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await story.member("curator", role: .curator)
      let idea = try await story.idea(by: ada)
      let (said, answered) = try await client.pool.transaction { tx in
        (
          try await PostComment.run("A <b>cup</b>?", on: idea, by: ada, in: tx),
          try await PostComment.run(
            "We will.", on: idea, official: true, by: curator, role: .curator, in: tx)
        )
      }
      guard case .posted(let comment) = said, case .posted = answered else {
        throw Surprise("not posted")
      }
      func feed() async throws -> String {
        String(decoding: try await client.get("/v1/ideas/\(idea)/feed.atom").bytes, as: UTF8.self)
      }
      let text = try await feed()
      #expect(text.contains("<title>Official answer</title>") && text.contains("We will."))
      #expect(text.contains("Comment by ada") && text.contains("A &lt;b&gt;cup&lt;/b&gt;?"))
      try await client.pool.execute(
        "UPDATE comments SET state = 'deleted' WHERE id = \(comment.id.uuid)")
      #expect(try await !feed().contains("Comment by ada"))
    }
  }

  @Test func `what XML has no form for is left out`() {
    var xml = XMLText()
    xml.element("a", "x\u{0}\u{1F}\u{FFFE}\t\r\n<é>", type: "t\"")
    #expect(
      String(decoding: xml.bytes, as: UTF8.self)
        == "<a type=\"t&quot;\">x\t&#13;\n&lt;é&gt;</a>\n")
  }
}
