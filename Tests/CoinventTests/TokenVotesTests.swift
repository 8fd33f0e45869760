import Postgres
import TestSupport
import Testing

@testable import Coinvent

/// Votes by token: who asks is found out by the statement that casts.
@Suite struct TokenVotesTests {
  @Test func `each wish of a batch gets its own outcome, whatever the others' tokens are`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: ada)
      let good = try await secret(story.token(of: bob))
      let old = try await secret(
        story.token(of: bob, lasting: .seconds(60), at: .now - .seconds(61)))
      let revoked = try await secret(story.token(of: bob))
      _ = try await RevokeToken.run(revoked.id, of: bob, in: pool)
      let reader = try await secret(story.token(of: bob, scopes: [.read]))
      let owner = try await secret(story.token(of: ada))
      let voters = [
        TokenSecret(id: .new()), old, revoked, TokenSecret(id: good.id), reader, owner, good,
      ]
      let answers = try await CastVotes.run(
        voters.map { CastVotes.Wish(idea: idea, voter: .holder(of: $0), voted: true) }, in: pool)
      #expect(
        answers.map(\.outcome) == [
          .badToken, .badToken, .badToken, .badToken, .missingScope, .ownIdea, .done,
        ])
      #expect(answers.last?.votes == 1)
      let voted = try await pool.all("SELECT member_id FROM votes", as: UUID.self)
      #expect(voted == [bob.uuid])
      let used = try await pool.all(
        "SELECT id FROM tokens WHERE last_used_at IS NOT NULL", as: UUID.self)
      #expect(Set(used) == [good.id.uuid, reader.id.uuid, owner.id.uuid])
    }
  }

  @Test func `two tokens of one member in one batch are one vote`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: story.member("ada"))
      let tokens = try await [secret(story.token(of: bob)), secret(story.token(of: bob))]
      for voted in [true, false] {
        let answers = try await CastVotes.run(
          tokens.map { CastVotes.Wish(idea: idea, voter: .holder(of: $0), voted: voted) },
          in: pool)
        #expect(answers.map(\.votes) == (voted ? [1, 1] : [0, 0]))
      }
      #expect(try await Verify.run(pool: pool).first == nil)
    }
  }

  @Test func `the database itself refuses votes for nothing, by nobody, and moved ones`()
    async throws
  {
    try await withDatabase { pool in
      let story = Story(pool)
      let bob = try await story.member("bob")
      let idea = try await story.idea(by: story.member("ada"))
      try await story.vote(bob, for: idea)
      for (ideaID, member) in [(UUID.v7(), bob.uuid), (idea.uuid, UUID.v7())] {
        try await expectRefusal("23503") {
          try await pool.execute(
            "INSERT INTO votes (idea_id, member_id, cast_at) VALUES (\(ideaID), \(member), now())")
        }
      }
      for forbidden: Query in [
        "DELETE FROM ideas", "DELETE FROM members", "UPDATE votes SET cast_at = now()",
        "TRUNCATE ideas CASCADE",
      ] {
        try await expectRefusal("23001") { try await pool.execute(forbidden) }
      }
      try await expectRefusal("23503") {
        try await pool.execute("UPDATE tallies SET state = 'removed'")
      }
    }
  }

  @Test func `a tally follows its idea`() async throws {
    try await withDatabase { pool in
      let story = Story(pool)
      let ada = try await story.member("ada")
      let idea = try await story.idea(by: ada)
      try await story.decide(.accept, idea, by: ada)
      let same = try await pool.one(
        """
        SELECT count(*) FROM tallies t JOIN ideas i ON i.id = t.idea_id
        WHERE (t.author_id, t.opened_at, t.state) = (i.author_id, i.opened_at, i.state)
          AND t.state = 'accepted'
        """, as: Int64.self)
      #expect(same == 1)
    }
  }

  private func secret(_ text: String) throws -> TokenSecret { try #require(TokenSecret(text)) }
}
