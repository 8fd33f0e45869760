import Postgres

/// Recounts votes.
enum VerifyVotes {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT coalesce(t.idea_id, v.idea_id), coalesce(t.votes, 0), coalesce(v.votes, 0)
      FROM tallies t
      FULL JOIN (SELECT idea_id, count(*) AS votes FROM votes GROUP BY idea_id) AS v
        ON v.idea_id = t.idea_id
      WHERE coalesce(t.votes, 0) <> coalesce(v.votes, 0) ORDER BY 1 LIMIT 1
      """, as: (UUID, Int64, Int64).self)
    return Verify.Check(
      name: "vote counts equal the votes", rows: try await VerifyPostings.count("votes", in: tx),
      finding: row.map { idea, shown, counted in
        Finding(
          check: "votes", detail: "\(IdeaID(uuid: idea)) shows \(shown) votes; \(counted) stand")
      })
  }
}
