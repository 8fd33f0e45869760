import Postgres
import TestSupport
import Testing

@testable import Coinvent

@Suite struct TokensTests {
  @Test func `a token has its form, and only the hash of its secret is stored`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let text = try await story.token(of: ada)
      #expect(text.wholeMatch(of: #/cvt_[0-9a-z]{26}_[A-Za-z0-9_-]{43}/#) != nil)
      let secret = try #require(TokenSecret(text))
      #expect(secret.text == text)
      let stored = try await pool.one("SELECT secret_hash FROM tokens", as: [UInt8].self)
      #expect(stored == secret.hash)
      #expect(!"\(secret)".contains(text.suffix(43)))
    }
  }

  @Test(arguments: [
    "", "cvt_", "cvt_01h455vb4pex5vsknk084sn02q", "Bearer x",
    "cvt_01h455vb4pex5vsknk084sn02q_" + String(repeating: "A", count: 42),
    "cvt_01h455vb4pex5vsknk084sn02q_" + String(repeating: "A", count: 44),
    "cvt_01h455vb4pex5vsknk084sn02q_" + String(repeating: "A", count: 42) + "B",
    "cvt_81h455vb4pex5vsknk084sn02q_" + String(repeating: "A", count: 43),
    "cvt_01h455vb4pex5vsknk084sn02q_" + String(repeating: "é", count: 21) + "A",
  ])
  func `what is no token is seen without asking the database`(_ text: String) {
    #expect(TokenSecret(text) == nil)
  }

  @Test func `only a token that is right, not revoked and not expired speaks for somebody`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada", role: .curator)
      let good = try await secret(story.token(of: ada, scopes: [.votes, .read]))
      let old = try await secret(
        story.token(of: ada, lasting: .seconds(60), at: .now - .seconds(61)))
      let revoked = try await secret(story.token(of: ada))
      _ = try await RevokeToken.run(revoked.id, of: ada, in: pool)
      let forged = TokenSecret(id: good.id)
      let unknown = TokenSecret(id: .new())
      let found = try await FindPrincipals.run(
        [unknown, good, old, revoked, forged, good], in: pool)
      #expect(found.map { $0 != nil } == [false, true, false, false, false, true])
      #expect(found[1]?.member == ada)
      #expect(found[1]?.role == .curator)
      #expect(found[1]?.scopes == [.votes, .read])
    }
  }

  @Test func `revoking is done once and only by the owner or an operator`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let token = try await secret(story.token(of: ada)).id
      #expect(try await RevokeToken.run(token, of: bob, in: pool) == .unknown)
      #expect(try await RevokeToken.run(.new(), of: nil, in: pool) == .unknown)
      #expect(try await RevokeToken.run(token, of: ada, in: pool) == .revoked)
      #expect(try await RevokeToken.run(token, of: nil, in: pool) == .alreadyRevoked)
      #expect(try await ListTokens.run(of: ada, in: pool).isEmpty)
      #expect(try await ListTokens.run(of: ada, all: true, in: pool).count == 1)
    }
  }

  @Test func `the last use is written once an hour`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let start = Timestamp.now
      let token = try await secret(story.token(of: ada, lasting: .seconds(90_000), at: start))
      func use(_ seconds: Int) async throws -> Timestamp? {
        _ = try await FindPrincipals.run([token], at: start + .seconds(seconds), in: pool)
        return try await ListTokens.run(of: ada, at: start, in: pool)[0].lastUsedAt
      }
      #expect(try await use(1) == start + .seconds(1))
      #expect(try await use(3600) == start + .seconds(1))
      #expect(try await use(3602) == start + .seconds(3602))
    }
  }

  @Test func `a token needs a member, a scope and an end`() async throws {
    try await withDatabase { pool in
      let ada = try await Story(pool).member("ada")
      let made = try await CreateToken.run(for: .new(), lasting: .seconds(1), in: pool)
      guard case .unknownMember = made else {
        Issue.record("a token for nobody")
        return
      }
      await #expect(throws: Invalid.self) {
        try await CreateToken.run(for: ada, scopes: [], lasting: .seconds(1), in: pool)
      }
      await #expect(throws: Invalid.self) {
        try await CreateToken.run(for: ada, lasting: .zero, in: pool)
      }
    }
  }

  private func secret(_ text: String) throws -> TokenSecret { try #require(TokenSecret(text)) }
}
