import JSON
import Postgres

/// Gives a group its weight from now on; makes the group when there is none.
public enum WeighGroup {
  public enum Outcome: Sendable {
    /// It weighs that already.
    case unchanged
    case weighed
  }

  /// - Parameter weight: thousandths of a vote, within `VoteGroup.weights`.
  /// - Throws: `Invalid` for a bad name or reason.
  public static func run(
    _ name: String, weight: Int64, reason: String, by admin: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    precondition(VoteGroup.weights.contains(weight), "the caller has checked the weight")
    var faults: [Invalid.Fault] = []
    if let fault = VoteGroup.fault(name: name) { faults.append(("/name", fault)) }
    if let fault = MoveIdea.fault(reason: reason) { faults.append(("/reason", fault)) }
    try Invalid.refuse(faults)
    try await tx.execute(
      "INSERT INTO vote_groups (name) VALUES (\(name)) ON CONFLICT DO NOTHING")
    try await tx.execute("SELECT 1 FROM vote_groups WHERE name = \(name) FOR UPDATE")
    let before = try await tx.first(
      """
      SELECT number, weight FROM vote_group_weights WHERE name = \(name)
      ORDER BY number DESC LIMIT 1
      """, as: (Int32, Int32).self)
    if let before, Int64(before.1) == weight { return .unchanged }
    try await tx.execute(
      """
      INSERT INTO vote_group_weights (name, number, weight, reason, made_by, made_at)
      VALUES (\(name), \((before?.0 ?? 0) + 1), \(Int32(weight)), \(reason.trimmed),
              \(admin.uuid), \(now))
      """)
    try await Audit.record(
      "group_weighed", on: "groups", reason: reason,
      before: before.map { (_, weight) -> JSON in
        ["group": .string(name), "weight": .int(Int64(weight))]
      },
      after: ["group": .string(name), "weight": .int(weight)], by: admin, at: now, in: tx)
    return .weighed
  }
}
