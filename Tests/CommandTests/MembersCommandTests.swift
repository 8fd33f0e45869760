import Foundation
import TestSupport
import Testing

@testable import Command

@Suite struct MembersCommandTests {
  @Test func `the first operator is made, gets a token and loses it`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func coinvent(_ line: String) throws -> Run {
        let words = line.split(separator: " ").map(String.init)
        return try Run.program(Run.executable, words, environment: environment)
      }
      let made = try coinvent("members create --handle admin --role admin --json")
      #expect(made.code == 0 && made.out.contains(#""role":"admin""#), "\(made)")
      #expect(try coinvent("members create --handle ADMIN").code == 3)
      #expect(try coinvent("members create --handle x --role king").code == 2)
      let faults = try coinvent("members create --handle x --email y")
      #expect(faults.code == 2)
      #expect(faults.error.contains("--handle must") && faults.error.contains("--email must"))
      #expect(try coinvent("members list").out.contains("  admin  admin\n"))

      let token = try coinvent("tokens create --member admin --scope votes --expires 2")
      #expect(token.code == 0)
      #expect(token.out.wholeMatch(of: #/cvt_[0-9a-z]{26}_[A-Za-z0-9_-]{43}\n/#) != nil)
      #expect(try coinvent("tokens create --member nobody").code == 1)
      for wrong in ["--scope fly", "--expires 0", "--expires 2020-01-01", "--expires soon"] {
        #expect(try coinvent("tokens create --member admin \(wrong)").code == 2, "\(wrong)")
      }
      let list = try coinvent("tokens list --member admin")
      let id = try #require(list.out.firstMatch(of: #/tok_[0-9a-z]{26}/#)?.0)
      #expect(list.out.contains("votes") && list.out.contains("never used"))
      #expect(try coinvent("tokens revoke \(id)").code == 0)
      #expect(try coinvent("tokens revoke \(token.out.dropLast())").code == 6)
      #expect(try coinvent("tokens revoke tok_01h455vb4pex5vsknk084sn02q").code == 1)
      #expect(try coinvent("tokens list --member admin").out.isEmpty)
      #expect(try coinvent("tokens list --member admin --all").out.contains("revoked"))
    }
  }

  @Test func `a password from stdin is checked and hashed`() async throws {
    try await withDatabase { pool in
      let environment = ["DATABASE_URL": pool.configuration.url]
      func create(_ handle: String, _ password: String) throws -> Run {
        try Run.program(
          Run.executable, ["members", "create", "--handle", handle, "--password-stdin"],
          input: password, environment: environment)
      }
      #expect(try create("ada", "correct horse\n").code == 0)
      #expect(try create("bob", "password\n").code == 2)
      #expect(try create("bob", "").code == 2)
      let hash = try await pool.one("SELECT password_hash FROM members", as: String.self)
      #expect(hash.hasPrefix("$argon2id$"))
    }
  }
}
