import JSON
import Postgres

/// Says that two accounts are of one person. Each side confirms it, the first by asking.
public enum AskMerge {
  public enum Outcome: Sendable {
    case asked(IdentityMerge)
    /// As it was confirmed, now or already.
    case merged(IdentityMerge)
    case unknown
    case unknownMember
    /// It ended before.
    case ended(IdentityMerge)
    case refused(Refusal)
  }

  public enum Refusal: Sendable, Equatable {
    case oneAccount
    /// Banned, erased or closed.
    case notActive(MemberID)
    /// It counts as another's, or that is asked for.
    case alreadyMerging
    /// The other counts as this one already, through others or not.
    case circle
    /// One of them has given away a part of a share, or offers to.
    case hasAssigned(MemberID)
  }

  /// - Parameter asker: one of the two.
  /// - Throws: `Invalid` for the reason.
  public static func ask(
    _ from: MemberID, into to: MemberID, reason: String, by asker: MemberID,
    at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    precondition(asker == from || asker == to, "only the two ask")
    if let fault = MoveIdea.fault(reason: reason) { throw Invalid("/reason", fault) }
    try await IdentityMerge.hold(in: tx)
    if from == to { return .refused(.oneAccount) }
    let known = try await tx.one(
      "SELECT count(*) FROM members WHERE id IN (\(from.uuid), \(to.uuid))", as: Int64.self)
    if known < 2 { return .unknownMember }
    let open = try await tx.first(
      """
      SELECT \(IdentityMerge.columns) FROM identity_merges
      WHERE from_member = \(from.uuid) AND ended_at IS NULL
      """, of: IdentityMerge.self)
    if let open {
      guard open.to == to else { return .refused(.alreadyMerging) }
      return try await confirm(open, by: asker, at: now, in: tx)
    }
    if let refusal = try await refusal(from, to, at: now, in: tx) { return .refused(refusal) }
    let id = MergeID.new(at: now)
    try await tx.execute(
      """
      INSERT INTO identity_merges (id, from_member, to_member, asked_by, asked_at, reason,
                                   from_confirmed_at, to_confirmed_at)
      VALUES (\(id.uuid), \(from.uuid), \(to.uuid), \(asker.uuid), \(now), \(reason.trimmed),
              \(asker == from ? now : nil), \(asker == to ? now : nil))
      """)
    try await NotifyMembers.post(
      .holding, detail: "another account says that both are one person: confirm it or refuse",
      by: asker, to: .members([from, to]), at: now, in: tx)
    return try await IdentityMerge.find(id, in: tx).map(Outcome.asked) ?? .unknown
  }

  public static func confirm(
    _ id: MergeID, by member: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    try await IdentityMerge.hold(in: tx)
    guard let merge = try await IdentityMerge.find(id, in: tx), merge.isSide(member) else {
      return .unknown
    }
    return try await confirm(merge, by: member, at: now, in: tx)
  }

  private static func confirm(
    _ merge: IdentityMerge, by member: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    switch merge.state {
    case .ended: return .ended(merge)
    case .merged: return .merged(merge)
    case .asked: break
    }
    if let refusal = try await refusal(merge.from, merge.to, at: now, in: tx) {
      return .refused(refusal)
    }
    try await tx.execute(
      """
      UPDATE identity_merges SET
        from_confirmed_at = coalesce(from_confirmed_at, \(member == merge.from ? now : nil)),
        to_confirmed_at = coalesce(to_confirmed_at, \(member == merge.to ? now : nil))
      WHERE id = \(merge.id.uuid)
      """)
    guard let found = try await IdentityMerge.find(merge.id, in: tx) else { return .unknown }
    guard found.state == .merged else { return .asked(found) }
    try await RecordChanges.run(
      HoldingChange(.merge, from: merge.from, to: merge.to),
      of: try await RecordChanges.products(of: merge.from, in: tx), cause: merge.id.uuid,
      evidence: merge.reason, by: member, at: now, in: tx)
    try await Audit.record(
      "accounts_merged", on: merge.from.description, reason: merge.reason,
      after: ["counts_as": .string(merge.to.description)], by: member, at: now, in: tx)
    try await NotifyMembers.post(
      .holding, detail: "your two accounts count as one", by: member,
      to: .members([merge.from, merge.to]), at: now, in: tx)
    return .merged(found)
  }

  private static func refusal(
    _ from: MemberID, _ to: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Refusal? {
    for member in [from, to].sorted() {
      switch try await HoldingParty.standing(of: member, at: now, in: tx) {
      case .good, .merging: break
      case .unknown, .banned, .gone: return .notActive(member)
      }
    }
    if try await IdentityMerge.counts(to, as: from, in: tx) { return .circle }
    let giver = try await tx.first(
      """
      SELECT o.from_member FROM \(ShareOffer.source)
      WHERE o.from_member IN (\(from.uuid), \(to.uuid))
        AND (e.outcome = 'accepted' OR e.outcome IS NULL AND o.expires_at > \(now))
      ORDER BY 1 LIMIT 1
      """, as: UUID.self)
    return giver.map { .hasAssigned(MemberID(uuid: $0)) }
  }
}
