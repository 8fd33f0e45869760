import JSON
import Postgres

/// Ends an identity merge: before it is confirmed by either side alone; afterwards when both sides
/// want it undone, or one does and a curator agrees. What shares are made of later is then exactly
/// what it would have been without the merge.
public enum EndMerge {
  public enum Outcome: Sendable {
    /// Now, or before.
    case ended(IdentityMerge)
    /// The other side, or a curator, has to agree.
    case undoAsked(IdentityMerge)
    /// No side has asked for it.
    case notAsked
    case unknown
  }

  /// By one of the two. - Throws: `Invalid` for the reason.
  public static func bySide(
    _ id: MergeID, reason: String, by member: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    try await IdentityMerge.hold(in: tx)
    guard let merge = try await IdentityMerge.find(id, in: tx), merge.isSide(member) else {
      return .unknown
    }
    switch merge.state {
    case .ended: return .ended(merge)
    case .asked: return try await end(merge, reason: reason, by: member, at: now, in: tx)
    case .merged: break
    }
    try await tx.execute(
      """
      UPDATE identity_merges SET
        from_undo_at = coalesce(from_undo_at, \(member == merge.from ? now : nil)),
        to_undo_at = coalesce(to_undo_at, \(member == merge.to ? now : nil))
      WHERE id = \(id.uuid)
      """)
    guard let found = try await IdentityMerge.find(id, in: tx) else { return .unknown }
    guard found.fromUndoAt != nil && found.toUndoAt != nil else {
      try await askCurators(by: member, at: now, in: tx)
      return .undoAsked(found)
    }
    return try await undo(found, reason: reason, by: member, at: now, in: tx)
  }

  /// By a curator, when one side has asked. - Throws: `Invalid` for the reason.
  public static func byCurator(
    _ id: MergeID, reason: String, by curator: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome {
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    try await IdentityMerge.hold(in: tx)
    guard let merge = try await IdentityMerge.find(id, in: tx) else { return .unknown }
    if merge.state == .ended { return .ended(merge) }
    guard merge.isUndoAsked else { return .notAsked }
    return try await undo(merge, reason: reason, by: curator, at: now, in: tx)
  }

  private static func askCurators(by member: MemberID, at now: Timestamp, in tx: Transaction)
    async throws
  {
    let curators = try await tx.all(
      "SELECT id FROM members WHERE role = 'curator'", as: UUID.self)
    try await NotifyMembers.post(
      .holding, detail: "two accounts are to be parted", by: member,
      to: .members(curators.map(MemberID.init(uuid:))), at: now, in: tx)
  }

  private static func undo(
    _ merge: IdentityMerge, reason: String, by member: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    let products = try await tx.all(
      """
      SELECT product_id FROM holding_changes
      WHERE from_member = \(merge.from.uuid) AND cause = \(merge.id.uuid) AND kind = 'merge'
      ORDER BY 1
      """, as: UUID.self
    ).map(ProductID.init(uuid:))
    try await RecordChanges.run(
      HoldingChange(.unmerge, from: merge.from, to: merge.to), of: products,
      cause: merge.id.uuid, evidence: reason.trimmed, by: member, at: now, in: tx)
    try await Audit.record(
      "accounts_unmerged", on: merge.from.description, reason: reason,
      before: ["counts_as": .string(merge.to.description)], by: member, at: now, in: tx)
    return try await end(merge, reason: reason, by: member, at: now, in: tx)
  }

  private static func end(
    _ merge: IdentityMerge, reason: String, by member: MemberID, at now: Timestamp,
    in tx: Transaction
  ) async throws -> Outcome {
    try await tx.execute(
      """
      UPDATE identity_merges
      SET ended_at = \(now), ended_by = \(member.uuid), end_reason = \(reason.trimmed)
      WHERE id = \(merge.id.uuid)
      """)
    try await NotifyMembers.post(
      .holding, detail: "your accounts are two", by: member,
      to: .members([merge.from, merge.to]), at: now, in: tx)
    return try await IdentityMerge.find(merge.id, in: tx).map(Outcome.ended) ?? .unknown
  }
}
