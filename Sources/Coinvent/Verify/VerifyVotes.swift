import Postgres

/// Recounts votes.
enum VerifyVotes {
  /// Held votes are counted apart, none of them counts, and accounts are what was charged to them.
  static func holds(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT what, id FROM (
        SELECT 'idea with a wrong count of held votes' AS what, t.idea_id AS id FROM tallies t
        WHERE held > 0 AND held <> (SELECT count(*) FROM held_votes h WHERE h.idea_id = t.idea_id)
        UNION ALL
        SELECT 'idea with held votes that are not counted', h.idea_id
        FROM held_votes h JOIN tallies t USING (idea_id) WHERE t.held = 0
        UNION ALL
        SELECT 'idea with a vote that counts and is held', idea_id
        FROM held_votes JOIN votes USING (idea_id, member_id)
        UNION ALL
        SELECT 'member with a budget that is not what was charged', a.member_id
        FROM vote_accounts a
        LEFT JOIN (SELECT member_id, kind, began_at, count(*) AS votes FROM vote_charges
                   GROUP BY member_id, kind, began_at) AS c USING (member_id, kind, began_at)
        WHERE a.spent <> coalesce(c.votes, 0)) AS wrong
      ORDER BY 1, 2 LIMIT 1
      """, as: (String, UUID).self)
    return Verify.Check(
      name: "held votes and budgets add up",
      rows: try await VerifyPostings.count("held_votes", in: tx),
      finding: row.map { what, id in
        let name = what.hasPrefix("idea") ? "\(IdeaID(uuid: id))" : "\(MemberID(uuid: id))"
        return Finding(check: "holds", detail: "\(what): \(name)")
      })
  }

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
