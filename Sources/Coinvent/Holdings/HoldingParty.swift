import Postgres

/// Whether a member can take part in a change of holdings.
enum HoldingParty {
  enum Standing: Sendable {
    case good
    case unknown
    case banned
    /// Has left, or has died.
    case gone
    /// Another account stands for this one, or that is asked for.
    case merging
  }

  static func standing(of member: MemberID, at now: Timestamp, in tx: Transaction) async throws
    -> Standing
  {
    let row = try await tx.first(
      """
      SELECT EXISTS (SELECT FROM erasures e WHERE e.member_id = m.id AND e.erased_at IS NOT NULL)
          OR EXISTS (SELECT FROM deaths d WHERE d.member_id = m.id
                       AND d.outcome IS DISTINCT FROM 'taken_back'),
        EXISTS (SELECT FROM identity_merges i
                WHERE m.id IN (i.from_member, i.to_member) AND i.ended_at IS NULL
                  AND (i.from_member = m.id OR i.from_confirmed_at IS NULL
                       OR i.to_confirmed_at IS NULL))
      FROM members m WHERE m.id = \(member.uuid) FOR NO KEY UPDATE OF m
      """, as: (Bool, Bool).self)
    guard let (isGone, isMerging) = row else { return .unknown }
    if isGone { return .gone }
    if try await Ban.inForce(member, .all, at: now, in: tx) != nil { return .banned }
    return isMerging ? .merging : .good
  }
}
