import Postgres

/// Credits those who brought the ideas that were merged into an accepted one.
enum CreditCatalysts {
  /// An event for each duplicate's author, who weighs as much as its voters together, and one for
  /// each of these, who weighs one: half of what a duplicate earns is its author's.
  static func run(idea: IdeaID, product: ProductID, in tx: Transaction) async throws {
    let claims = try await tx.all(
      """
      SELECT d.id, d.author_id, d.opened_at, greatest(1, m.votes_before)
      FROM idea_merges m JOIN ideas d ON d.id = m.duplicate_id
      WHERE m.original_id = \(idea.uuid) AND m.undone_at IS NULL
      UNION ALL
      SELECT v.duplicate_id, v.member_id, v.cast_at, 1
      FROM idea_merges m JOIN merged_votes v USING (duplicate_id, number)
      WHERE m.original_id = \(idea.uuid) AND m.undone_at IS NULL AND NOT v.held
        AND NOT EXISTS (SELECT FROM held_votes h
                        WHERE h.idea_id = m.original_id AND h.member_id = v.member_id
                          AND h.cast_at = v.cast_at)
      """, as: (UUID, UUID, Timestamp, Int64).self)
    let events = claims.map { duplicate, member, at, weight in
      (
        InfluenceEvent(
          id: UUID.v7(now: at), member: MemberID(uuid: member), slice: .catalyst, weight: weight,
          occurredAt: at), "merged \(IdeaID(uuid: duplicate))"
      )
    }
    try await AddEvents.run(events, to: product, by: nil, in: tx)
  }
}
