import Postgres

/// Casts and withdraws votes, many at a time.
public enum CastVotes {
  /// One wish about one idea. Wishing what is so already changes nothing.
  public struct Wish: Sendable {
    public let idea: IdeaID
    public let voter: Voter
    public let voted: Bool
    /// Where it comes from.
    public let mark: VoteMark

    public init(idea: IdeaID, member: MemberID, voted: Bool, mark: VoteMark = .none) {
      self.init(idea: idea, voter: .member(member), voted: voted, mark: mark)
    }

    public init(idea: IdeaID, voter: Voter, voted: Bool, mark: VoteMark = .none) {
      self.idea = idea
      self.voter = voter
      self.voted = voted
      self.mark = mark
    }
  }

  /// Who votes.
  public enum Voter: Hashable, Sendable {
    /// Somebody whom the caller knows.
    case member(MemberID)
    /// Whoever holds the token; it is checked by the statement that casts the vote.
    case holder(of: TokenSecret)
  }

  public enum Outcome: String, CaseIterable, Sendable {
    /// It is as wished, now or already.
    case done
    case unknownIdea
    case ownIdea
    case closedIdea
    /// The token is unknown, wrong, expired or revoked.
    case badToken
    /// The token is good, but not for votes.
    case missingScope
    /// The member's budget is spent.
    case noBudget
  }

  /// What a vote of a member's is worth to its idea.
  public enum Standing: String, Sendable, PostgresEncodable, PostgresDecodable {
    case counted
    /// It does not count until a person has decided about it.
    case held
    /// A person decided that it stays out.
    case upheld
  }

  public struct Answer: Sendable {
    public let outcome: Outcome
    /// The idea's votes afterwards.
    public let votes: Int64
    public let voted: Bool
    /// Nil when the member has no vote there.
    public let standing: Standing?
    /// How many votes the member has left; nil without a budget.
    public let left: Int64?
  }

  /// One answer per wish, in their order.
  ///
  /// Wishes of one voter about one idea keep their order: a statement holds at most one of them.
  /// - Parameter shape: remembers between calls whether there has ever been a budget.
  public static func run(
    _ wishes: [Wish], at now: Timestamp = .now, shape: VoteShape = VoteShape(), in pool: Pool
  ) async throws -> [Answer] {
    try await run(wishes, at: now, shape: shape, in: pool) { careful in
      try await pool.transaction { try await JudgeVotes.run(careful, at: now, in: $0) }
    }
  }

  /// The same as a part of the caller's transaction.
  public static func run(
    _ wishes: [Wish], at now: Timestamp = .now, shape: VoteShape = VoteShape(), in tx: Transaction
  ) async throws -> [Answer] {
    try await run(wishes, at: now, shape: shape, in: tx) {
      try await JudgeVotes.run($0, at: now, in: tx)
    }
  }

  /// - Parameter judge: answers wishes that need more than the one statement: about ideas with
  ///   held votes, and all of them once there has been a budget.
  private nonisolated(nonsending) static func run(
    _ wishes: [Wish], at now: Timestamp, shape: VoteShape, in db: some Queryable,
    judge: nonisolated(nonsending) ([Wish]) async throws -> [Answer]
  ) async throws -> [Answer] {
    if shape.hasBudget { return try await judge(wishes) }
    var answers = [Answer?](repeating: nil, count: wishes.count)
    var left = Array(wishes.indices)
    while !left.isEmpty {
      var taken = Set<Pair>(minimumCapacity: left.count)
      var round: [Int] = []
      var later: [Int] = []
      for place in left {
        let pair = Pair(idea: wishes[place].idea, voter: wishes[place].voter)
        if taken.insert(pair).inserted { round.append(place) } else { later.append(place) }
      }
      let sent = round.count == wishes.count ? wishes : round.map { wishes[$0] }
      let found = try await send(sent, at: now, shape: shape, in: db)
      for (place, answer) in zip(round, found) { answers[place] = answer }
      let careful = round.filter { answers[$0] == nil }
      if !careful.isEmpty {
        let judged = try await judge(careful.map { wishes[$0] })
        for (place, answer) in zip(careful, judged) { answers[place] = answer }
      }
      left = later
    }
    return answers.map { answer in
      guard let answer else { preconditionFailure("every wish is in some round") }
      return answer
    }
  }

  private struct Pair: Hashable {
    let idea: IdeaID
    let voter: Voter
  }

  /// Everything in one statement. The tallies are locked first and in the order of their ideas, so
  /// that two writers never wait for each other in a circle, and what is decided about a vote is
  /// decided on the newest state of its idea.
  /// - Returns: nil for a wish that is to be judged with more care; nothing has come of it.
  private static func send(
    _ wishes: [Wish], at now: Timestamp, shape: VoteShape, in db: some Queryable
  ) async throws -> [Answer?] {
    let rows = try await db.all(
      """
      WITH wishes AS (\(voters(of: wishes, at: now))
      ), locked AS MATERIALIZED (
        SELECT idea_id AS id, author_id, state, votes, held FROM tallies
        WHERE idea_id IN (SELECT idea_id FROM wishes WHERE may)
        ORDER BY idea_id FOR NO KEY UPDATE
      ), judged AS MATERIALIZED (
        SELECT idea_id, member_id, voted, place, votes, token, origin, session,
               CASE WHEN member_id IS NULL THEN 'badToken'
                    WHEN NOT may THEN 'missingScope'
                    WHEN id IS NULL OR state = 'draft' THEN 'unknownIdea'
                    WHEN author_id = member_id THEN 'ownIdea'
                    WHEN state <> 'open' THEN 'closedIdea'
                    WHEN EXISTS (SELECT FROM vote_policies WHERE budget <> 'none') THEN 'budget'
                    WHEN held > 0 THEN 'care'
                    ELSE 'done' END AS outcome
        FROM wishes LEFT JOIN locked ON id = idea_id
      ), added AS (
        INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
        SELECT idea_id, member_id, \(now), origin, session FROM judged WHERE voted AND outcome = 'done'
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
        UPDATE tallies SET votes = tallies.votes + change
        FROM changes WHERE tallies.idea_id = changes.idea_id AND change <> 0
        RETURNING tallies.idea_id, tallies.votes
      )
      SELECT outcome, coalesce(counted.votes, judged.votes, 0), voted, token
      FROM judged LEFT JOIN counted USING (idea_id)
      ORDER BY place
      """, as: (String, Int64, Bool, UUID?).self)
    let unmarked = rows.compactMap(\.3)
    if !unmarked.isEmpty { await FindPrincipals.markUsed(unmarked, at: now, in: db) }
    return rows.map { word, votes, voted, _ in
      if word == "budget" { shape.noteBudget() }
      guard let outcome = Outcome(rawValue: word) else { return nil }
      let standing: Standing? = voted && outcome == .done ? .counted : nil
      return Answer(outcome: outcome, votes: votes, voted: voted, standing: standing, left: nil)
    }
  }

  /// A query of (idea_id, member_id, may, voted, place, origin, session, token): who stands behind
  /// each wish, and the token where its use is to be noted.
  static func voters(of wishes: [Wish], at now: Timestamp) -> Query {
    let members = wishes.map { wish -> UUID? in
      if case .member(let id) = wish.voter { id.uuid } else { nil }
    }
    let tokens = wishes.map { wish -> TokenSecret? in
      if case .holder(let secret) = wish.voter { secret } else { nil }
    }
    return """

        SELECT idea_id, coalesce(w.member_id, tokens.member_id) AS member_id,
               w.member_id IS NOT NULL OR \(Scope.votes.rawValue) = ANY(scopes) AS may,
               voted, place, origin, session,
               CASE WHEN last_used_at >= \(now - FindPrincipals.markedFor) THEN NULL
                    ELSE tokens.id END AS token
        FROM unnest(\(wishes.map(\.idea.uuid)), \(members), \(tokens.map { $0?.id.uuid }),
                    \(tokens.map { $0?.hash }), \(wishes.map(\.voted)),
                    \(wishes.map(\.mark.origin)), \(wishes.map(\.mark.session)))
             WITH ORDINALITY AS w (idea_id, member_id, token_id, hash, voted, origin, session,
                                   place)
        LEFT JOIN tokens ON tokens.id = token_id AND secret_hash = hash
          AND revoked_at IS NULL AND expires_at > \(now)
      """
  }
}
