import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct SearchTests {
  private func propose(
    _ story: Story, _ title: String, pitch: String = "p", problem: String = "p", by ada: MemberID
  ) async throws -> IdeaID {
    let draft = IdeaDraft(
      title: title, pitch: pitch, problem: problem, solution: "s", category: "home")
    let outcome = try await story.pool.transaction {
      try await SubmitIdea.run(draft, by: ada, in: $0)
    }
    guard case .made(let idea) = outcome else { throw Surprise("\(outcome)") }
    return idea.id
  }

  @Test func `a title counts more than a pitch, and a pitch more than the rest`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let problem = try await propose(
        story, "Something for kitchens", problem: "The kettle is loud.", by: ada)
      let pitch = try await propose(story, "A whistle in tune", pitch: "A kettle sings.", by: ada)
      let title = try await propose(story, "Kettles that whistle", by: ada)
      _ = try await propose(story, "A cable that never tangles", by: ada)
      let found = try await SearchIdeas.run("kettle", in: pool)
      #expect(found.hits.map(\.idea.id) == [title, pitch, problem] && !found.isGuess)
      #expect(try await SearchIdeas.run("kettle -whistle", in: pool).hits.count == 1)
      #expect(try await SearchIdeas.run("\"whistle in tune\"", in: pool).hits.count == 1)
    }
  }

  @Test func `what was found is told in pieces, whatever the text holds`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      _ = try await propose(story, "Mugs <b>& mugs</b> for two", pitch: "A mug.", by: ada)
      let hit = try #require(try await SearchIdeas.run("mug", in: pool).hits.first)
      #expect(hit.title.map(\.text).joined() == "Mugs <b>& mugs</b> for two")
      #expect(hit.title.filter(\.isMatch).map(\.text) == ["Mugs", "mugs"])
      #expect(
        hit.excerpt == [
          .init(text: "A ", isMatch: false), .init(text: "mug", isMatch: true),
          .init(text: ".", isMatch: false),
        ])
    }
  }

  @Test func `a slip of the pen finds titles that look like it`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await propose(story, "An umbrella that dries itself", by: ada)
      let found = try await SearchIdeas.run("umbrela", in: pool)
      #expect(found.hits.map(\.idea.id) == [idea] && found.isGuess)
      #expect(try await SearchIdeas.run("zebra", in: pool).hits.isEmpty)
    }
  }

  @Test func `edits and states are followed, and what is hidden is not found`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      _ = try await story.draft(by: ada)
      #expect(try await SearchIdeas.run("cable", in: pool).hits.map(\.idea.id) == [idea])
      _ = try await story.edit(idea, .init(title: "A rope that never tangles"), by: ada)
      #expect(try await SearchIdeas.run("rope", in: pool).hits.count == 1)
      try await story.decide(.decline, idea, by: ada)
      #expect(try await SearchIdeas.run("rope", in: pool).hits.isEmpty)
      #expect(try await SearchIdeas.run("rope", state: .declined, in: pool).hits.count == 1)
    }
  }

  @Test(arguments: ["", "   ", String(repeating: "x", count: 201)])
  func `words that cannot be searched for are named`(words: String) async throws {
    try await withDatabase { pool in
      await #expect(throws: Invalid.self) { try await SearchIdeas.run(words, in: pool) }
    }
  }

  @Test func `similar ideas are told with a score, the most alike first`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let same = try await propose(story, "A cable that never tangles", by: ada)
      let near = try await propose(story, "Cables that never tangle again", by: ada)
      _ = try await propose(story, "A mug that stays warm", by: ada)
      for number in 0..<6 { _ = try await propose(story, "Umbrella number \(number)", by: ada) }
      let found = try await SimilarIdeas.run("a cable that never tangles", in: pool)
      #expect(found.map(\.id) == [same, near])
      #expect(found[0].score == 1 && found[1].score < 1 && found[1].score > 0.3)
      let many = try await SimilarIdeas.run("Umbrella number", in: pool)
      #expect(many.count == SimilarIdeas.most)
    }
  }

  @Test func `rare words read the index of words, common ones the newest ideas`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      try await pool.execute(
        """
        INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                           opened_at, created_at)
        SELECT gen_random_uuid(), \(ada.uuid), 'An idea about thing' || n, 'A pitch', 'p', 's',
               'c', 'open', now() - n * interval '1 minute', now()
        FROM generate_series(1, 30000) AS n
        """)
      try await pool.execute("ANALYZE idea_texts")
      func plan(_ query: Query) async throws -> String {
        try await pool.transaction { tx in
          try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
          return try await tx.all("EXPLAIN \(query)", as: String.self).joined(separator: "\n")
        }
      }
      let rare = try await plan(SearchIdeas.query("thing77", state: .open, limit: 20))
      #expect(rare.contains("idea_texts_words") && !rare.contains("Seq Scan"), "\(rare)")
      let common = try await plan(SearchIdeas.query("idea", state: .open, limit: 20))
      #expect(common.contains("idea_texts_new") && !common.contains("Seq Scan"), "\(common)")
      let guess = try await plan(SearchIdeas.guess("thimg 77", state: .open, limit: 20))
      #expect(guess.contains("idea_texts_title") && !guess.contains("Seq Scan"), "\(guess)")
      let similar = try await plan(SimilarIdeas.sameLetters("thing 77 of all"))
      #expect(similar.contains("idea_texts_title"), "\(similar)")
      #expect(!similar.contains("Seq Scan"), "\(similar)")
      #expect(try await SearchIdeas.run("thing77", in: pool).hits.count == 1)
    }
  }
}
