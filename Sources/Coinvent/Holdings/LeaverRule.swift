import JSON
import Postgres

/// What becomes of the holdings of a member who leaves: they stay under the pseudonym, or go to the
/// house from the next version of shares on.
public enum LeaverRule: String, Sendable, CaseIterable {
  case keep, house

  public static func inForce(in db: some Queryable) async throws -> LeaverRule {
    let rule = try await db.first(
      "SELECT rule FROM leaver_rules ORDER BY version DESC LIMIT 1", as: String.self)
    return rule.flatMap(LeaverRule.init) ?? .keep
  }

  /// Puts a rule in force for those who leave from now on.
  /// - Throws: `Invalid` for the reason.
  public static func set(
    _ rule: LeaverRule, reason: String, by admin: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    // The table's own lock needs rights that nobody has to what is only added to.
    try await tx.execute("SELECT pg_advisory_xact_lock(\(lock))")
    let before = try await inForce(in: tx)
    if before == rule { return }
    try await tx.execute(
      """
      INSERT INTO leaver_rules (version, rule, reason, made_by, made_at)
      SELECT 1 + coalesce(max(version), 0), \(rule.rawValue), \(reason.trimmed), \(admin.uuid),
        \(now)
      FROM leaver_rules
      """)
    try await Audit.record(
      "leaver_rule_set", on: "members", reason: reason,
      before: ["rule": .string(before.rawValue)], after: ["rule": .string(rule.rawValue)],
      by: admin, at: now, in: tx)
  }

  private static let lock: Int64 = 0x636f_696e_0044

  /// Applies the rule of the day to a member who leaves.
  static func apply(to member: MemberID, at now: Timestamp, in tx: Transaction) async throws {
    switch try await inForce(in: tx) {
    case .keep: return
    case .house: break
    }
    try await tx.execute(
      """
      INSERT INTO leavers (member_id, left_at) VALUES (\(member.uuid), \(now))
      ON CONFLICT (member_id) DO NOTHING
      """)
    try await RecordChanges.run(
      HoldingChange(.leave, from: member, to: nil),
      of: try await RecordChanges.products(of: member, in: tx), cause: member.uuid,
      evidence: "the rule for those who leave", by: nil, at: now, in: tx)
  }
}
