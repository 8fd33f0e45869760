import Postgres

/// Reports an idea, a member or a comment to the curators.
public enum ReportThing {
  public enum Outcome: Sendable {
    /// It is part of this case now.
    case reported(CaseID)
    /// The member has reported it, and that is not decided yet.
    case alreadyReported(CaseID)
    case ownThing
    case unknown
    /// The member has reported `Report.dailyLimit` things in 24 hours.
    case tooMany
  }

  /// - Throws: `Invalid` for the text, `Banned` for who is banned from all.
  public static func run(
    _ thing: ReportedThing, for reason: Report.Reason, text: String? = nil,
    by reporter: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = Report.fault(text: text) { throw Invalid("/text", fault) }
    try await Ban.refuse(reporter, .all, at: now, in: tx)
    guard let about = try await thing.about(in: tx) else { return .unknown }
    if about.member == reporter { return .ownThing }
    // One report of a member after the other: the limit is exact.
    try await tx.execute("SELECT FROM members WHERE id = \(reporter.uuid) FOR NO KEY UPDATE")
    let known = try await tx.first(
      """
      SELECT id FROM cases JOIN reports ON case_id = id
      WHERE kind = \(thing.kind) AND thing = \(thing.uuid) AND resolved_at IS NULL
        AND reporter_id = \(reporter.uuid)
      """, as: UUID.self)
    if let known { return .alreadyReported(CaseID(uuid: known)) }
    let count = try await tx.one(
      """
      SELECT count(*) FROM reports
      WHERE reporter_id = \(reporter.uuid) AND reported_at > \(now - .seconds(86_400))
      """, as: Int64.self)
    if count >= Int64(Report.dailyLimit) { return .tooMany }
    // Counting holds an open case: a resolution comes before this report or sees it.
    let opened = try await tx.one(
      """
      INSERT INTO cases (id, kind, thing, member_id, idea_id, reports, opened_at)
      VALUES (\(CaseID.new(at: now).uuid), \(thing.kind), \(thing.uuid), \(about.member.uuid),
              \(about.idea?.uuid), 1, \(now))
      ON CONFLICT (kind, thing) WHERE resolved_at IS NULL
        DO UPDATE SET reports = cases.reports + 1
      RETURNING id
      """, as: UUID.self)
    let id = CaseID(uuid: opened)
    try await tx.execute(
      """
      INSERT INTO reports (case_id, reporter_id, reason, text, reported_at)
      VALUES (\(id.uuid), \(reporter.uuid), \(reason), \(text?.trimmed), \(now))
      """)
    return .reported(id)
  }
}
