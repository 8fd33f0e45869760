import JSON
import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct ImportTests {
  static let header =
    "external_id,title,pitch,problem,solution,category,tags,author,opened_at,state\r\n"

  private func row(
    _ id: String, _ title: String, author: String = "eve@example.org", state: String = "",
    at time: String = "2025-01-31T12:00:00Z"
  ) -> String {
    let texts = "\(title),A pitch,A problem,A solution,home,\"light, desk\""
    return "\(id),\(texts),\(author),\(time),\(state)\r\n"
  }

  private func take(
    _ text: String, dryRun: Bool = false, skipBad: Bool = false, _ pool: Pool
  ) async throws -> ImportIdeas.Report {
    try await ImportIdeas.run(
      csv: Array((Self.header + text).utf8),
      ImportIdeas.Options(source: "box", dryRun: dryRun, skipBad: skipBad), in: pool)
  }

  private func count(_ table: String, _ pool: Pool) async throws -> Int64 {
    try await pool.one("SELECT count(*) FROM \(unsafeSQL: table)", as: Int64.self)
  }

  @Test func `a file is taken over once, with its authors, dates and states`() async throws {
    try await withDatabase { pool in
      let ada = try await Story(pool).member("ada")
      let file =
        row("1", "'=A lamp that bends")
        + row("2", "A chair that folds", author: "ada", state: "declined")
      let dry = try await take(file, dryRun: true, pool)
      #expect(dry.made == 2 && dry.members == 1 && !dry.isKept)
      #expect(try await count("ideas", pool) == 0)
      #expect(try await count("members", pool) == 1)

      let report = try await take(file, pool)
      #expect(report.isKept && report.made == 2 && report.members == 1 && report.faults.isEmpty)
      let rows = try await pool.all(
        "SELECT title, state, author_id, opened_at FROM ideas ORDER BY title COLLATE \"C\"",
        as: (String, String, UUID, Timestamp).self)
      #expect(rows.map(\.0) == ["=A lamp that bends", "A chair that folds"])
      #expect(rows.map(\.1) == ["open", "declined"] && rows[1].2 == ada.uuid)
      #expect(rows[0].3 == Timestamp(rfc3339: "2025-01-31T12:00:00Z"))
      let eve = try #require(try await FindMember.by(handleOrID: "eve", in: pool))
      #expect(eve.email == "eve@example.org")
      let secrets = try await pool.one(
        "SELECT count(*) FROM members WHERE password_hash IS NOT NULL", as: Int64.self)
      #expect(secrets == 0)
      // It is not late for a gate that it never met, and nobody is told.
      #expect(try await AdvanceGates.run(in: pool).expired == 0)
      #expect(try await count("notice_work", pool) == 0)

      let again = try await take(file, pool)
      #expect(again.isKept && again.made == 0 && again.repeated == 2)
      let other = try await take(row("1", "Another lamp by far"), pool)
      #expect(!other.isKept && other.faults.map(\.column) == ["external_id"])
    }
  }

  @Test func `a bad row keeps everything out, or only itself`() async throws {
    try await withDatabase { pool in
      let file =
        row("1", "A lamp that bends") + row("2", "Short")
        + row("3", "A chair that folds", state: "accepted")
        + row("4", "A table on wheels", author: "nobody") + "5,too,few\r\n"
      let all = try await take(file, pool)
      #expect(!all.isKept)
      #expect(all.faults.map(\.place) == ["row 3", "row 4", "row 5", "row 6"])
      #expect(all.faults.map(\.column) == ["title", "state", "author", ""])
      #expect(try await count("ideas", pool) == 0)
      let some = try await take(file, skipBad: true, pool)
      #expect(some.isKept && some.made == 1 && some.faults.count == 4)
      #expect(try await count("ideas", pool) == 1)
    }
  }

  @Test func `a header that is not right is told by its columns`() async throws {
    try await withDatabase { pool in
      await #expect(throws: Invalid.self) {
        try await ImportIdeas.run(
          csv: Array("title,votes\r\n".utf8), ImportIdeas.Options(source: "box"), in: pool)
      }
    }
  }

  static let fider: [String: JSON] = [
    "users": [
      ["id": 1, "name": "Jon Snow", "email": "jon@example.org"],
      ["id": 2, "name": "Arya", "email": "arya@example.org"],
      ["id": 3, "name": "Faceless", "email": ""],
    ],
    "posts": [
      [
        "id": 10, "number": 1, "title": "Go is fast", "description": "Very tiny description",
        "created_at": "2018-03-23T19:33:22Z", "user_id": 1, "status": 0,
      ],
      [
        "id": 11, "number": 2, "title": 2024, "description": "", "status": 3,
        "created_at": "2018-02-21T15:51:35.123456Z", "user_id": 2,
        "response": "Nothing we need to do", "response_date": "2018-04-04T19:48:10Z",
      ],
      [
        "id": 12, "number": 3, "title": "Go away", "description": "x", "status": 6,
        "created_at": "2018-02-21T15:51:35Z", "user_id": 2,
      ],
    ],
    "post_votes": [
      ["post_id": 10, "user_id": 1, "created_at": "2018-03-24T00:00:00Z"],
      ["post_id": 10, "user_id": 2, "created_at": "2018-03-25T00:00:00Z"],
      ["post_id": 11, "user_id": 3, "created_at": "2018-03-25T00:00:00Z"],
    ],
    "comments": [
      [
        "post_id": 10, "user_id": 2, "content": "It is.", "deleted_at": .null,
        "created_at": "2018-03-26T00:00:00Z",
      ],
      [
        "post_id": 10, "user_id": 2, "content": "It was.",
        "deleted_at": "2018-03-27T00:00:00Z", "created_at": "2018-03-26T00:00:00Z",
      ],
    ],
    "tags": [["id": 7, "name": "Easy"]],
    "post_tags": [["post_id": 10, "tag_id": 7]],
  ]

  @Test func `Fider's posts come with their people, votes, comments, tags and answers`()
    async throws
  {
    try await withDatabase { pool in
      let files = try ZipFiles()
      let backup = try files.make("backup.zip", entries: Self.tables())
      func take() async throws -> ImportIdeas.Report {
        try await ImportIdeas.run(
          fider: FiderFiles(path: backup), ImportIdeas.Options(source: "fider"),
          category: "imported", in: pool)
      }
      let report = try await take()
      #expect(report.isKept && report.made == 2 && report.members == 3, "\(report)")
      #expect(report.votes == 2 && report.comments == 1)
      let ideas = try await pool.all(
        """
        SELECT title, i.state, t.votes, coalesce(array_to_string(tags, ','), '')
        FROM ideas i JOIN tallies t ON t.idea_id = i.id ORDER BY title COLLATE "C"
        """, as: (String, String, Int64, String).self)
      #expect(ideas.map(\.0) == ["Go is fast", "Idea: 2024 (Fider)"])
      #expect(ideas.map(\.1) == ["open", "declined"] && ideas.map(\.2) == [1, 1])
      #expect(ideas[0].3 == "easy")
      let moment = try await pool.one("SELECT min(cast_at) FROM votes", as: Timestamp.self)
      #expect(moment == Timestamp(rfc3339: "2018-03-25T00:00:00Z"))
      let reason = try await pool.one(
        "SELECT reason FROM idea_history WHERE new_state = 'declined'", as: String.self)
      #expect(reason.contains("Nothing we need to do"))
      try await Story(pool).verify()
      let again = try await take()
      #expect(again.made == 0 && again.repeated == 2 && again.votes == 0)
    }
  }

  /// The tables as a backup holds them.
  private static func tables(_ more: [String: [UInt8]] = [:]) -> [String: [UInt8]] {
    var entries = more
    for (table, rows) in fider { entries["\(table).json"] = Array(rows.text().utf8) }
    return entries
  }

  @Test func `pictures of Fider's posts come too, and what is none is told`() async throws {
    try await withDatabase { pool in
      let files = try ZipFiles()
      let attached: JSON = [
        ["post_id": 10, "comment_id": .null, "attachment_bkey": "attachments/a.png"],
        ["post_id": 10, "attachment_bkey": "attachments/notes.txt"],
        ["post_id": 10, "attachment_bkey": "attachments/gone.png"],
        ["post_id": 10, "attachment_bkey": "../posts.json"],
        ["post_id": 10, "comment_id": 5, "attachment_bkey": "attachments/a.png"],
      ]
      let backup = try files.make(
        "backup.zip",
        entries: Self.tables([
          "attachments.json": Array(attached.text().utf8),
          "blobs/attachments/a.png": Pictures.png(20, 10),
          "blobs/attachments/notes.txt": Array("Buy milk.".utf8),
        ]))
      let program = ImageProgram()
      defer { program.stop() }
      let report = try await ImportIdeas.run(
        fider: FiderFiles(path: backup),
        ImportIdeas.Options(source: "fider", images: program), category: "imported", in: pool)
      #expect(report.isKept && report.made == 2 && report.pictures == 1 && report.faults.isEmpty)
      #expect(
        report.left.map(\.message) == [
          "attachments/notes.txt is left: not-an-image",
          "attachments/gone.png is not in the backup", "../posts.json is not in the backup",
          "1 attached to comments are left: comments have no pictures here",
        ])
      #expect(report.left.allSatisfy { $0.place == "post 1" })
      let kept = try await pool.all(
        "SELECT title, width FROM idea_images JOIN ideas ON ideas.id = idea_id",
        as: (String, Int32).self)
      #expect(kept.map(\.0) == ["Go is fast"] && kept.map(\.1) == [20])
    }
  }

  @Test func `an unpacked backup is read too, and nothing beside it`() async throws {
    try await withDatabase { pool in
      let files = try ZipFiles()
      let attached: JSON = [["post_id": 10, "attachment_bkey": "../../secret"]]
      let tables = Self.tables(["attachments.json": Array(attached.text().utf8)])
      for (name, bytes) in tables { try files.write(bytes, to: "backup/\(name)") }
      try files.write([], to: "backup/blobs/other")
      try files.write(Pictures.png(2, 2), to: "secret")
      let report = try await ImportIdeas.run(
        fider: FiderFiles(path: "\(files.folder)/backup"), ImportIdeas.Options(source: "fider"),
        category: "imported", in: pool)
      #expect(report.made == 2)
      #expect(report.left.map(\.message) == ["../../secret is not in the backup"])
    }
  }

  @Test func `a backup without posts, or with what is no table, is told`() async throws {
    try await withDatabase { pool in
      let files = try ZipFiles()
      for (name, entries, place) in [
        ("none", ["users.json": "[]"], "posts.json"),
        ("broken", ["posts.json": "[", "users.json": "[]"], "posts.json"),
        ("object", ["posts.json": "[]", "users.json": "{}"], "users.json"),
      ] {
        let backup = try files.make("\(name).zip", entries: entries.mapValues { Array($0.utf8) })
        let wrong = await #expect(throws: Invalid.self) {
          try await ImportIdeas.run(
            fider: FiderFiles(path: backup), ImportIdeas.Options(source: "fider"),
            category: "imported", in: pool)
        }
        #expect(wrong?.fields.map(\.pointer) == [place])
      }
    }
  }

  @Test func `Fider's CSV brings its posts, with answers and tags, to one member`() async throws {
    try await withDatabase { pool in
      let ada = try await Story(pool).member("ada")
      let files = try ZipFiles()
      // The columns and line ends of Fider's own writer.
      let text = """
        number,title,description,created_at,created_by,votes_count,comments_count,status,\
        responded_by,responded_at,response,original_number,original_title,tags
        1,Go is fast,Very tiny description,2018-03-23T19:33:22Z,Faceless,4,2,declined,Arya,\
        2018-04-04T19:48:10Z,Nothing we need to do,,,"easy, ignored"
        2,"A ""go"" routine","Two
        lines",2018-02-21T15:51:35Z,Someone else,4,2,open,,,,,,
        3,The very same thing,x,2018-02-21T15:51:35Z,Someone else,4,2,duplicate,Arya,\
        2018-03-17T10:15:42Z,,99,a very long one,this-tag-has
        4,Deleted long ago,x,2018-02-21T15:51:35Z,Someone else,4,2,deleted,,,,,,
        5,No time at all here,x,yesterday,Someone else,4,2,open,,,,,,

        """
      try files.write(Array(text.utf8), to: "posts.csv")
      let path = "\(files.folder)/posts.csv"
      func take(_ options: ImportIdeas.Options) async throws -> ImportIdeas.Report {
        try await ImportIdeas.run(
          fiderPosts: path, options, author: ada, category: "imported", in: pool)
      }
      let all = try await take(ImportIdeas.Options(source: "fider"))
      #expect(!all.isKept && all.faults.map(\.column) == ["created_at"])
      let report = try await take(ImportIdeas.Options(source: "fider", skipBad: true))
      #expect(report.isKept && report.made == 3 && report.members == 0 && report.votes == 0)
      let ideas = try await pool.all(
        """
        SELECT title, state, coalesce(array_to_string(tags, ','), ''), opened_at FROM ideas
        WHERE author_id = \(ada.uuid) ORDER BY opened_at DESC, title COLLATE "C"
        """, as: (String, String, String, Timestamp).self)
      #expect(
        ideas.map(\.0) == ["Go is fast", "A \"go\" routine", "The very same thing"]
          && ideas.map(\.1) == ["declined", "open", "withdrawn"])
      #expect(ideas[0].2 == "easy,ignored")
      #expect(ideas[0].3 == Timestamp(rfc3339: "2018-03-23T19:33:22Z"))
      let reason = try await pool.one(
        "SELECT reason FROM idea_history WHERE new_state = 'declined'", as: String.self)
      #expect(reason == "It was declined in Fider. Nothing we need to do")
      let again = try await take(ImportIdeas.Options(source: "fider", skipBad: true))
      #expect(again.made == 0 && again.repeated == 3)
      try files.write(Array("title,votes\r\n".utf8), to: "posts.csv")
      await #expect(throws: Invalid.self) { try await take(.init(source: "fider")) }
    }
  }
}
