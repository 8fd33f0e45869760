import Postgres

/// Casts and withdraws votes, many at a time.
public enum CastVotes {
  /// One member's wish about one idea. Wishing what is so already changes nothing.
  public struct Wish: Sendable {
    public let idea: IdeaID
    public let member: MemberID
    public let voted: Bool

    public init(idea: IdeaID, member: MemberID, voted: Bool) {
      self.idea = idea
      self.member = member
      self.voted = voted
    }
  }

  public enum Outcome: String, CaseIterable, Sendable {
    /// It is as wished, now or already.
    case done
    case unknownIdea
    case ownIdea
    case closedIdea
  }

  public struct Answer: Sendable {
    public let outcome: Outcome
    /// The idea's votes afterwards.
    public let votes: Int64
    public let voted: Bool
  }

  /// One answer per wish, in their order.
  ///
  /// Wishes of one member about one idea keep their order: a statement holds at most one of them.
  public static func run(
    _ wishes: [Wish], at now: Timestamp = .now, in db: some Queryable
  ) async throws -> [Answer] {
    var answers = [Answer?](repeating: nil, count: wishes.count)
    var left = Array(wishes.indices)
    while !left.isEmpty {
      var taken: Set<Pair> = []
      var round: [Int] = []
      var later: [Int] = []
      for place in left {
        let pair = Pair(idea: wishes[place].idea, member: wishes[place].member)
        if taken.insert(pair).inserted { round.append(place) } else { later.append(place) }
      }
      let found = try await send(round.map { wishes[$0] }, at: now, in: db)
      for (place, answer) in zip(round, found) { answers[place] = answer }
      left = later
    }
    return answers.map { answer in
      guard let answer else { preconditionFailure("every wish is in some round") }
      return answer
    }
  }

  private struct Pair: Hashable {
    let idea: IdeaID
    let member: MemberID
  }

  /// Everything in one statement. The ideas are locked first and in the order of their ids, so
  /// that two writers never wait for each other in a circle, and what is decided about a vote is
  /// decided on the newest state of its idea.
  private static func send(
    _ wishes: [Wish], at now: Timestamp, in db: some Queryable
  ) async throws -> [Answer] {
    let rows = try await db.all(
      """
      WITH wishes AS (
        SELECT idea_id, member_id, voted, place
        FROM unnest(\(wishes.map(\.idea.uuid)), \(wishes.map(\.member.uuid)),
                    \(wishes.map(\.voted)))
             WITH ORDINALITY AS w (idea_id, member_id, voted, place)
      ), locked AS MATERIALIZED (
        SELECT id, author_id, state, votes FROM ideas
        WHERE id IN (SELECT idea_id FROM wishes)
        ORDER BY id FOR NO KEY UPDATE
      ), judged AS MATERIALIZED (
        SELECT idea_id, member_id, voted, place, votes,
               CASE WHEN id IS NULL THEN 'unknownIdea'
                    WHEN author_id = member_id THEN 'ownIdea'
                    WHEN state <> 'open' THEN 'closedIdea'
                    ELSE 'done' END AS outcome
        FROM wishes LEFT JOIN locked ON id = idea_id
      ), added AS (
        INSERT INTO votes (idea_id, member_id, cast_at)
        SELECT idea_id, member_id, \(now) FROM judged WHERE voted AND outcome = 'done'
        ON CONFLICT DO NOTHING
        RETURNING idea_id
      ), withdrawn AS (
        DELETE FROM votes USING judged
        WHERE votes.idea_id = judged.idea_id AND votes.member_id = judged.member_id
          AND NOT voted AND outcome = 'done'
        RETURNING votes.idea_id
      ), changes AS (
        SELECT idea_id, sum(change) AS change
        FROM (SELECT idea_id, 1 AS change FROM added
              UNION ALL SELECT idea_id, -1 FROM withdrawn) AS rows
        GROUP BY idea_id
      ), counted AS (
        UPDATE ideas SET votes = ideas.votes + change
        FROM changes WHERE id = idea_id AND change <> 0
        RETURNING id, ideas.votes
      )
      SELECT outcome, coalesce(counted.votes, judged.votes, 0), voted
      FROM judged LEFT JOIN counted ON counted.id = judged.idea_id
      ORDER BY place
      """, as: (String, Int64, Bool).self)
    return rows.map { outcome, votes, voted in
      Answer(outcome: Outcome(rawValue: outcome) ?? .unknownIdea, votes: votes, voted: voted)
    }
  }
}
