import Postgres

/// Takes a merge back: the duplicate has its votes again as they were, and the original only its
/// own.
public enum UnmergeIdeas {
  public enum Outcome: Sendable {
    /// The former duplicate. Its votes are those it had: their hash is compared before the commit.
    case unmerged(Idea)
    case unknown
    /// It is no duplicate.
    case notMerged
    /// The original is decided: what was counted there is what was decided on.
    case originalDecided(Idea.State)
  }

  /// The kept votes do not hash to what they did when they were kept.
  struct VotesDiffer: Error {}

  public static func run(
    _ duplicate: IdeaID, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    guard let original = try await MergeIdeas.original(of: duplicate, in: tx) else {
      let known = try await tx.first(
        "SELECT true FROM ideas WHERE id = \(duplicate.uuid)", as: Bool.self)
      return known == nil ? .unknown : .notMerged
    }
    let held = try await MergeIdeas.hold([duplicate, original], in: tx)
    // Somebody else may have taken it back while this waited for the locks.
    let merge = try await tx.first(
      """
      SELECT number::bigint, state_before, hash_before FROM idea_merges
      WHERE duplicate_id = \(duplicate.uuid) AND original_id = \(original.uuid)
        AND undone_at IS NULL
      """, as: (Int64, Idea.State, [UInt8]).self)
    guard let (number, state, hash) = merge else { return .notMerged }
    if let to = held[original], !to.state.next.contains(.duplicate) {
      return .originalDecided(to.state)
    }
    try await giveBack(duplicate, original, merge: number, in: tx)
    try await MergeFollowers.giveBack(duplicate, original, merge: number, in: tx)
    let found = try await tx.one("SELECT votes_hash(\(duplicate.uuid))", as: [UInt8].self)
    guard found == hash else { throw VotesDiffer() }
    try await followHolds(duplicate, original, merge: number, in: tx)
    try await tx.execute(
      """
      UPDATE idea_merges SET undone_by = \(curator.uuid), undone_at = \(now)
      WHERE duplicate_id = \(duplicate.uuid) AND number = \(number)
      """)
    _ = try await MoveIdea.run(
      duplicate, to: state, reason: reason, by: curator, at: now, in: tx)
    return .unmerged(try await MoveIdea.find(duplicate, in: tx))
  }

  private static func giveBack(
    _ duplicate: IdeaID, _ original: IdeaID, merge number: Int64, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DELETE FROM votes USING merged_votes m
      WHERE votes.idea_id = \(original.uuid) AND votes.member_id = m.member_id
        AND votes.cast_at = m.cast_at AND NOT m.held
        AND m.duplicate_id = \(duplicate.uuid) AND m.number = \(number) AND m.moved
      """)
    try await tx.execute(
      """
      INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
      SELECT duplicate_id, member_id, cast_at, origin, session FROM merged_votes
      WHERE duplicate_id = \(duplicate.uuid) AND number = \(number) AND NOT held
      """)
  }

  /// Held votes go back as well, and so does what was decided about moved votes in between: one
  /// that is held at the original now is held at the duplicate, one that was released counts there.
  private static func followHolds(
    _ duplicate: IdeaID, _ original: IdeaID, merge number: Int64, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DELETE FROM votes USING merged_votes m JOIN held_votes h
        ON h.idea_id = \(original.uuid) AND h.member_id = m.member_id AND h.cast_at = m.cast_at
      WHERE m.duplicate_id = \(duplicate.uuid) AND m.number = \(number) AND m.moved AND NOT m.held
        AND votes.idea_id = m.duplicate_id AND votes.member_id = m.member_id
      """)
    try await tx.execute(
      """
      UPDATE held_votes h SET idea_id = m.duplicate_id FROM merged_votes m
      WHERE m.duplicate_id = \(duplicate.uuid) AND m.number = \(number) AND m.moved
        AND h.idea_id = \(original.uuid) AND h.member_id = m.member_id AND h.cast_at = m.cast_at
      """)
    try await tx.execute(
      """
      WITH released AS (
        DELETE FROM votes USING merged_votes m
        WHERE m.duplicate_id = \(duplicate.uuid) AND m.number = \(number) AND m.moved AND m.held
          AND votes.idea_id = \(original.uuid) AND votes.member_id = m.member_id
          AND votes.cast_at = m.cast_at
        RETURNING votes.member_id, votes.cast_at, votes.origin, votes.session)
      INSERT INTO votes (idea_id, member_id, cast_at, origin, session)
      SELECT \(duplicate.uuid), member_id, cast_at, origin, session FROM released
      """)
    try await tx.execute(
      """
      WITH released AS (
        DELETE FROM held_votes WHERE idea_id = \(duplicate.uuid) AND state = 'released'
        RETURNING idea_id, member_id, cast_at, origin, session)
      INSERT INTO votes (idea_id, member_id, cast_at, origin, session) SELECT * FROM released
      """)
    try await MergeIdeas.count([duplicate, original], in: tx)
  }
}
