import Foundation
import Postgres
import TestSupport
import Testing

@testable import Command

@Suite struct DataCommandTests {
  @Test func `an export appears under its name when it is whole, and only then`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func coinvent(_ words: String...) throws -> Run {
        try Run.program(Run.executable, words, environment: environment)
      }
      let folder = try Folder()
      let story = Story(pool)
      let ada = try await story.member("ada")
      _ = try await story.idea(by: ada)
      let path = "\(folder.path)/ideas.csv"
      let done = try coinvent("export", "ideas", "--to", path)
      #expect(done.code == 0 && done.out == "1 ideas in \(path)\n", "\(done)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ideas.csv"])
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.hasPrefix("id,title,") && text.contains(",ada,open,0,1,"))
      #expect(try coinvent("export", "ideas").out == text)

      try await pool.execute("DROP TABLE comments CASCADE")
      let failed = try coinvent("export", "comments", "--to", "\(folder.path)/comments.csv")
      #expect(failed.code == 1)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ideas.csv"])
      #expect(try coinvent("export", "ideas", "--to", "/nowhere/ideas.csv").code == 1)
      #expect(try coinvent("export", "members").code == 2)
    }
  }

  @Test func `an operator sees what would go before anybody is erased`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func coinvent(_ words: String...) throws -> Run {
        try Run.program(Run.executable, words, environment: environment)
      }
      try await Story(pool).member("ada")
      #expect(try coinvent("members", "export", "ada").out.contains("ada@example.org"))
      let look = try coinvent("members", "erase", "ada")
      #expect(look.code == 6 && look.out.contains("Nothing was done."), "\(look)")
      #expect(try coinvent("members", "erase", "ada", "--cancel").code == 6)
      #expect(try coinvent("members", "erase", "ada", "--yes").code == 0)
      #expect(try coinvent("members", "erase", "ada", "--yes").code == 1)
      #expect(try coinvent("members", "list").out.contains("  former_"))
    }
  }

  @Test func `Fider's backup is taken over as a ZIP file, and its CSV for somebody`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func coinvent(_ words: String...) throws -> Run {
        try Run.program(Run.executable, words, environment: environment)
      }
      try await Story(pool).member("ada")
      let (folder, files) = (try Folder(), try ZipFiles())
      let posts = """
        [{"id": 1, "number": 1, "title": "Go is fast", "description": "Tiny", "user_id": 7,
          "status": 0, "created_at": "2018-03-23T19:33:22Z"}]
        """
      let attached = #"[{"post_id": 1, "attachment_bkey": "attachments/gone.png"}]"#
      let users = #"[{"id": 7, "name": "Jon", "email": "jon@example.org"}]"#
      let backup = try files.make(
        "backup.zip",
        entries: [
          "posts.json": Array(posts.utf8), "users.json": Array(users.utf8),
          "attachments.json": Array(attached.utf8),
        ])
      let done = try coinvent("import", "fider", backup)
      #expect(done.code == 0, "\(done)")
      #expect(done.out.contains("1 made, 0 repeated") && done.out.contains("0 pictures"))
      #expect(done.out.contains("left: post 1: attachments/gone.png is not in the backup"))

      try folder.write("no archive", to: "other.zip")
      let other = try coinvent("import", "fider", "\(folder.path)/other.zip")
      #expect(other.code == 1 && other.error.contains("no ZIP file"), "\(other)")
      let bomb = try files.make("bomb.zip", #"z.writestr("posts.json", b" " * (64 << 20))"#)
      let refused = try coinvent("import", "fider", bomb)
      #expect(refused.code == 1 && refused.error.contains("100 times its size"), "\(refused)")

      try folder.write(
        "number,title,description,created_at,status\n1,Go is slow,x,2018-03-23T19:33:22Z,open\n",
        to: "posts.csv")
      let csv = "\(folder.path)/posts.csv"
      let whose = try coinvent("import", "fider", csv)
      #expect(whose.code == 2 && whose.error.contains("--author"), "\(whose)")
      let taken = try coinvent("import", "fider", csv, "--author", "ada")
      #expect(taken.code == 0 && taken.out.contains("1 made"), "\(taken)")
    }
  }
}
