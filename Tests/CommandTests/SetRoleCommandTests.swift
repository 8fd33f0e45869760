import TestSupport
import Testing

@testable import Command

@Suite struct SetRoleCommandTests {
  @Test func `an operator gives roles, and the last admin stays`() async throws {
    try await withDatabase { pool in
      try await Story(pool).member("ada")
      let environment = ["DATABASE_URL": pool.configuration.url]
      func setRole(_ words: String...) throws -> Run {
        try Run.program(
          Run.executable, ["members", "set-role"] + words, environment: environment)
      }
      let made = try setRole("ada", "admin", "--reason", "She founded it.", "--json")
      #expect(made.code == 0 && made.out.contains(#""role":"admin""#), "\(made)")
      #expect(try setRole("ada", "admin", "--reason", "Again.").code == 6)
      #expect(try setRole("ada", "member", "--reason", "She goes.").code == 3)
      #expect(try setRole("ada", "king", "--reason", "Why not.").code == 2)
      #expect(try setRole("ada", "admin").code == 2)
      #expect(try setRole("ada", "admin", "--reason", " ").code == 2)
      #expect(try setRole("nobody", "member", "--reason", "Who?").code == 1)
    }
  }
}
