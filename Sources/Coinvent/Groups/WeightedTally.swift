import Postgres

/// What the votes for an idea come to: counted, and weighed by groups.
public struct WeightedTally: Sendable {
  public let votes: Int64
  /// In thousandths of a vote.
  public let weighted: Int64
  public let onBehalf: Int64

  /// Who is in several groups votes with the greatest weight, who is in none with one. An idea that
  /// has ended is weighed by the groups and weights of that moment, so that a later change does not
  /// act backwards. Held votes weigh nothing. It reads as many votes as groups have members.
  public static func of(_ idea: IdeaID, at now: Timestamp = .now, in db: some Queryable)
    async throws -> WeightedTally
  {
    let (votes, weighted) = try await db.one(
      """
      WITH moment AS (
        SELECT coalesce(decided_at, \(now)) AS at FROM ideas WHERE id = \(idea.uuid)
      ), weights AS (
        SELECT m.member_id, max(w.weight) AS weight
        FROM moment JOIN vote_group_members m
          ON m.added_at <= moment.at AND (m.removed_at IS NULL OR m.removed_at > moment.at)
        JOIN LATERAL (
          SELECT weight FROM vote_group_weights w
          WHERE w.name = m.name AND w.made_at <= moment.at ORDER BY number DESC LIMIT 1
        ) AS w ON true
        GROUP BY m.member_id
      )
      SELECT t.votes, 1000 * t.votes + coalesce((
        SELECT sum(w.weight - 1000)::bigint FROM weights w
        WHERE EXISTS (SELECT FROM votes v
                      WHERE v.idea_id = t.idea_id AND v.member_id = w.member_id)), 0)
      FROM tallies t WHERE t.idea_id = \(idea.uuid)
      """, as: (Int64, Int64).self)
    return WeightedTally(
      votes: votes, weighted: weighted, onBehalf: try await ListProxyVotes.count(of: idea, in: db))
  }

  /// The weighted sum as a decimal number of votes.
  public var weightedText: String {
    let part = String(weighted % 1000)
    return "\(weighted / 1000)." + String(repeating: "0", count: 3 - part.count) + part
  }
}
