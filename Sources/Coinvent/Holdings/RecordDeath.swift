import JSON
import Postgres

/// Records that a member has died, and who is the heir; the account is closed.
public enum RecordDeath {
  public enum Outcome: Sendable {
    /// Now, or before with the same heir.
    case recorded(Death)
    case takenBack(Death)
    case unknownMember
    case unknownHeir
    case heirIsTheMember
    /// The member has left and is a pseudonym, or the heir cannot take anything.
    case notActive(MemberID)
    /// Another heir is named, and has not declined.
    case heirNamed(MemberID)
    case notRecorded
    /// What was held is the heir's.
    case alreadyAccepted
    /// Nobody records a death to their own advantage.
    case heirIsTheCurator
  }

  /// - Throws: `Invalid` for the evidence.
  public static func run(
    _ member: MemberID, heir: MemberID, evidence: String, by curator: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: evidence) { throw Invalid("/evidence", fault) }
    if heir == member { return .heirIsTheMember }
    if heir == curator { return .heirIsTheCurator }
    try await tx.execute(
      """
      SELECT FROM members WHERE id IN (\(member.uuid), \(heir.uuid))
      ORDER BY id FOR NO KEY UPDATE
      """)
    let known = try await Death.last(of: member, in: tx)
    if let known, known.state == .recorded || known.state == .accepted {
      return known.heir == heir ? .recorded(known) : .heirNamed(known.heir)
    }
    switch try await HoldingParty.standing(of: heir, at: now, in: tx) {
    case .good, .merging: break
    case .unknown: return .unknownHeir
    case .banned, .gone: return .notActive(heir)
    }
    let isErased = try await tx.first(
      """
      SELECT EXISTS (SELECT FROM erasures WHERE member_id = m.id AND erased_at IS NOT NULL)
      FROM members m WHERE id = \(member.uuid)
      """, as: Bool.self)
    guard let isErased else { return .unknownMember }
    if isErased { return .notActive(member) }
    try await tx.execute(
      """
      INSERT INTO deaths (member_id, id, heir_id, evidence, recorded_by, recorded_at)
      VALUES (\(member.uuid), \(UUID.v7(now: now)), \(heir.uuid), \(evidence.trimmed),
              \(curator.uuid), \(now))
      """)
    try await close(member, at: now, in: tx)
    try await Audit.record(
      "death_recorded", on: member.description, reason: evidence,
      after: ["heir": .string(heir.description)], by: curator, at: now, in: tx)
    guard let death = try await Death.last(of: member, in: tx) else { return .unknownMember }
    try await NotifyMembers.post(
      .holding, detail: "you are named the heir of what a member held", by: curator,
      to: .members([heir]), at: now, in: tx)
    return .recorded(death)
  }

  /// The record was wrong: the account is open again, unless the heir has accepted.
  /// - Throws: `Invalid` for the reason.
  public static func takeBack(
    _ member: MemberID, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    try await tx.execute("SELECT FROM members WHERE id = \(member.uuid) FOR NO KEY UPDATE")
    guard let death = try await Death.last(of: member, in: tx) else { return .notRecorded }
    switch death.state {
    case .takenBack: return .takenBack(death)
    case .accepted: return .alreadyAccepted
    case .recorded, .declined: break
    }
    try await Death.end(death, .takenBack, by: curator, at: now, in: tx)
    try await Audit.record(
      "death_taken_back", on: member.description, reason: reason, by: curator, at: now, in: tx)
    return try await Death.last(of: member, in: tx).map(Outcome.takenBack) ?? .notRecorded
  }

  private static func close(_ member: MemberID, at now: Timestamp, in tx: Transaction) async throws
  {
    try await tx.execute(
      """
      UPDATE tokens SET revoked_at = \(now)
      WHERE member_id = \(member.uuid) AND revoked_at IS NULL
      """)
  }
}
