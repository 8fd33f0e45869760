import Postgres

/// A curator takes a case, so that nobody else works on it, or gives it back.
public enum ClaimCase {
  public enum Outcome: Sendable {
    /// It is as wished, now or already.
    case done(Case)
    case resolved
    case claimedByAnother(MemberID)
    case unknown
  }

  /// A claim that is given again begins anew; an admin takes a case from anybody.
  public static func run(
    _ id: CaseID, claimed: Bool, by curator: MemberID, role: Role, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    guard let found = try await Case.hold(id, in: tx) else { return .unknown }
    if found.resolution != nil { return .resolved }
    if let other = found.claimant(at: now), other != curator, role != .admin {
      return .claimedByAnother(other)
    }
    try await tx.execute(
      """
      UPDATE cases SET claimed_by = \(claimed ? curator.uuid : nil),
        claimed_at = \(claimed ? now : nil)
      WHERE id = \(id.uuid)
      """)
    return try await Case.find(id, in: tx).map(Outcome.done) ?? .unknown
  }
}
