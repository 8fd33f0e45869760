import Postgres

/// Finds ideas that are like one that somebody is writing.
public enum SimilarIdeas {
  public struct Match: Sendable {
    public let id: IdeaID
    public let title: String
    public let state: Idea.State
    public let votes: Int64
    /// 0 to 1: how much of their titles' letters two ideas share.
    public let score: Double
  }

  /// At most so many are told.
  public static let most = 5
  private static let least = 0.3
  /// Letters are compared from as many on as the shortest title has.
  private static let shortest = 10
  /// Where a million titles share nearly all their letters, comparing them takes seconds: then
  /// only those with the same words are told.
  private static let patience = "300ms"

  /// Ideas whose title has the words of this one or looks like it, the most alike first.
  public static func run(_ title: String, in pool: Pool) async throws -> [Match] {
    let title = String(title.trimmed.prefix(100))
    if title.isEmpty { return [] }
    var matches = try await ask(sameWords(title), in: pool)
    if title.count >= shortest {
      do {
        matches += try await ask(sameLetters(title), in: pool)
      } catch let error as DatabaseError where error.isCancelled {}
    }
    var told = Set<IdeaID>()
    return Array(
      matches.filter { told.insert($0.id).inserted }
        .sorted { ($1.score, $0.id) < ($0.score, $1.id) }.prefix(most))
  }

  private static func ask(_ query: Query, in pool: Pool) async throws -> [Match] {
    try await pool.transaction(readOnly: true) { tx in
      try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
      try await tx.execute("SET LOCAL statement_timeout = '\(unsafeSQL: patience)'")
      return try await tx.all(query, as: (UUID, String, Idea.State, Int64, Double).self)
    }.map { id, title, state, votes, score in
      Match(id: IdeaID(uuid: id), title: title, state: state, votes: votes, score: score)
    }
  }

  static func sameWords(_ title: String) -> Query {
    best(
      title,
      """
      SELECT idea_id, title, state FROM idea_texts
      WHERE state = 'open' AND words @@ plainto_tsquery('pg_catalog.english', \(title))
      ORDER BY opened_at DESC, idea_id DESC LIMIT 200
      """)
  }

  static func sameLetters(_ title: String) -> Query {
    best(
      title,
      """
      SELECT idea_id, title, state FROM idea_texts
      WHERE title % \(title) AND state IN ('open', 'qualified', 'in_review', 'in_evaluation',
                                           'accepted', 'declined', 'expired')
      LIMIT 2000
      """)
  }

  private static func best(_ title: String, _ alike: Query) -> Query {
    """
    WITH alike AS (\(alike)), best AS (
      SELECT idea_id, title, state, similarity(title, \(title))::double precision AS score
      FROM alike ORDER BY score DESC, idea_id LIMIT \(most)
    )
    SELECT best.idea_id, title, best.state, votes, score
    FROM best JOIN tallies ON tallies.idea_id = best.idea_id
    WHERE score >= \(least)
      AND (SELECT NOT never_open FROM ideas WHERE ideas.id = best.idea_id)
    ORDER BY score DESC, best.idea_id
    """
  }
}
