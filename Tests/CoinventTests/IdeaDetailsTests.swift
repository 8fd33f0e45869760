import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct IdeaDetailsTests {
  private static let details = IdeaDetails(
    features: " Folds flat.\nFits a pocket. ", similarProducts: "The Knotless 3000",
    tags: ["Cables", "home office", "CABLES"],
    links: [
      IdeaLink(url: "https://example.org/sketch?page=1", title: "A sketch"),
      IdeaLink(url: "http://example.org"),
    ])

  @Test func `an idea keeps what more it tells, as it was told`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let id = try await story.idea(by: ada, details: Self.details)
      let idea = try #require(try await FindIdeas.run([id], in: pool)[0])
      #expect(idea.features?.string == "Folds flat.\nFits a pocket.")
      let read = try IdeaDetails(idea)
      #expect(read == Self.details)
      #expect(read.tags == ["cables", "home office"])
      let bare = try #require(
        try await FindIdeas.run([try await story.idea(by: ada)], in: pool)[0])
      #expect(bare.features == nil && bare.similarProducts == nil)
      #expect(bare.tags == nil && bare.links == nil)
    }
  }

  @Test func `an edit keeps the former details as a version, and absent ones stay`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let id = try await story.idea(by: ada, details: Self.details)
      _ = try await story.edit(id, .init(features: "", tags: ["desk"]), by: ada)
      let idea = try #require(try await FindIdeas.run([id], in: pool)[0])
      #expect(idea.version == 2)
      let read = try IdeaDetails(idea)
      #expect(read.features == "" && read.tags == ["desk"])
      #expect(read.links == Self.details.links)
      #expect(read.similarProducts == "The Knotless 3000")
      let version = try #require(try await IdeaRecord.versions(of: id, in: pool).first)
      #expect(version.features == "Folds flat.\nFits a pocket.")
      #expect(version.tags?.string == #"["cables","home office"]"#)
      #expect(version.links?.string.contains("A sketch") == true)
    }
  }

  @Test(arguments: [
    "features = 'Other'", "similar_products = 'Other'", "tags = ARRAY['other']",
    #"links = '[{"url": "https://example.org/other"}]'"#,
  ])
  func `details are frozen like the other texts, and edits of them are counted`(change: String)
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let id = try await story.idea(by: ada, details: Self.details)
      let update: Query = "UPDATE ideas SET \(unsafeSQL: change) WHERE id = \(id.uuid)"
      let uncounted = await #expect(throws: DatabaseError.self) { try await pool.execute(update) }
      #expect(uncounted?.constraint == "ideas_version_counted")
      try await story.move(id, to: .qualified)
      let frozen = await #expect(throws: DatabaseError.self) { try await pool.execute(update) }
      #expect(frozen?.constraint == "ideas_frozen")
    }
  }

  @Test func `faults are named by their place`() {
    let long = String(repeating: "x", count: 5001)
    let links =
      [IdeaLink(url: "ftp://example.org")]
      + (1...10).map {
        IdeaLink(url: "https://example.org/\($0)", title: String(repeating: "t", count: 201))
      }
    let details = IdeaDetails(
      features: long, similarProducts: String(repeating: "x", count: 2001),
      tags: (1...10).map { "t\($0)" } + [String(repeating: "y", count: 31), ""], links: links)
    let pointers = details.faults.map(\.pointer)
    #expect(
      pointers == [
        "/features", "/similar_products", "/tags", "/tags/10", "/tags/11", "/links",
        "/links/0/url",
      ] + (1...10).map { "/links/\($0)/title" })
  }

  @Test(arguments: [
    "https://example.org", "HTTP://EXAMPLE.org:8080/a%20b?c=d#e", "https://xn--bcher-kva.example/",
    "http://[2001:db8::1]:80/x", "https://192.0.2.1/",
  ])
  func `addresses of the web are taken`(url: String) { #expect(WebAddress.fault(url) == nil) }

  @Test(arguments: [
    "", "example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https:///path",
    "https://user:word@example.org/", "https://exa mple.org", "https://example.org/ü",
    "https://example.org/%2", "https://example.org/\"x", "https://example.org:0/",
    "https://example.org:99999/", "https://-a.example/", "https://a..example/", "https://[::1/",
    "https://" + String(repeating: "a", count: 2000),
  ])
  func `what is no address of the web is not`(url: String) { #expect(WebAddress.fault(url) != nil) }

  @Test func `features and tags are searched`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let id = try await story.idea(by: ada, details: Self.details)
      func hits(_ words: String) async throws -> [IdeaID] {
        let found = try await SearchIdeas.run(words, in: pool)
        return found.isGuess ? [] : found.hits.map(\.idea.id)
      }
      #expect(try await hits("pocket") == [id])
      #expect(try await hits("office") == [id])
      _ = try await story.edit(id, .init(features: "A spring.", tags: []), by: ada)
      #expect(try await hits("pocket") == [])
      #expect(try await hits("office") == [])
      #expect(try await hits("spring") == [id])
    }
  }

  @Test func `tags count the ideas that everybody may read`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      func counts() async throws -> [String] {
        let told = try await ListTags.run(limit: 100, in: pool)
        let counted = try await pool.all(
          """
          SELECT tag, count(*) FROM ideas, unnest(tags) AS tag
          WHERE state NOT IN ('draft', 'submitted', 'removed') GROUP BY tag ORDER BY 2 DESC, 1
          """, as: (String, Int64).self)
        #expect(told == counted.map(ListTags.Tag.init(tag:ideas:)))
        return told.map { "\($0.tag) \($0.ideas)" }
      }
      let one = try await story.idea(by: ada, details: IdeaDetails(tags: ["a", "b"]))
      let two = try await story.idea(by: ada, details: IdeaDetails(tags: ["b", "c"]))
      let draft = try await story.draft(by: ada)
      _ = try await story.edit(draft, .init(tags: ["d"]), by: ada)
      #expect(try await counts() == ["b 2", "a 1", "c 1"])
      _ = try await pool.transaction { try await OpenDraft.run(draft, by: ada, in: $0) }
      _ = try await story.edit(one, .init(tags: ["c", "e"]), by: ada)
      #expect(try await counts() == ["c 2", "b 1", "d 1", "e 1"])
      try await story.move(two, to: .removed)
      try await story.move(draft, to: .expired)
      #expect(try await counts() == ["c 1", "d 1", "e 1"])
    }
  }

  @Test func `lists of a tag or category follow each other without gap or repeat`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let voters = try await story.crowd(5)
      let start = Timestamp(microseconds: 1_700_000_000_000_000)
      var wanted = Set<IdeaID>()
      for number in 0..<24 {
        let details = IdeaDetails(tags: number % 2 == 0 ? ["even", "all"] : ["all"])
        let idea = try await story.idea(
          by: voters[0], category: number % 3 == 0 ? "garden" : "home", details: details,
          at: start + .seconds(number / 3))
        if number % 6 == 0 { wanted.insert(idea) }
        for voter in voters[1...].prefix(number % 4) { try await story.vote(voter, for: idea) }
      }
      let filters: [(IdeaFilter, Int)] = [
        (IdeaFilter(tag: "even"), 12), (IdeaFilter(category: "garden"), 8),
        (IdeaFilter(tag: "even", category: "garden"), 4), (IdeaFilter(tag: "odd"), 0),
      ]
      for sort in ListIdeas.Sort.allCases {
        for (filter, count) in filters {
          var seen: [Idea] = []
          var cursor: IdeaCursor?
          repeat {
            let page = try await ListIdeas.filtered(
              filter, sort: sort, limit: 3, after: cursor, in: pool)
            seen += page.ideas
            cursor = page.next.flatMap {
              IdeaCursor($0.text, sort: sort, state: .open, filter: filter)
            }
            if let next = page.next {
              #expect(IdeaCursor(next.text, sort: sort, state: .open) == nil)
              let other = IdeaFilter(tag: "all", category: filter.category)
              #expect(IdeaCursor(next.text, sort: sort, state: .open, filter: other) == nil)
            }
          } while cursor != nil
          #expect(seen.count == count && Set(seen.map(\.id)).count == count)
          if count == 4 { #expect(Set(seen.map(\.id)) == wanted) }
          let keys = seen.map { (sort.key(of: $0), $0.id) }
          #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 > $1 })
        }
      }
    }
  }

  @Test func `no list of a tag or category reads a whole table`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      try await pool.execute(
        """
        INSERT INTO ideas (id, author_id, title, pitch, problem, solution, category, state,
                           opened_at, created_at, tags)
        SELECT gen_random_uuid(), \(ada.uuid), 'An idea about thing' || n, 'A pitch', 'p', 's',
               CASE WHEN n % 1000 = 0 THEN 'rare' ELSE 'home' END, 'open',
               now() - n * interval '1 minute', now(),
               CASE WHEN n % 2 = 0 THEN ARRAY['common', 't' || n % 1000] END
        FROM generate_series(1, 30000) AS n
        """)
      try await pool.execute("UPDATE tallies SET votes = abs(hashtext(idea_id::text)) % 1000")
      try await pool.execute("ANALYZE")
      let filters = [
        IdeaFilter(tag: "common"), IdeaFilter(tag: "t10"), IdeaFilter(category: "home"),
        IdeaFilter(category: "rare"), IdeaFilter(tag: "common", category: "rare"),
      ]
      for sort in ListIdeas.Sort.allCases {
        for filter in filters {
          let plan = try await pool.transaction { tx in
            try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
            let few = try await ListIdeas.few(filter, .open, in: tx)
            #expect(
              (few == nil) == [IdeaFilter(tag: "common"), .init(category: "home")].contains(filter))
            let query = ListIdeas.page(
              filter, few: few, state: .open, sort: sort, limit: 21, after: nil)
            return try await tx.all("EXPLAIN \(query)", as: String.self)
              .filter { !$0.contains("members") }.joined(separator: "\n")
          }
          #expect(!plan.contains("Seq Scan"), "\(sort) \(filter) \(plan)")
        }
      }
      let tags = try await pool.all(
        "EXPLAIN \(ListTags.page(limit: 21, after: nil))", as: String.self
      ).joined(separator: "\n")
      #expect(tags.contains("tag_counts_most") && !tags.contains("Sort"), "\(tags)")
    }
  }
}
