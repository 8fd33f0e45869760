import Postgres

/// Says that something has happened, for members to hear about.
///
/// It writes one row in the caller's transaction, however many follow the idea; a worker hands it
/// out (`HandOutNotices`). What members have chosen, and that nobody hears of what they did
/// themselves, is looked after there.
public enum Notify {
  public enum Recipients: Sendable {
    /// Whoever follows the idea when the notice is handed out.
    case followers
    /// These; more than a thousand are several notices.
    case members([MemberID])
  }

  /// Several notices may be about the same comment: who is named by one as mentioned or answered
  /// gets that one, and not another as a follower. Post them all in one transaction.
  /// - Parameters:
  ///   - subject: the comment, session or other thing it is about; nil: the idea itself.
  ///   - detail: one line for people that says more, such as the new state; at most 500 characters,
  ///     the rest is left out.
  ///   - actor: who did it and need not be told; nil when the rules did.
  public static func post(
    _ kind: Notification.Kind, about idea: IdeaID, subject: UUID? = nil, detail: String? = nil,
    by actor: MemberID?, to recipients: Recipients, at now: Timestamp = .now, in tx: Transaction
  ) async throws {
    switch recipients {
    case .followers:
      try await write(kind, idea, subject, detail, actor, nil, now, tx)
    case .members(let members):
      for some in portions(of: members, without: actor) {
        try await write(kind, idea, subject, detail, actor, some, now, tx)
      }
    }
  }

  private static let most = 1000

  /// The members whom notices name, as many as one may.
  static func portions(of members: [MemberID], without actor: MemberID?) -> [[UUID]] {
    let others = Set(members).filter { $0 != actor }.map(\.uuid).sorted()
    return stride(from: 0, to: others.count, by: most).map {
      Array(others[$0..<min($0 + most, others.count)])
    }
  }

  /// A detail as it is kept; nil when nothing is left of it.
  static func line(_ detail: String?) -> String? {
    let line = detail.map { String($0.trimmed.unicodeScalars.prefix(500)) }
    return line.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func write(
    _ kind: Notification.Kind, _ idea: IdeaID, _ subject: UUID?, _ detail: String?,
    _ actor: MemberID?, _ recipients: [UUID]?, _ now: Timestamp, _ tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      WITH notice AS (
        INSERT INTO notices (idea_id, id, kind, subject, detail, actor_id, recipients, posted_at)
        VALUES (\(idea.uuid), \(NoticeID.new(at: now).uuid), \(kind), \(subject),
                \(line(detail)), \(actor?.uuid), \(recipients), \(now))
        RETURNING id, idea_id)
      INSERT INTO notice_work (notice_id, idea_id, after, due_at)
      SELECT id, idea_id, \(UUID.zero), \(now) FROM notice
      """)
  }
}
