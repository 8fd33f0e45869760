import Postgres

/// Makes the mails of members who want what is unread once a day or a week. One transaction each;
/// any number of workers.
public enum MakeDigests {
  /// - Returns: mails made and members who had read all; zeros when no digest is due.
  public static func run(at now: Timestamp = .now, limit: Int = 200, in pool: Pool) async throws
    -> (mails: Int, empty: Int)
  {
    var (mails, empty) = (0, 0)
    for _ in 0..<limit {
      let made = try await pool.transaction { try await step(at: now, in: $0) }
      guard let made else { break }
      if made { mails += 1 } else { empty += 1 }
    }
    return (mails, empty)
  }

  /// How old something may be that a digest tells.
  private static let reach = Duration.seconds(30 * 86_400)

  private static func step(at now: Timestamp, in tx: Transaction) async throws -> Bool? {
    let due = try await tx.first(
      """
      DELETE FROM digest_work WHERE (member_id, cadence) IN (
        SELECT member_id, cadence FROM digest_work WHERE due_at <= \(now)
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING member_id, cadence
      """, as: (UUID, String).self)
    guard let (member, cadence) = due else { return nil }
    let mail = MailID.new(at: now)
    let collected = try await tx.execute(
      """
      UPDATE notifications n SET mail_id = \(mail.uuid)
      FROM notification_kinds k LEFT JOIN notification_preferences p
        ON p.kind = k.kind AND p.member_id = \(member)
      WHERE n.member_id = \(member) AND n.email = \(cadence) AND n.mail_id IS NULL
        AND n.read_at IS NULL AND n.arrived_at > \(now - reach)
        AND k.kind = n.kind AND coalesce(p.email, k.email) <> 'off'
      """)
    if collected == 0 { return false }
    try await tx.execute(
      """
      INSERT INTO mails (id, member_id, cadence, made_at, due_at)
      VALUES (\(mail.uuid), \(member), \(cadence), \(now), \(now))
      """)
    return true
  }
}
