/// Those who have earned one part of a recipe, and how it is divided among them.
struct Contest {
  let part: Recipe.Part
  /// The earliest first, then the smaller member id: who stands first wins ties.
  let claims: [(member: MemberID, claim: Claim)]
  /// What each weighs by itself.
  let weights: [UInt128]
  /// Of which so many make one: the common denominator of fractions.
  let unit: UInt128

  init(_ part: Recipe.Part, _ claims: [MemberID: Claim]) {
    self.part = part
    let all = claims.map { (member: $0.key, claim: $0.value) }.sorted {
      ($0.claim.first, $0.member.uuid) < ($1.claim.first, $1.member.uuid)
    }
    self.claims = all
    switch part.policy {
    case .named, .weight, .proRata, .pickWeight, .accuracy, .lifetimeBalanced:
      weights = all.map(\.claim.weight)
      unit = 1
    case .equal:
      weights = all.map { UInt128($0.claim.events) }
      unit = 1
    case .selective, .earlyWeighted:
      let fractions = Fractions(all.map(\.claim))
      weights = all.map { fractions.sum($0.claim) }
      unit = fractions.denominator
    }
  }

  /// Whether anything that counts was done for it.
  var isEarned: Bool { weights.contains { $0 > 0 } }

  /// The shares by member id.
  /// - Parameter held: what members hold by parts that were divided before.
  func divide(_ size: Int64, beside held: [MemberID: Int64]) -> [Share] {
    let holdings = claims.map { held[$0.member] ?? 0 }
    let weights = weights(of: size, beside: holdings)
    let parts = Bounds.divide(size, by: weights, minimum: part.minimum, cap: part.cap)
    let sums = Sums(events: claims.reduce(0) { $0 + $1.claim.events }, weight: total)
    return claims.indices.filter { parts[$0] > 0 }
      .sorted { claims[$0].member.uuid < claims[$1].member.uuid }
      .map { place in
        Share(
          slice: part.slice.rawValue, role: part.role, member: claims[place].member,
          ppb: parts[place],
          reason: reason(claims[place].claim, of: sums, held: holdings[place])
            + bound(parts[place]))
      }
  }

  /// By what the part is divided: those that balance weigh what each falls short of.
  func weights(of size: Int64, beside holdings: [Int64]) -> [UInt128] {
    part.policy == .lifetimeBalanced
      ? LifetimeBalanced.shortfalls(claims.map(\.claim), held: holdings, size: size) : weights
  }

  private var total: UInt128 { claims.reduce(0) { $0 + $1.claim.weight } }

  private struct Sums {
    let events: Int64
    let weight: UInt128
  }

  private func reason(_ claim: Claim, of all: Sums, held: Int64) -> String {
    switch part.policy {
    case .named, .weight, .proRata, .pickWeight:
      Proportional.reason(part.policy, claim, of: all.weight)
    case .equal: Equal.reason(claim, of: all.events)
    case .selective: Selective.reason(claim, of: all.events)
    case .earlyWeighted: EarlyWeighted.reason(claim, of: all.events)
    case .accuracy:
      Accuracy.reason(claim, of: all.events, tolerancePPM: part.tolerancePPM ?? 0)
    case .lifetimeBalanced: LifetimeBalanced.reason(claim, of: all.weight, held: held)
    }
  }

  private func bound(_ ppb: Int64) -> String {
    if ppb == part.cap { return "; the most that one member holds" }
    if ppb == part.minimum { return "; the least that one member holds" }
    return ""
  }
}
