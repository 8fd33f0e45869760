import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct IdeasTests {
  @Test func `a submitted idea is open at once and read as it was written`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let draft = IdeaDraft(
        title: "  Ein Kabel, das sich nie verknotet 🧵 ", pitch: "p", problem: "a\nb",
        solution: "s", category: "home")
      let now = Timestamp(microseconds: 1_700_000_000_123_456)
      let outcome = try await pool.transaction {
        try await SubmitIdea.run(draft, by: ada, at: now, in: $0)
      }
      guard case .made(let made) = outcome else { throw Surprise("\(outcome)") }
      let unknown = IdeaID.new()
      let found = try await FindIdeas.run([unknown, made.id, made.id], in: pool)
      #expect(found[0] == nil)
      let idea = try #require(found[1])
      #expect(found[2]?.id == idea.id)
      #expect(idea.title == "Ein Kabel, das sich nie verknotet 🧵")
      #expect(idea.problem == "a\nb")
      #expect(idea.state == .open && idea.votes == 0 && idea.decidedAt == nil)
      #expect(idea.openedAt == now && idea.createdAt == now && idea.authorID == ada)
      #expect(idea.trending == 1_700_000_000)
    }
  }

  @Test func `a draft names its faults`() {
    let long = String(repeating: "x", count: 5001)
    let draft = IdeaDraft(
      title: "too short", pitch: "", problem: long, solution: long, category: "")
    #expect(
      draft.faults(in: .open).map(\.pointer) == [
        "/title", "/pitch", "/problem", "/solution", "/category",
      ])
    let edges = IdeaDraft(
      title: String(repeating: "é", count: 100), pitch: String(repeating: "é", count: 140),
      problem: String(repeating: "é", count: 5000), solution: "s", category: "c")
    #expect(edges.faults(in: .open).isEmpty)
    #expect(draft.faults(in: .draft).map(\.pointer) == ["/problem", "/solution"])
  }

  @Test func `pages follow each other in every order without gap or repeat`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let voters = try await story.crowd(6)
      var ideas: [IdeaID] = []
      let start = Timestamp(microseconds: 1_700_000_000_000_000)
      for number in 0..<23 {
        // Some share their moment and their votes, so that the id decides.
        let idea = try await story.idea(
          by: voters[0], title: "Idea number \(number)", at: start + .seconds(number / 3))
        for voter in voters[1...].prefix(number % 4) { try await story.vote(voter, for: idea) }
        ideas.append(idea)
      }
      for sort in ListIdeas.Sort.allCases {
        var seen: [Idea] = []
        var cursor: IdeaCursor?
        repeat {
          let page = try await ListIdeas.run(sort: sort, limit: 5, after: cursor, in: pool)
          seen += page.ideas
          cursor = page.next.flatMap { IdeaCursor($0.text, sort: sort, state: .open) }
        } while cursor != nil
        #expect(Set(seen.map(\.id)) == Set(ideas))
        #expect(seen.count == ideas.count)
        let keys = seen.map { (sort.key(of: $0), $0.id) }
        #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 > $1 })
      }
      #expect(try await ListIdeas.run(state: .declined, in: pool).ideas.isEmpty)
      #expect(try await ListIdeas.run(limit: 23, in: pool).next == nil)
    }
  }

  @Test func `trending weighs votes against age in whole seconds`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let members = try await story.crowd(11)
      let start = Timestamp(microseconds: 1_700_000_000_000_000)
      let old = try await story.idea(by: members[0], at: start)
      let young = try await story.idea(by: members[0], at: start + .seconds(44_000))
      #expect(try await ListIdeas.run(sort: .trending, in: pool).ideas.map(\.id) == [young, old])
      for member in members[1...9] { try await story.vote(member, for: old) }
      let page = try await ListIdeas.run(sort: .trending, in: pool)
      #expect(page.ideas.map(\.id) == [old, young])
      #expect(page.ideas[0].trending == 1_700_000_000 + 45_000)
    }
  }

  @Test func `a cursor belongs to its list`() throws {
    let id = IdeaID.new()
    let bytes = [2, 1, 2] + [UInt8](repeating: 0, count: 7) + [9] + id.uuid.bytes
    let text = Base64URL.encode(bytes)
    let cursor = try #require(IdeaCursor(text, sort: .top, state: .open))
    #expect(cursor.key == 9 && cursor.id == id && cursor.text == text)
    #expect(IdeaCursor(text, sort: .new, state: .open) == nil)
    #expect(IdeaCursor(text, sort: .top, state: .accepted) == nil)
    for broken in ["", "x", text + "A", String(text.dropLast()), "!" + text.dropFirst()] {
      #expect(IdeaCursor(broken, sort: .top, state: .open) == nil)
    }
  }

  @Test func `a page reads its index and sorts nothing`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      try await pool.execute(
        """
        INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                           opened_at, created_at)
        SELECT gen_random_uuid(), \(ada.uuid), 'An idea of many', 'p', 'p', 's', 'c', 'open',
               now() - n * interval '1 minute', now() FROM generate_series(1, 5000) AS n
        """)
      try await pool.execute(
        "UPDATE tallies SET votes = (extract(epoch FROM opened_at) / 60)::bigint % 50")
      try await pool.execute("ANALYZE ideas, tallies")
      for sort in ListIdeas.Sort.allCases {
        let query = ListIdeas.page(state: .open, sort: sort, limit: 21, after: nil)
        let plan = try await pool.all("EXPLAIN \(query)", as: String.self).joined(separator: "\n")
        #expect(plan.contains("Index"), "\(plan)")
        #expect(!plan.contains("Sort"), "\(plan)")
      }
    }
  }
}
