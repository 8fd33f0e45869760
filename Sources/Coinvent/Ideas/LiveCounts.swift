import Postgres

/// What changes about ideas while people watch, many at a time.
public enum LiveCounts {
  public struct Count: Sendable, Equatable {
    public let state: Idea.State
    public let votes: Int64
  }

  /// Ideas that not everybody may read are left out.
  public static func of(_ ideas: [IdeaID], in db: some Queryable) async throws -> [IdeaID: Count] {
    let rows = try await db.all(
      """
      SELECT idea_id, state, votes FROM tallies
      WHERE idea_id = ANY(\(ideas.map(\.uuid))) AND (
        state NOT IN ('withdrawn', 'declined')
        OR (SELECT NOT never_open FROM ideas WHERE id = idea_id))
      """, as: (UUID, Idea.State, Int64).self)
    var counts: [IdeaID: Count] = [:]
    for (id, state, votes) in rows where !state.isHidden {
      counts[IdeaID(uuid: id)] = Count(state: state, votes: votes)
    }
    return counts
  }
}
