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
}
