import Postgres

/// Tells of briefs that have opened, to members who have asked for that, and of briefs that have
/// closed, to the authors of the ideas that answer them.
///
/// Any number of workers may do it at once, and each may die at any moment: a brief is one
/// transaction, which also notes what is told.
public enum TellBriefs {
  /// - Returns: how many openings and closings there were to tell.
  public static func run(at now: Timestamp = .now, in pool: Pool) async throws -> Int {
    var told = 0
    while try await pool.transaction({ try await step(at: now, in: $0) }) { told += 1 }
    return told
  }

  private static func step(at now: Timestamp, in tx: Transaction) async throws -> Bool {
    let due = try await tx.first(
      """
      SELECT id, title, closes_at FROM briefs
      WHERE NOT closing_told AND opens_at <= \(now)
        AND (closes_at <= \(now) OR NOT opening_told)
      ORDER BY opens_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
      """, as: (UUID, String, Timestamp).self)
    guard let (id, title, closesAt) = due else { return false }
    let isClosed = closesAt <= now
    // A call that is over already is not worth a notice.
    if isClosed {
      try await NotifyMembers.post(
        .brief, subject: id, detail: "“\(title)” has closed", by: nil,
        to: .members(try await authors(of: id, in: tx)), at: now, in: tx)
    } else {
      try await NotifyMembers.post(
        .newBrief, subject: id, detail: "“\(title)” takes ideas until \(closesAt)", by: nil,
        to: .whoAsked, at: now, in: tx)
    }
    try await tx.execute(
      """
      UPDATE briefs SET opening_told = true, closing_told = \(isClosed) WHERE id = \(id)
      """)
    return true
  }

  /// The authors of the ideas that answer a brief; who has taken theirs back is not among them.
  static func authors(of brief: UUID, in tx: Transaction) async throws -> [MemberID] {
    try await tx.all(
      """
      SELECT DISTINCT author_id FROM ideas
      WHERE brief_id = \(brief) AND state NOT IN ('draft', 'withdrawn', 'removed')
      """, as: UUID.self
    ).map(MemberID.init(uuid:))
  }
}
