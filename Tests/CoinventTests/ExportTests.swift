import Coinvent
import Foundation
import JSON
import Postgres
import TestSupport
import Testing

@Suite struct ExportTests {
  private func export(_ kind: Export.Kind, _ format: Export.Format, _ pool: Pool) async throws
    -> String
  {
    var bytes: [UInt8] = []
    _ = try await Export.run(kind, as: format, from: pool) { bytes += $0 }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func lines(_ text: String) throws -> [JSON] {
    try text.split(separator: "\n").map { try JSON.parse(Array($0.utf8)) }
  }

  @Test func `ideas come with their texts, tags and counts, and drafts stay out`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(
        by: ada, title: "A lamp, \"bright\" and small",
        details: IdeaDetails(tags: ["light", "desk"]))
      _ = try await story.draft(by: ada, title: "Nobody else reads this")
      try await story.vote(try await story.member("bob"), for: idea)

      let csv = try await export(.ideas, .csv, pool)
      let rows = csv.components(separatedBy: "\r\n")
      #expect(rows.count == 3 && rows[2].isEmpty)
      #expect(rows[0].hasPrefix("id,title,pitch,problem,solution,category,tags,"))
      #expect(rows[1].hasPrefix("\(idea),\"A lamp, \"\"bright\"\" and small\",\"Cables, tamed.\","))
      #expect(rows[1].contains(",\"light, desk\",") && rows[1].contains(",ada,open,1,1,"))

      let json = try lines(try await export(.ideas, .jsonl, pool))
      #expect(json.count == 1 && json[0]["id"]?.string == idea.description)
      #expect(json[0]["tags"] == ["light", "desk"] && json[0]["votes"]?.int == 1)
      let names = rows[0].components(separatedBy: ",")
      #expect(json[0].object.map { Array($0.keys) } == names)
    }
  }

  @Test func `a text that would be a formula is guarded in CSV and comes back as it was`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let title = "=HYPERLINK(1) and more"
      _ = try await story.idea(by: try await story.member("ada"), title: title)
      #expect(try await export(.ideas, .csv, pool).contains(",'=HYPERLINK(1) and more,"))
      #expect(try lines(try await export(.ideas, .jsonl, pool))[0]["title"]?.string == title)
    }
    for text in ["=1", "+1", "-1", "@a", "\t1", "\r1", "'=1", "''+1"] {
      #expect(CSVGuard.isNeeded(text.utf8))
      #expect(CSVGuard.undo("'" + text) == text)
    }
    for text in ["", "a=1", "'quoted'", "''", "1", " =1"] {
      #expect(!CSVGuard.isNeeded(text.utf8))
      #expect(CSVGuard.undo(text) == text)
    }
  }

  @Test func `voters are the same everywhere in a community and nowhere else`() async throws {
    var seen: [Set<String>] = []
    for _ in 0..<2 {
      try await withDatabase { pool in
        let story = Story(pool)
        let author = try await story.member("ada")
        let ideas = [try await story.idea(by: author), try await story.idea(by: author)]
        let voters = try await story.crowd(3)
        for idea in ideas { for voter in voters { try await story.vote(voter, for: idea) } }
        let text = try await export(.votes, .jsonl, pool)
        let votes = try lines(text)
        #expect(votes.count == 6)
        let names = Set(votes.compactMap { $0["voter"]?.string })
        #expect(names.count == 3 && names.allSatisfy { $0.hasPrefix("voter_") })
        for voter in voters { #expect(!text.contains("\(voter)".dropFirst(4))) }
        let again = try await export(.votes, .jsonl, pool)
        #expect(Set(again.split(separator: "\n")) == Set(text.split(separator: "\n")))
        seen.append(names)
      }
    }
    #expect(seen[0].isDisjoint(with: seen[1]))
  }

  @Test func `an export of many pages is the state of one moment`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let author = try await story.member("ada")
      let idea = try await story.idea(by: author)
      try await pool.execute(
        """
        INSERT INTO members (id, handle, display_name, role, joined_at)
        SELECT gen_random_uuid(), 'voter_' || n, 'V', 'member', now()
        FROM generate_series(1, 9000) AS n
        """)
      try await pool.execute(
        """
        INSERT INTO votes (idea_id, member_id, cast_at)
        SELECT \(idea.uuid), id, now() FROM members WHERE id <> \(author.uuid)
        """)
      var pieces: [Int] = []
      let count = try await Export.run(.votes, as: .csv, from: pool) { bytes in
        // Votes that go while it is read are still in it.
        if pieces.isEmpty { try await pool.execute("DELETE FROM votes") }
        pieces.append(bytes.count { $0 == 10 })
      }
      #expect(count == 9000 && pieces == [4001, 4000, 1000])
    }
  }

  @Test func `comments come with their parents, and without a text when they are gone`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      let first = try await story.comment("@everybody: look", on: idea, by: ada)
      let reply = try await story.comment("It is good.", on: idea, to: first.id, by: ada)
      try await pool.execute("UPDATE comments SET state = 'deleted' WHERE id = \(reply.id.uuid)")
      let comments = try lines(try await export(.comments, .jsonl, pool))
      #expect(comments.map { $0["text"]?.string } == ["@everybody: look", nil])
      #expect(comments[1]["parent_id"]?.string == first.id.description)
      #expect(comments[1]["state"]?.string == "deleted")
      #expect(try await export(.comments, .csv, pool).contains(",'@everybody: look,visible,false,"))
    }
  }

  @Test func `what stops the reader stops the export`() async throws {
    try await withDatabase { pool in
      struct Gone: Error {}
      await #expect(throws: Gone.self) {
        try await Export.run(.ideas, as: .csv, from: pool) { _ in throw Gone() }
      }
      let text = try await export(.ideas, .csv, pool)
      #expect(text.hasPrefix("id,"))
    }
  }
}
