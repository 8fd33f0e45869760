import Postgres

/// Says something that is about no idea: to members about themselves, or about a brief.
///
/// Like `Notify`, it writes one row in the caller's transaction, and a worker hands it out.
public enum NotifyMembers {
  public enum Recipients: Sendable {
    /// These; more than a thousand are several notices.
    case members([MemberID])
    /// Whoever has a statement of the period that is the subject, of the publication that was done
    /// at the moment of the notice.
    case holdersOfStatements
    /// Whoever has turned the kind on when the notice is handed out.
    case whoAsked
  }

  /// - Parameters:
  ///   - subject: the brief or other thing it is about; nil: the member.
  ///   - detail: one line for people that says more, as in `Notify.post`.
  ///   - actor: who did it and need not be told; nil when the rules did.
  public static func post(
    _ kind: Notification.Kind, subject: UUID? = nil, detail: String, by actor: MemberID?,
    to recipients: Recipients, at now: Timestamp = .now, in tx: Transaction
  ) async throws {
    switch recipients {
    case .holdersOfStatements, .whoAsked:
      try await write(kind, subject, detail, actor, nil, now, tx)
    case .members(let members):
      for some in Notify.portions(of: members, without: actor) {
        try await write(kind, subject, detail, actor, some, now, tx)
      }
    }
  }

  private static func write(
    _ kind: Notification.Kind, _ subject: UUID?, _ detail: String, _ actor: MemberID?,
    _ recipients: [UUID]?, _ now: Timestamp, _ tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      WITH notice AS (
        INSERT INTO member_notices (id, kind, subject, detail, actor_id, recipients, posted_at)
        VALUES (\(NoticeID.new(at: now).uuid), \(kind), \(subject), \(Notify.line(detail)),
                \(actor?.uuid), \(recipients), \(now))
        RETURNING id)
      INSERT INTO notice_work (notice_id, after, due_at)
      SELECT id, \(UUID.zero), \(now) FROM notice
      """)
  }
}
