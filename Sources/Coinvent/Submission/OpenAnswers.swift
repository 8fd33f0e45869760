import Postgres

/// Opens the ideas that waited for their brief to close.
///
/// Any number of workers may do it at once, and each may die at any moment: an idea is one
/// transaction, and who comes second finds it open.
public enum OpenAnswers {
  /// - Parameter limit: ideas in one go; call again while some are opened.
  /// - Returns: how many were opened.
  public static func run(at now: Timestamp = .now, limit: Int = 200, in pool: Pool) async throws
    -> Int
  {
    var opened = 0
    for idea in try await waiting(limit, at: now, in: pool) {
      let isOpen = try await pool.transaction {
        try await OpenSubmission.run(idea, reason: "Its brief has closed.", at: now, in: $0)
      }
      if isOpen { opened += 1 }
    }
    return opened
  }

  private static func waiting(_ limit: Int, at now: Timestamp, in db: some Queryable) async throws
    -> [IdeaID]
  {
    try await db.all(
      """
      SELECT i.id FROM ideas i JOIN briefs b ON b.id = i.brief_id
      WHERE i.state = 'submitted' AND i.brief_id IS NOT NULL AND NOT i.waits_for_curator
        AND b.closes_at <= \(now)
        AND NOT EXISTS (SELECT FROM idea_fees f WHERE f.idea_id = i.id AND f.state = 'due')
      ORDER BY i.id LIMIT \(limit)
      """, as: UUID.self
    ).map(IdeaID.init(uuid:))
  }
}
