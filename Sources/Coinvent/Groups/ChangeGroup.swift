import JSON
import Postgres

/// Takes a member into a group, or out of it, from now on.
public enum ChangeGroup {
  public enum Outcome: Sendable {
    /// It is so already.
    case unchanged
    case changed
    case unknownGroup
    case unknownMember
  }

  public static func add(
    _ member: MemberID, to name: String, by admin: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let refusal = try await refusal(member, name, in: tx) { return refusal }
    let added = try await tx.execute(
      """
      INSERT INTO vote_group_members (name, member_id, added_at, added_by)
      VALUES (\(name), \(member.uuid), \(now), \(admin.uuid))
      ON CONFLICT (name, member_id) WHERE removed_at IS NULL DO NOTHING
      """)
    if added == 0 { return .unchanged }
    try await Audit.record(
      "group_joined", on: "\(member)", after: ["group": .string(name)], by: admin, at: now, in: tx)
    return .changed
  }

  public static func remove(
    _ member: MemberID, from name: String, by admin: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let refusal = try await refusal(member, name, in: tx) { return refusal }
    let removed = try await tx.execute(
      """
      UPDATE vote_group_members SET removed_at = \(now), removed_by = \(admin.uuid)
      WHERE name = \(name) AND member_id = \(member.uuid) AND removed_at IS NULL
      """)
    if removed == 0 { return .unchanged }
    try await Audit.record(
      "group_left", on: "\(member)", before: ["group": .string(name)], by: admin, at: now, in: tx)
    return .changed
  }

  private static func refusal(_ member: MemberID, _ name: String, in tx: Transaction) async throws
    -> Outcome?
  {
    let known = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM vote_groups WHERE name = \(name)),
             EXISTS (SELECT FROM members WHERE id = \(member.uuid))
      """, as: (Bool, Bool).self)
    if !known.0 { return .unknownGroup }
    return known.1 ? nil : .unknownMember
  }
}
