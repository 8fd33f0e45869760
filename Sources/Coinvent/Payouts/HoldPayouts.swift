import Postgres

/// Stops a member's payouts for a reason that the member can read, and lets them go again.
public enum HoldPayouts {
  public static func run(_ member: MemberID, because: String, now: Timestamp, in tx: Transaction)
    async throws
  {
    try await tx.execute(
      """
      INSERT INTO payout_settings (member_id, held_because, changed_at)
      VALUES (\(member.uuid), \(because), \(now))
      ON CONFLICT (member_id) DO UPDATE
      SET held_because = excluded.held_because, changed_at = excluded.changed_at
      """)
  }

  /// Ends a hold, and lets automatic payouts go on after one that failed or came back.
  public static func resume(_ member: MemberID, now: Timestamp, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO payout_settings (member_id, resumed_at, changed_at)
      VALUES (\(member.uuid), \(now), \(now))
      ON CONFLICT (member_id) DO UPDATE
      SET held_because = NULL, resumed_at = excluded.resumed_at,
        changed_at = excluded.changed_at
      """)
    try await PayoutBell.ring(in: tx)
  }
}
