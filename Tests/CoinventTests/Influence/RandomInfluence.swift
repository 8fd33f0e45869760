import Postgres

@testable import Coinvent

/// Recipes with every policy, role and bound, and events with every fact, by chance.
enum RandomInfluence {
  static func recipe(_ random: inout some RandomNumberGenerator) -> Recipe {
    var keys: [(Slice, ContributionRole)] = []
    for slice in Slice.allCases {
      for role in ContributionRole.allCases where Int.random(in: 0..<4, using: &random) == 0 {
        keys.append((slice, role))
      }
    }
    keys.shuffle(using: &random)
    keys = Array(keys.prefix(Int.random(in: 1...8, using: &random)))
    if keys.isEmpty { keys = [(.naming, .any)] }
    let cuts = LargestRemainder.divide(
      Recipe.whole, by: keys.map { _ in UInt128.random(in: 1...1000, using: &random) })
    let parts = zip(keys, cuts).map { key, ppb in
      part(key.0, key.1, ppb, &random)
    }
    return Recipe(parts: parts, unclaimed: Bool.random(using: &random) ? .house : .spread)
  }

  private static func part(
    _ slice: Slice, _ role: ContributionRole, _ ppb: Int64,
    _ random: inout some RandomNumberGenerator
  ) -> Recipe.Part {
    let cap = bound(ppb, &random)
    let minimum = bound(ppb, &random).map { min($0, cap ?? $0) }
    return Recipe.Part(
      slice: slice, role: role, ppb: ppb,
      policy: SlicePolicy.allCases.randomElement(using: &random)!,
      step: Int64.random(in: 1...20, using: &random),
      tolerancePPM: Int64.random(in: 1...1_000_000, using: &random), cap: cap, minimum: minimum)
  }

  /// Anything from a single ppb to more than there is, often where it matters for ten members.
  private static func bound(_ ppb: Int64, _ random: inout some RandomNumberGenerator) -> Int64? {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: Int64.random(in: 1...max(1, ppb / 5), using: &random)
    case 1: Int64.random(in: 1...ppb, using: &random)
    case 2: Int64.random(in: 1...4, using: &random)
    default: nil
    }
  }

  /// Events of up to `members` members in any slice and role, many of them at the same time.
  static func events(
    _ count: Int, members: [MemberID], _ random: inout some RandomNumberGenerator
  ) -> [InfluenceEvent] {
    (0..<count).map { number in
      let target = Int64.random(in: 1...100, using: &random) * 1_000_000_000
      let isGuess = Bool.random(using: &random)
      return InfluenceEvent(
        id: UUID(high: 1, low: UInt64(number)), member: members.randomElement(using: &random)!,
        slice: Slice.allCases.randomElement(using: &random)!,
        role: ContributionRole.allCases.randomElement(using: &random)!,
        weight: Int64.random(in: 1...50, using: &random),
        spread: Bool.random(using: &random) ? Int64.random(in: 1...60, using: &random) : nil,
        place: Bool.random(using: &random) ? Int64.random(in: 1...500, using: &random) : nil,
        guess: isGuess
          ? InfluenceEvent.Guess(
            value: target / 100 * Int64.random(in: 0...300, using: &random), target: target)
          : nil,
        occurredAt: Timestamp(microseconds: Int64.random(in: 0...5, using: &random)))
    }
  }

  static func members(_ count: UInt64) -> [MemberID] {
    (1...count).map { MemberID(uuid: UUID(high: 7, low: $0)) }
  }
}
