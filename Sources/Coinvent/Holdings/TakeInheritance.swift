import JSON
import Postgres

/// An heir accepts what a member held, in every product, or declines it.
public enum TakeInheritance {
  public enum Outcome: Sendable {
    /// Now, or before in the same way.
    case done(Death)
    case ended(Death.State)
    case unknown
    /// The heir cannot take anything now.
    case notActive
  }

  public static func run(
    of member: MemberID, accepts: Bool, by heir: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    try await tx.execute(
      """
      SELECT FROM members WHERE id IN (\(member.uuid), \(heir.uuid))
      ORDER BY id FOR NO KEY UPDATE
      """)
    guard let death = try await Death.last(of: member, in: tx), death.heir == heir else {
      return .unknown
    }
    let wish: Death.State = accepts ? .accepted : .declined
    if death.state == wish { return .done(death) }
    guard death.state == .recorded else { return .ended(death.state) }
    if accepts {
      switch try await HoldingParty.standing(of: heir, at: now, in: tx) {
      case .good, .merging: break
      case .unknown, .banned, .gone: return .notActive
      }
      try await RecordChanges.run(
        HoldingChange(.assignment, from: member, to: heir),
        of: try await RecordChanges.products(of: member, in: tx), cause: death.id,
        evidence: "inherited", by: heir, at: now, in: tx)
    }
    try await Death.end(death, wish, by: heir, at: now, in: tx)
    try await Audit.record(
      "inheritance_\(wish.rawValue)", on: member.description,
      after: ["heir": .string(heir.description)], by: heir, at: now, in: tx)
    return try await Death.last(of: member, in: tx).map(Outcome.done) ?? .unknown
  }
}
