import Postgres

/// What a merge does for those who follow the duplicate.
enum MergeFollowers {
  /// They follow the original too from now on, and the original's author is told. Their following
  /// the duplicate sleeps with it.
  static func move(
    from duplicate: IdeaID, to original: MergeIdeas.Held, merge number: Int64, by curator: MemberID,
    at now: Timestamp, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      WITH added AS (
        INSERT INTO idea_followers (idea_id, member_id, followed_at)
        SELECT \(original.id.uuid), member_id, \(now) FROM idea_followers
        WHERE idea_id = \(duplicate.uuid) ORDER BY member_id
        ON CONFLICT DO NOTHING RETURNING member_id, followed_at)
      INSERT INTO merged_followers (duplicate_id, number, member_id, followed_at)
      SELECT \(duplicate.uuid), \(number), member_id, followed_at FROM added
      """)
    try await Notify.post(
      .merge, about: original.id, subject: duplicate.uuid, by: curator,
      to: .members([original.author]), at: now, in: tx)
  }

  /// Who came to the original by that merge leaves it again; who has followed it anew since stays.
  static func giveBack(
    _ duplicate: IdeaID, _ original: IdeaID, merge number: Int64, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DELETE FROM idea_followers f USING merged_followers m
      WHERE f.idea_id = \(original.uuid) AND f.member_id = m.member_id
        AND f.followed_at = m.followed_at
        AND m.duplicate_id = \(duplicate.uuid) AND m.number = \(number)
      """)
  }
}
