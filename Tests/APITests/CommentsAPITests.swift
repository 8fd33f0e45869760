import Coinvent
import JSON
import TestSupport
import Testing

/// Comments over HTTP.
@Suite struct CommentsAPITests {
  @Test func `a comment is posted, answered, edited and deleted`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await client.by(story.member("ada"))
      let bob = try await client.by(story.member("bob"))
      let idea = try await story.idea(by: story.member("inventor"))
      let path = "/v1/ideas/\(idea)/comments"
      #expect(try await client.post(path, ["text": "x"]).status == 401)
      let posted = try await ada.post(path, ["text": "**Nice**, @bob!"])
      #expect(posted.status == 201)
      let id = try #require(posted["id"]?.string)
      #expect(posted.headers["Location"] == "/v1/comments/\(id)")
      #expect(
        posted["html"]?.string == "<p><strong>Nice</strong>, <a rel=\"nofollow ugc noopener\" "
          + "href=\"/v1/members/bob\">@bob</a>!</p>\n")
      #expect(posted["mentions"]?.array?.compactMap { $0["handle"]?.string } == ["bob"])
      let reply = try await bob.post(path, ["text": "Thanks", "parent": .string(id)])
      #expect(reply["parent_id"]?.string == id && reply["depth"]?.int == 2)
      let thread = try await client.get(path)
      #expect(thread["count"]?.int == 2 && thread["locked"]?.bool == false)
      let root = thread["comments"]?.array?.first
      #expect(root?["reply_count"]?.int == 1)
      #expect(root?["replies"]?.array?.compactMap { $0["text"]?.string } == ["Thanks"])
      #expect(try await client.get("/v1/comments/\(id)/replies")["replies"]?.array?.count == 1)

      let edited = try await ada.send(
        .patch, "/v1/comments/\(id)", ["text": "Fine, @bob!", "version": 1])
      #expect(edited["version"]?.int == 2)
      let again = try await ada.send(.patch, "/v1/comments/\(id)", ["text": "x", "version": 1])
      #expect(again.problem == "other-version")
      #expect(
        try await bob.send(.patch, "/v1/comments/\(id)", ["text": "x"]).problem == "not-author")
      let versions = try await client.get("/v1/comments/\(id)/versions")["versions"]?.array
      #expect(versions?.compactMap { $0["text"]?.string } == ["**Nice**, @bob!"])

      #expect(try await bob.delete("/v1/comments/\(id)").problem == "not-author")
      #expect(try await ada.delete("/v1/comments/\(id)").status == 204)
      let gone = try await client.get("/v1/comments/\(id)")
      #expect(gone["state"]?.string == "deleted" && gone["text"]?.isNull == true)
      #expect(gone["html"]?.isNull == true)
      #expect(try await client.get("/v1/comments/\(id)/versions").status == 404)
      #expect(try await client.get(path)["count"]?.int == 1)
    }
  }

  @Test func `comments are marked helpful and reacted to`() async throws {
    try await withApplication { client in
      let story = client.story
      let inventor = try await story.member("inventor")
      let author = try await client.by(inventor)
      let ada = try await client.by(story.member("ada"))
      let idea = try await story.idea(by: inventor)
      let posted = try await ada.post("/v1/ideas/\(idea)/comments", ["text": "Use steel."])
      let path = "/v1/comments/" + (try #require(posted["id"]?.string))
      #expect(posted["own_mark"]?.bool == false && posted["helpful"]?.int == 0)
      #expect(try await ada.put(path + "/helpful").problem == "not-author")
      let marked = try await author.put(path + "/helpful")
      #expect(marked["helpful"]?.int == 1 && marked["own_mark"]?.bool == true)
      #expect(try await author.delete(path + "/helpful")["helpful"]?.int == 0)
      #expect(try await author.put(path + "/helpful").status == 200)
      let reacted = try await author.put(path + "/reactions/thumbs_up")
      #expect(reacted["reactions"]?["thumbs_up"]?.int == 1)
      #expect(reacted["own_reactions"]?.array?.compactMap(\.string) == ["thumbs_up"])
      #expect(try await author.put(path + "/reactions/sneer").status == 404)
      #expect(try await client.get(path)["own_reactions"] == nil)
      #expect(
        try await author.delete(path + "/reactions/thumbs_up")["reactions"]?.object?.isEmpty == true
      )
      let mine = try await author.post("/v1/ideas/\(idea)/comments", ["text": "Mine."])
      let own = "/v1/comments/" + (try #require(mine["id"]?.string)) + "/helpful"
      #expect(try await author.put(own).problem == "own-comment")
      let product = try await story.accept(idea, by: story.member("boss", role: .admin))
      #expect(try await author.delete(path + "/helpful").problem == "mark-counted")
      _ = try await story.pool.transaction {
        try await ProposeShares.run(product: product, disputeDays: 0, by: nil, in: $0)
      }
      let late = try await ada.post("/v1/ideas/\(idea)/comments", ["text": "Late."])
      let mark = "/v1/comments/" + (try #require(late["id"]?.string)) + "/helpful"
      #expect(try await author.put(mark).problem == "shares-frozen")
    }
  }

  @Test func `an idea's texts are rendered for whoever asks`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let body: JSON = [
        "title": "A cable that never tangles", "pitch": "Cables.", "problem": "*They* tangle.",
        "solution": "<b>Not</b> this one.", "category": "home", "features": "- long",
      ]
      let id = try #require(try await ada.post("/v1/ideas", body)["id"]?.string)
      #expect(try await client.get("/v1/ideas/\(id)")["problem_html"] == nil)
      let idea = try await client.get("/v1/ideas/\(id)?html=1")
      #expect(idea["problem_html"]?.string == "<p><em>They</em> tangle.</p>\n")
      #expect(idea["solution_html"]?.string == "<p>&lt;b&gt;Not&lt;/b&gt; this one.</p>\n")
      #expect(idea["features_html"]?.string == "<ul>\n<li>long</li>\n</ul>\n")
    }
  }

  @Test func `what cannot be taken is named`() async throws {
    try await withApplication { client in
      let ada = try await client.by(client.story.member("ada"))
      let idea = try await client.story.idea(by: client.story.member("inventor"))
      let path = "/v1/ideas/\(idea)/comments"
      #expect(try await ada.post(path, ["text": "  "]).pointers == ["/text"])
      let long = String(repeating: "a", count: 10_001)
      #expect(
        try await ada.send(.post, path, bytes: Array("{\"text\":\"\(long)\"}".utf8)).pointers == [
          "/text"
        ])
      let unknown: JSON = ["text": "x", "parent": .string(CommentID.new().description)]
      #expect(try await ada.post(path, unknown).pointers == ["/parent"])
      #expect(try await ada.post(path, ["text": "x", "official": true]).problem == "forbidden")
      #expect(
        try await client.get(path + "?sort=best&limit=0&replies=21&cursor=x").pointers
          == ["/sort", "/limit", "/replies", "/cursor"])
      #expect(try await client.get("/v1/comments/\(CommentID.new())").status == 404)
    }
  }

  @Test func `who may not read an idea does not read what is said about it`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await story.member("ada")
      let curator = try await client.by(story.member("curator", role: .curator))
      let idea = try await story.idea(by: ada)
      let comment = try await story.comment("x", on: idea, by: ada)
      try await story.decide(.remove, idea, by: story.member("boss", role: .admin))
      for path in [
        "/v1/ideas/\(idea)/comments", "/v1/comments/\(comment.id)",
        "/v1/comments/\(comment.id)/replies", "/v1/comments/\(comment.id)/versions",
      ] {
        #expect(try await client.get(path).status == 404, "\(path)")
        #expect(try await curator.get(path).status == 200, "\(path)")
      }
      let answer = try await curator.post("/v1/ideas/\(idea)/comments", ["text": "x"])
      #expect(answer.problem == "idea-closed")
    }
  }

  @Test func `curators remove, restore, answer officially and lock`() async throws {
    try await withApplication { client in
      let story = client.story
      let ada = try await client.by(story.member("ada"))
      let curator = try await client.by(story.member("curator", role: .curator))
      let idea = try await story.idea(by: story.member("inventor"))
      let path = "/v1/ideas/\(idea)/comments"
      let id = try #require(try await ada.post(path, ["text": "rude"])["id"]?.string)
      let comment = "/v1/comments/\(id)"
      #expect(try await curator.put(comment + "/removal", ["reason": ""]).pointers == ["/reason"])
      let removed = try await curator.put(comment + "/removal", ["reason": "Be kind."])
      #expect(removed["state"]?.string == "removed" && removed["text"]?.isNull == true)
      #expect(removed["removal_reason"]?.string == "Be kind.")
      #expect(try await curator.delete(comment + "/removal").pointers == ["/reason"])
      let back = try await curator.delete(comment + "/removal?reason=Mistaken")
      #expect(back["text"]?.string == "rude")
      #expect(try await curator.put(comment + "/official").problem == "not-curator")

      let answer = try await curator.post(path, ["text": "We build it.", "official": true])
      #expect(answer["official"]?.bool == true)
      let answerID = try #require(answer["id"]?.string)
      #expect(try await client.get(path)["official"]?.array?.count == 1)
      let ordinary = try await curator.delete("/v1/comments/\(answerID)/official")
      #expect(ordinary["official"]?.bool == false)
      #expect(try await curator.put("/v1/comments/\(answerID)/official").status == 200)

      #expect(try await curator.put(path + "/lock", ["reason": "Enough."]).status == 200)
      #expect(try await client.get(path)["lock_reason"]?.string == "Enough.")
      #expect(try await ada.post(path, ["text": "x"]).problem == "conversation-locked")
      #expect(
        try await ada.send(.patch, comment, ["text": "x"]).problem == "conversation-locked")
      #expect(try await curator.delete(path + "/lock?reason=Calm").status == 200)
      #expect(try await ada.post(path, ["text": "x"]).status == 201)
      #expect(try await ada.delete(comment).status == 204)
      #expect(
        try await curator.put(comment + "/removal", ["reason": "x"]).problem == "comment-deleted")
    }
  }
}
