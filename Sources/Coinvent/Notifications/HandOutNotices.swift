import Postgres

/// Hands out what `Notify` has written: a notification to each who is to hear of it, as they have
/// chosen, and the mails that go with them.
///
/// Any number of workers may do it at once, and each may die at any moment: a batch of members is
/// one transaction, which also notes how far the notice has come.
public enum HandOutNotices {
  public struct Report: Sendable, Equatable {
    public var notices = 0
    public var notifications = 0
    /// Mails that were put into the outbox.
    public var mails = 0

    public init() {}

    public var didNothing: Bool { self == Report() }
  }

  /// Members who are looked after in one transaction.
  public static let batch = 1000

  /// - Parameters:
  ///   - isMailing: whether mails can be sent. Nobody gets old ones when that begins.
  ///   - limit: batches in one go; call again while the report is not empty.
  public static func run(
    isMailing: Bool, at now: Timestamp = .now, limit: Int = 100, batch: Int = batch, in pool: Pool
  ) async throws -> Report {
    var report = Report()
    for _ in 0..<limit {
      let done = try await pool.transaction { tx in
        try await step(isMailing: isMailing, batch: batch, at: now, in: tx)
      }
      guard let done else { break }
      report.notices += done.isLast ? 1 : 0
      report.notifications += done.notifications
      report.mails += done.mails
    }
    return report
  }

  struct Step {
    let isLast: Bool
    let notifications: Int
    let mails: Int
  }

  private struct Work {
    let notice: UUID
    /// Nil: it is about none.
    let idea: UUID?
    let after: UUID

    /// The notice itself.
    var row: Query {
      guard let idea else {
        return """
          SELECT id, NULL::uuid AS idea_id, kind, subject, detail, actor_id, recipients, posted_at
          FROM member_notices WHERE id = \(notice)
          """
      }
      return """
        SELECT id, idea_id, kind, subject, detail, actor_id, recipients, posted_at
        FROM notices WHERE idea_id = \(idea) AND id = \(notice)
        """
    }
  }

  /// One batch of one notice; nil when none is due.
  static func step(isMailing: Bool, batch: Int, at now: Timestamp, in tx: Transaction)
    async throws -> Step?
  {
    let row = try await tx.first(
      """
      SELECT notice_id, idea_id, after FROM notice_work
      WHERE due_at <= \(now) ORDER BY due_at, notice_id LIMIT 1 FOR UPDATE SKIP LOCKED
      """, as: (UUID, UUID?, UUID).self)
    guard let row else { return nil }
    let work = Work(notice: row.0, idea: row.1, after: row.2)
    let reached = try await members(work, batch: batch, in: tx)
    let (notifications, mails) = try await deliver(
      work, to: reached, isMailing: isMailing, at: now, in: tx)
    if reached.count == batch, let last = reached.last {
      try await tx.execute(
        "UPDATE notice_work SET after = \(last) WHERE notice_id = \(work.notice)")
      return Step(isLast: false, notifications: notifications, mails: mails)
    }
    try await tx.execute("DELETE FROM notice_work WHERE notice_id = \(work.notice)")
    return Step(isLast: true, notifications: notifications, mails: mails)
  }

  /// The next members of a notice, in the order of their ids.
  private static func members(_ work: Work, batch: Int, in tx: Transaction) async throws -> [UUID] {
    let (isNamed, kind) = try await tx.one(
      "SELECT recipients IS NOT NULL, kind FROM (\(work.row)) AS n",
      as: (Bool, Notification.Kind).self)
    let source: Query =
      if isNamed {
        "(\(work.row)) AS n, unnest(recipients) AS named (member_id) WHERE true"
      } else if let idea = work.idea {
        "idea_followers WHERE idea_id = \(idea)"
      } else if kind == .statement {
        """
        (SELECT DISTINCT member_id FROM statement_balances
         WHERE (period_id, version) = (
           SELECT period_id, version FROM publications u JOIN (\(work.row)) AS n
             ON u.period_id = n.subject AND u.done_at = n.posted_at)) AS told WHERE true
        """
      } else {
        """
        notification_preferences
        WHERE kind = (SELECT kind FROM (\(work.row)) AS n) AND (in_app OR email <> 'off')
        """
      }
    return try await tx.all(
      """
      SELECT member_id FROM \(source) AND member_id > \(work.after)
      ORDER BY member_id LIMIT \(batch)
      """, as: UUID.self)
  }

  /// Not to who did it, nor to whom a weightier notice about the same subject names, nor to who has
  /// just this unread. Digest rows that exist are locked, so that none is collected while something
  /// is added to it.
  private static func deliver(
    _ work: Work, to members: [UUID], isMailing: Bool, at now: Timestamp, in tx: Transaction
  ) async throws -> (notifications: Int, mails: Int) {
    if members.isEmpty { return (0, 0) }
    let mails = isMailing ? members.map { _ in UUID.v7(now: now) } : []
    let (told, mailed) = try await tx.one(
      """
      WITH notice AS (
        SELECT n.*, k.weight, k.in_app, k.email
        FROM (\(work.row)) AS n JOIN notification_kinds k USING (kind)
      ), wanted AS (
        SELECT m.id AS member_id, coalesce(p.in_app, n.in_app) AS in_app,
               CASE WHEN m.email IS NULL OR NOT \(isMailing) THEN 'off'
                    ELSE coalesce(p.email, n.email) END AS email
        FROM notice n
          JOIN members m ON m.id = ANY(\(members)) AND m.id IS DISTINCT FROM n.actor_id
          LEFT JOIN notification_preferences p ON p.member_id = m.id AND p.kind = n.kind
        WHERE NOT EXISTS (
          SELECT FROM notices o JOIN notification_kinds k USING (kind)
          WHERE o.idea_id = n.idea_id AND o.subject = n.subject AND o.recipients @> ARRAY[m.id]
            AND n.weight > 0 AND k.weight > 0 AND o.id <> n.id
            AND (n.recipients IS NULL OR k.weight > n.weight))
        AND NOT EXISTS (
          SELECT FROM notifications o
          WHERE o.member_id = m.id AND o.subject = n.subject AND o.kind = n.kind
            AND o.read_at IS NULL AND o.notice_id <> n.id
            AND (o.idea_id, o.actor_id, o.detail)
                IS NOT DISTINCT FROM (n.idea_id, n.actor_id, n.detail))
      ), chosen AS (
        SELECT *, CASE WHEN email = 'at_once' THEN row_number() OVER (
                    PARTITION BY email = 'at_once' ORDER BY member_id) END AS place
        FROM wanted WHERE in_app OR email <> 'off'
      ), told AS (
        INSERT INTO notifications (member_id, notice_id, idea_id, kind, subject, detail, actor_id,
                                   posted_at, arrived_at, in_app, email, mail_id)
        SELECT c.member_id, n.id, n.idea_id, n.kind, n.subject, n.detail, n.actor_id, n.posted_at,
               \(now), c.in_app, c.email, ids.id
        FROM notice n, chosen c
          LEFT JOIN unnest(\(mails)) WITH ORDINALITY AS ids (id, place) USING (place)
        ORDER BY c.member_id
        ON CONFLICT DO NOTHING RETURNING member_id, email, mail_id
      ), mailed AS (
        INSERT INTO mails (id, member_id, cadence, made_at, due_at)
        SELECT mail_id, member_id, 'at_once', \(now), \(now) FROM told WHERE mail_id IS NOT NULL
        RETURNING id
      ), digests AS (
        INSERT INTO digest_work (member_id, cadence, due_at)
        SELECT member_id, email, next_digest(email, \(now), coalesce(time_zone, 'UTC'))
        FROM told LEFT JOIN member_zones USING (member_id)
        WHERE email IN ('daily', 'weekly') ORDER BY member_id, email
        ON CONFLICT (member_id, cadence) DO UPDATE SET due_at = digest_work.due_at
      )
      SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM mailed)
      """, as: (Int64, Int64).self)
    return (Int(told), Int(mailed))
  }
}
