import Postgres

/// What happened to the holdings of one product, in the order of arrival: merged accounts count as
/// one before a recipe divides, and what was given away moves after it has.
struct HoldingChanges: Sendable {
  /// What moves shares after they are divided.
  let moves: [HoldingChange]
  /// Whose claims each merged account's count as.
  private let heads: [MemberID: MemberID]

  static let none = HoldingChanges([])

  init(_ changes: [HoldingChange]) {
    moves = changes.filter { $0.kind == .assignment || $0.kind == .leave }
    heads = HoldingChanges.heads(changes)
  }

  /// - Parameter horizon: the last arrival that counts; `.max` for all.
  static func of(_ product: ProductID, horizon: Int64 = .max, in db: some Queryable)
    async throws -> HoldingChanges
  {
    let rows = try await db.all(
      """
      SELECT kind, from_member, to_member, ppm FROM holding_changes
      WHERE product_id = \(product.uuid) AND arrival <= \(horizon) ORDER BY arrival
      """, as: (String, UUID, UUID, Int64).self)
    return HoldingChanges(
      rows.map { kind, from, to, ppm in
        guard let kind = HoldingChange.Kind(rawValue: kind) else {
          preconditionFailure("\(kind) is no kind of change, though the schema lets it stand")
        }
        return HoldingChange(
          kind, from: MemberID(uuid: from), to: to == .zero ? nil : MemberID(uuid: to), ppm: ppm)
      })
  }

  /// Who stands for a member.
  func head(of member: MemberID) -> MemberID { heads[member] ?? member }

  func mapMembers(_ claims: Claims) -> Claims {
    heads.isEmpty ? claims : claims.renamed(heads)
  }

  func mapMember(_ event: InfluenceEvent) -> InfluenceEvent {
    heads[event.member].map(event.of) ?? event
  }

  /// The accounts whose events count as a member's.
  func accounts(of member: MemberID) -> [MemberID] {
    let own = heads[member] == nil ? [member] : []
    return own + heads.filter { $0.value == member }.keys.sorted()
  }

  private static func heads(_ changes: [HoldingChange]) -> [MemberID: MemberID] {
    var next: [MemberID: MemberID] = [:]
    for change in changes {
      switch change.kind {
      case .merge: next[change.from] = change.to
      case .unmerge: next[change.from] = nil
      case .assignment, .leave: break
      }
    }
    return next.mapValues { first in
      var head = first
      // Merges in a circle are refused; should there be one, it ends here all the same.
      for _ in next.indices { head = next[head] ?? head }
      return head
    }
  }

  /// Moves what was given away, in the order of arrival. The sum stays what it was: what one loses,
  /// another gets. Parts keep their order, and holders theirs within a part, the house first.
  func move(_ shares: [Share]) -> [Share] {
    if moves.isEmpty { return shares }
    var parts: [[MemberID?: Share]] = []
    for share in shares {
      if let last = parts.last?.values.first, last.isOfPart(of: share) {
        parts[parts.count - 1][share.member] = share
      } else {
        parts.append([share.member: share])
      }
    }
    for change in moves {
      let taker = change.to.map(head)
      for place in parts.indices where taker != change.from {
        HoldingChanges.move(change, to: taker, in: &parts[place])
      }
    }
    return parts.flatMap { $0.values.sorted { $0.holder < $1.holder } }
  }

  private static func move(
    _ change: HoldingChange, to taker: MemberID?, in part: inout [MemberID?: Share]
  ) {
    guard let share = part[change.from] else { return }
    let ppb = share.ppb * change.ppm / HoldingChange.all
    if ppb == 0 { return }
    part[change.from] = ppb == share.ppb ? nil : share.without(ppb)
    let gift = share.given(ppb, to: taker, change)
    part[taker] = part[taker]?.with(gift) ?? gift
  }
}

extension Share {
  fileprivate var holder: UUID { member?.uuid ?? .zero }

  fileprivate func isOfPart(of other: Share) -> Bool { (slice, role) == (other.slice, other.role) }

  /// Nobody is named in a reason: who gave and who got may want to be shown to nobody.
  fileprivate func without(_ part: Int64) -> Share {
    Share(
      slice: slice, role: role, member: member, ppb: ppb - part,
      reason: reason + "; \(part) ppb of it assigned to another member")
  }

  fileprivate func given(_ part: Int64, to taker: MemberID?, _ change: HoldingChange) -> Share {
    let words =
      change.kind == .leave ? "of a member who has left" : "assigned by another member"
    return Share(
      slice: slice, role: role, member: taker, ppb: part, reason: "\(part) ppb \(words)")
  }

  fileprivate func with(_ gift: Share) -> Share {
    Share(
      slice: slice, role: role, member: member, ppb: ppb + gift.ppb,
      reason: reason + "; " + gift.reason)
  }
}
