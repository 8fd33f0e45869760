import Postgres

/// A member's rating of an idea in a live session.
public enum RateIdea {
  /// A score on one criterion.
  public struct Score: Sendable, Equatable {
    public let criterion: String
    public let score: Int64

    public init(criterion: String, score: Int64) {
      self.criterion = criterion
      self.score = score
    }
  }

  public enum Outcome: Sendable {
    /// It is as wished, now or already.
    case rated
    case ownIdea
    case notLive(Evaluation.State)
    case notOnAgenda
    case unknown
  }

  /// Puts these scores in place of those that the member gave before.
  /// - Parameter scores: none takes the rating back.
  /// - Throws: `Invalid` for a criterion that is unknown or named twice, or a score off its scale.
  public static func run(
    _ scores: [Score], of idea: IdeaID, by member: MemberID, in id: EvaluationID,
    at now: Timestamp = .now, tx: Transaction
  ) async throws -> Outcome {
    guard let state = try await Evaluation.lock(id, changing: false, in: tx) else {
      return .unknown
    }
    guard state == .live else { return .notLive(state) }
    // One rating of an idea after the other: the counts are right, and nobody waits in a circle.
    let author = try await tx.first(
      """
      SELECT author_id FROM evaluation_entries JOIN ideas ON ideas.id = idea_id
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid)
      FOR NO KEY UPDATE OF evaluation_entries
      """, as: UUID.self)
    guard let author else { return .notOnAgenda }
    guard author != member.uuid else { return .ownIdea }
    let criteria = try await tx.all(
      """
      SELECT number::bigint, name, c.scale::bigint, score::bigint FROM evaluation_criteria AS c
      LEFT JOIN evaluation_ratings AS r ON r.evaluation_id = c.evaluation_id
        AND r.criterion = number AND r.idea_id = \(idea.uuid) AND r.member_id = \(member.uuid)
      WHERE c.evaluation_id = \(id.uuid) ORDER BY number
      """, as: (Int64, String, Int64, Int64?).self)
    let wishes = try wishes(scores, on: criteria.map { ($0.1, $0.2) })
    let changes = zip(criteria, wishes).filter { $0.3 != $1 }
    if changes.isEmpty { return .rated }
    let numbers = changes.map(\.0.0)
    let old = changes.map(\.0.3)
    let new = changes.map(\.1)
    try await write(numbers, new, of: idea, by: member, in: id, at: now, tx: tx)
    try await tx.execute(
      """
      UPDATE evaluation_tallies SET counts = ARRAY(
        SELECT count + coalesce((place = new)::integer, 0) - coalesce((place = old)::integer, 0)
        FROM unnest(counts) WITH ORDINALITY AS c (count, place) ORDER BY place)
      FROM unnest(\(numbers), \(old), \(new)) AS w (number, old, new)
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid) AND criterion = number
      """)
    return .rated
  }

  /// What a member has rated in a session, in the order of the agenda.
  public static func ratings(
    of member: MemberID, in id: EvaluationID, db: some Queryable
  ) async throws -> [(idea: IdeaID, scores: [Score])] {
    let rows = try await db.all(
      """
      SELECT r.idea_id, c.name, r.score::bigint FROM evaluation_ratings AS r
      JOIN evaluation_entries AS e USING (evaluation_id, idea_id)
      JOIN evaluation_criteria AS c ON c.evaluation_id = r.evaluation_id AND c.number = r.criterion
      WHERE r.member_id = \(member.uuid) AND r.evaluation_id = \(id.uuid)
      ORDER BY e.place, c.number
      """, as: (UUID, String, Int64).self)
    var ratings: [(idea: IdeaID, scores: [Score])] = []
    for (uuid, name, score) in rows {
      if ratings.last?.idea.uuid != uuid { ratings.append((IdeaID(uuid: uuid), [])) }
      ratings[ratings.count - 1].scores.append(Score(criterion: name, score: score))
    }
    return ratings
  }

  /// The wished score on each criterion; nil for none.
  private static func wishes(_ scores: [Score], on criteria: [(name: String, scale: Int64)])
    throws(Invalid) -> [Int64?]
  {
    var wishes = [Int64?](repeating: nil, count: criteria.count)
    var invalid = Invalid()
    for (place, score) in scores.enumerated() {
      guard let known = criteria.firstIndex(where: { $0.name == score.criterion }) else {
        let names = criteria.map(\.name).joined(separator: ", ")
        invalid.add("/scores/\(place)/criterion", "must be one of \(names)")
        continue
      }
      if wishes[known] != nil {
        invalid.add("/scores/\(place)/criterion", "is named twice")
      } else if !(1...criteria[known].scale).contains(score.score) {
        invalid.add(
          "/scores/\(place)/score", "must be a whole number from 1 to \(criteria[known].scale)")
      }
      wishes[known] = score.score
    }
    try Invalid.refuse(invalid.fields)
    return wishes
  }

  private static func write(
    _ numbers: [Int64], _ scores: [Int64?], of idea: IdeaID, by member: MemberID,
    in id: EvaluationID, at now: Timestamp, tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DELETE FROM evaluation_ratings USING unnest(\(numbers), \(scores)) AS w (number, wished)
      WHERE evaluation_id = \(id.uuid) AND idea_id = \(idea.uuid)
        AND member_id = \(member.uuid) AND criterion = number AND wished IS NULL
      """)
    try await tx.execute(
      """
      INSERT INTO evaluation_ratings (evaluation_id, idea_id, member_id, criterion, scale, score,
                                      rated_at)
      SELECT c.evaluation_id, \(idea.uuid), \(member.uuid), c.number, c.scale, w.wished, \(now)
      FROM unnest(\(numbers), \(scores)) AS w (number, wished)
      JOIN evaluation_criteria AS c ON c.evaluation_id = \(id.uuid) AND c.number = w.number
      WHERE w.wished IS NOT NULL
      ON CONFLICT (evaluation_id, idea_id, member_id, criterion)
        DO UPDATE SET score = excluded.score, rated_at = excluded.rated_at
      """)
  }
}
