import Postgres

/// Turns a recipe and events into shares: a pure function, so that replaying gives the same bytes.
public enum ShareOut {
  /// The shares of a product, by slice in the recipe's order and by member id within a slice; they
  /// add up to exactly 10⁹ ppb. Parts of zero ppb are left out.
  /// - Parameter events: in any order; revoked ones already taken out.
  public static func shares(recipe: Recipe, events: [InfluenceEvent]) -> [Share] {
    let bySlice = Dictionary(grouping: events, by: \.slice)
    let earned = recipe.parts.filter { bySlice[$0.slice] != nil }
    var shares: [Share] = []
    for (part, ppb) in zip(earned, sizes(of: earned, in: recipe)) {
      shares += divide(part, ppb: ppb, among: bySlice[part.slice] ?? [])
    }
    if let house = house(recipe: recipe, earned: earned) { shares.append(house) }
    return shares
  }

  /// What each earned slice is worth: as the recipe says, and more when it spreads the unclaimed.
  private static func sizes(of earned: [Recipe.Part], in recipe: Recipe) -> [Int64] {
    switch recipe.unclaimed {
    case .house: earned.map(\.ppb)
    case .spread: LargestRemainder.divide(Recipe.whole, by: earned.map { UInt128($0.ppb) })
    }
  }

  private static func house(recipe: Recipe, earned: [Recipe.Part]) -> Share? {
    if recipe.unclaimed == .spread && !earned.isEmpty { return nil }
    let unearned = recipe.parts.filter { !earned.contains($0) }
    guard !unearned.isEmpty else { return nil }
    return Share(
      slice: "house", member: nil, ppb: unearned.reduce(0) { $0 + $1.ppb },
      reason: "nobody earned " + unearned.map(\.slice.rawValue).joined(separator: ", "))
  }

  private struct Claim {
    var weight: UInt128 = 0
    var events: [InfluenceEvent] = []
    var first: Timestamp { events.reduce(events[0].occurredAt) { min($0, $1.occurredAt) } }
  }

  private static func divide(_ part: Recipe.Part, ppb: Int64, among events: [InfluenceEvent])
    -> [Share]
  {
    let unit = SelectiveUnit(events.map(\.spreadOrWeight))
    var claims: [MemberID: Claim] = [:]
    for event in events {
      let weight: UInt128 =
        switch part.policy {
        case .named, .weight: UInt128(event.weight)
        case .equal: 1
        case .selective: unit.part(event.spreadOrWeight)
        }
      claims[event.member, default: Claim()].weight += weight
      claims[event.member]?.events.append(event)
    }
    // Ties go to the earliest event, then to the smaller member id.
    let order = claims.sorted { ($0.value.first, $0.key.uuid) < ($1.value.first, $1.key.uuid) }
    let parts = LargestRemainder.divide(ppb, by: order.map(\.value.weight))
    return zip(order, parts).filter { $0.1 > 0 }
      .sorted { $0.0.key.uuid < $1.0.key.uuid }
      .map { claim, ppb in
        Share(
          slice: part.slice.rawValue, member: claim.key, ppb: ppb,
          reason: reason(part.policy, claim.value, of: events))
      }
  }

  private static func reason(_ policy: SlicePolicy, _ claim: Claim, of events: [InfluenceEvent])
    -> String
  {
    switch policy {
    case .named, .weight:
      let all = events.reduce(0 as UInt128) { $0 + UInt128($1.weight) }
      return "\(policy.rawValue): \(claim.weight) of \(all)"
    case .equal:
      return "equal: \(claim.events.count) of \(events.count) contributions"
    case .selective:
      let spread = claim.events.map { "1/\($0.spreadOrWeight)" }.sorted().joined(separator: " + ")
      return "selective: \(spread) among \(events.count) votes"
    }
  }
}

extension InfluenceEvent {
  /// Events of before the spread was kept hold it in the weight.
  var spreadOrWeight: Int64 { spread ?? weight }
}

/// A common denominator for the fractions 1/n.
///
/// Their least common multiple makes every fraction exact; where it would pass 10²² that number
/// itself is the denominator and the fractions are cut to its whole parts.
struct SelectiveUnit {
  private let denominator: UInt128
  private static let limit: UInt128 = 10_000_000_000_000_000_000_000

  init(_ numbers: [Int64]) {
    var multiple: UInt128 = 1
    for number in Set(numbers) {
      let next = multiple / SelectiveUnit.common(multiple, UInt128(number)) * UInt128(number)
      if next > SelectiveUnit.limit {
        multiple = SelectiveUnit.limit
        break
      }
      multiple = next
    }
    denominator = multiple
  }

  /// 1/n in units.
  func part(_ number: Int64) -> UInt128 { denominator / UInt128(number) }

  private static func common(_ a: UInt128, _ b: UInt128) -> UInt128 {
    b == 0 ? a : common(b, a % b)
  }
}
