import Postgres

/// Gives a member another role. It counts from the next request.
public enum SetRole {
  public enum Outcome: Sendable {
    case unchanged(Member)
    case changed(Member, from: Role)
    case unknown
    /// Without this admin there would be none.
    case lastAdmin
  }

  /// - Parameter actor: nil when an operator does it at the command line.
  /// - Throws: `Invalid` for the reason.
  public static func run(
    _ role: Role, of id: MemberID, reason: String, by actor: MemberID?, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    // The admins are held: of two who step down at once, the second finds that there is one left.
    let admins = try await tx.all(
      "SELECT id FROM members WHERE role = 'admin' ORDER BY id FOR UPDATE", as: UUID.self)
    let held = try await tx.first(
      "SELECT role FROM members WHERE id = \(id.uuid) FOR NO KEY UPDATE", as: Role.self)
    guard let old = held, let member = try await FindMember.by(id: id, in: tx) else {
      return .unknown
    }
    if old == role { return .unchanged(member) }
    if old == .admin && admins.filter({ $0 != id.uuid }).isEmpty { return .lastAdmin }
    try await tx.execute("UPDATE members SET role = \(role) WHERE id = \(id.uuid)")
    try await Audit.record(
      "role_changed", on: id.description, reason: reason,
      before: ["role": .string(old.rawValue)], after: ["role": .string(role.rawValue)],
      by: actor, at: now, in: tx)
    guard let changed = try await FindMember.by(id: id, in: tx) else { return .unknown }
    return .changed(changed, from: old)
  }
}
