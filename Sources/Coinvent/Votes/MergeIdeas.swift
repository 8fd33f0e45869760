import Postgres

/// Makes an idea another one's duplicate, and takes that back exactly.
///
/// The original gets the duplicate's voters, each counted once. The duplicate's votes as they were
/// are kept, and their hash with them.
public enum MergeIdeas {
  public enum Outcome: Sendable {
    /// The original as it is now, and how many of the duplicate's votes became its own.
    case merged(Idea, moved: Int64, already: Int64)
    case unknown
    /// Nothing is a duplicate of itself.
    case itself
    /// It is a duplicate already, of this idea.
    case mergedAlready(into: IdeaID)
    /// The original is itself a duplicate, of this idea: merge into that one.
    case chained(IdeaID)
    /// The original is a duplicate of the one that would become its duplicate.
    case circular
    /// The original came after it: the earlier submitter keeps the idea.
    case laterOriginal
    /// Other ideas are merged into the one that would become a duplicate.
    case hasDuplicates
    /// One of the two is in a state that is not merged.
    case wrongState(IdeaID, Idea.State)
  }

  public static func run(
    _ duplicate: IdeaID, into original: IdeaID, reason: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    if duplicate == original { return .itself }
    let held = try await hold([duplicate, original], in: tx)
    guard let from = held[duplicate], let to = held[original] else { return .unknown }
    if let refusal = try await refusal(from, to, in: tx) { return refusal }
    let number = try await record(
      from, into: original, reason: reason, by: curator, at: now, in: tx)
    let moved = try await moveVotes(from, to, merge: number, in: tx)
    try await MergeFollowers.move(
      from: duplicate, to: to, merge: number, by: curator, at: now, in: tx)
    _ = try await MoveIdea.run(
      duplicate, to: .duplicate, reason: reason, by: curator, at: now, in: tx)
    let idea = try await MoveIdea.find(original, in: tx)
    return .merged(idea, moved: moved, already: from.votes - moved)
  }

  /// What the two ideas are, locked: first the ideas, then their tallies, each in the order of
  /// their ids.
  struct Held: Sendable {
    let id: IdeaID
    let author: MemberID
    let state: Idea.State
    let createdAt: Timestamp
    let votes: Int64
  }

  static func hold(_ ids: [IdeaID], in tx: Transaction) async throws -> [IdeaID: Held] {
    let ideas = try await tx.all(
      """
      SELECT id, author_id, state, created_at FROM ideas WHERE id = ANY(\(ids.map(\.uuid)))
      ORDER BY id FOR NO KEY UPDATE
      """, as: (UUID, UUID, Idea.State, Timestamp).self)
    let tallies = try await tx.all(
      """
      SELECT idea_id, votes FROM tallies WHERE idea_id = ANY(\(ids.map(\.uuid)))
      ORDER BY idea_id FOR NO KEY UPDATE
      """, as: (UUID, Int64).self)
    var held: [IdeaID: Held] = [:]
    for ((id, author, state, createdAt), (_, votes)) in zip(ideas, tallies) {
      held[IdeaID(uuid: id)] = Held(
        id: IdeaID(uuid: id), author: MemberID(uuid: author), state: state, createdAt: createdAt,
        votes: votes)
    }
    return held
  }

  private static func refusal(_ from: Held, _ to: Held, in tx: Transaction) async throws
    -> Outcome?
  {
    if let into = try await original(of: from.id, in: tx) { return .mergedAlready(into: into) }
    if let into = try await original(of: to.id, in: tx) {
      return into == from.id ? .circular : .chained(into)
    }
    if try await hasDuplicates(from.id, in: tx) { return .hasDuplicates }
    if !from.state.next.contains(.duplicate) { return .wrongState(from.id, from.state) }
    if !to.state.next.contains(.duplicate) { return .wrongState(to.id, to.state) }
    return (to.createdAt, to.id) > (from.createdAt, from.id) ? .laterOriginal : nil
  }

  /// Whether other ideas are merged into it.
  static func hasDuplicates(_ idea: IdeaID, in db: some Queryable) async throws -> Bool {
    try await db.one(
      """
      SELECT EXISTS (SELECT FROM idea_merges
                     WHERE original_id = \(idea.uuid) AND undone_at IS NULL)
      """, as: Bool.self)
  }

  /// What an idea is a duplicate of now.
  public static func original(of idea: IdeaID, in db: some Queryable) async throws -> IdeaID? {
    try await db.first(
      """
      SELECT original_id FROM idea_merges
      WHERE duplicate_id = \(idea.uuid) AND undone_at IS NULL
      """, as: UUID.self
    ).map(IdeaID.init(uuid:))
  }

  private static func record(
    _ from: Held, into original: IdeaID, reason: String, by curator: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Int64 {
    try await tx.one(
      """
      INSERT INTO idea_merges (duplicate_id, number, original_id, state_before, votes_before,
                               hash_before, original_hash, merged_by, merged_at, reason)
      SELECT \(from.id.uuid), 1 + count(*), \(original.uuid), \(from.state), \(from.votes),
             votes_hash(\(from.id.uuid)), votes_hash(\(original.uuid)), \(curator.uuid), \(now),
             \(reason.trimmed)
      FROM idea_merges WHERE duplicate_id = \(from.id.uuid)
      RETURNING number::bigint
      """, as: Int64.self)
  }

  /// Nobody votes twice, and nobody for an idea of their own. Held votes move as held ones.
  private static func moveVotes(_ from: Held, _ to: Held, merge number: Int64, in tx: Transaction)
    async throws -> Int64
  {
    try await tx.execute(
      """
      INSERT INTO merged_votes (duplicate_id, number, member_id, cast_at, origin, session, held,
                                moved)
      SELECT idea_id, \(number), member_id, cast_at, origin, session, held,
             member_id <> \(to.author.uuid)
             AND NOT EXISTS (SELECT FROM votes o
                             WHERE o.idea_id = \(to.id.uuid) AND o.member_id = v.member_id)
             AND NOT EXISTS (SELECT FROM held_votes o
                             WHERE o.idea_id = \(to.id.uuid) AND o.member_id = v.member_id)
      FROM (SELECT idea_id, member_id, cast_at, origin, session, false AS held FROM votes
            WHERE idea_id = \(from.id.uuid)
            UNION ALL
            SELECT idea_id, member_id, cast_at, origin, session, true FROM held_votes
            WHERE idea_id = \(from.id.uuid)) AS v
      """)
    let moved = try await tx.execute(
      """
      INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
      SELECT \(to.id.uuid), member_id, cast_at, origin, session FROM merged_votes
      WHERE duplicate_id = \(from.id.uuid) AND number = \(number) AND moved AND NOT held
      """)
    try await tx.execute("DELETE FROM votes WHERE idea_id = \(from.id.uuid)")
    try await tx.execute(
      """
      UPDATE held_votes h SET idea_id = \(to.id.uuid) FROM merged_votes m
      WHERE m.duplicate_id = \(from.id.uuid) AND m.number = \(number) AND m.moved AND m.held
        AND h.idea_id = m.duplicate_id AND h.member_id = m.member_id
      """)
    try await count([from.id, to.id], in: tx)
    return Int64(moved)
  }

  /// Makes the tallies of held ideas equal their votes.
  static func count(_ ids: [IdeaID], in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE tallies SET
        votes = (SELECT count(*) FROM votes v WHERE v.idea_id = tallies.idea_id),
        held = (SELECT count(*) FROM held_votes h WHERE h.idea_id = tallies.idea_id)
      WHERE idea_id = ANY(\(ids.map(\.uuid)))
      """)
  }
}
