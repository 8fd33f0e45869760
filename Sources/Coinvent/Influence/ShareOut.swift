/// Turns a recipe and events into shares: a pure function, so that replaying gives the same bytes.
public enum ShareOut {
  /// The shares of a product, by part in the recipe's order and by member id within a part; they
  /// add up to exactly 10⁹ ppb. Shares of zero ppb are left out.
  /// - Parameter events: in any order; revoked ones already taken out.
  public static func shares(recipe: Recipe, events: [InfluenceEvent]) -> [Share] {
    shares(of: Claims(recipe, events: events))
  }

  /// The same of claims that were added up before.
  public static func shares(of claims: Claims) -> [Share] {
    let recipe = claims.recipe
    let contests = zip(recipe.parts, claims.ofPart).map { Contest($0, $1) }
    let sizes = sizes(of: contests, in: recipe)
    var held: [MemberID: Int64] = [:]
    var shares = recipe.parts.map { _ in [Share]() }
    // Those that balance look at what the others have given.
    let order = recipe.parts.indices.filter { recipe.parts[$0].policy != .lifetimeBalanced }
    let last = recipe.parts.indices.filter { recipe.parts[$0].policy == .lifetimeBalanced }
    for place in order + last where sizes[place] > 0 {
      shares[place] = contests[place].divide(sizes[place], beside: held)
      for share in shares[place] {
        if let member = share.member { held[member, default: 0] += share.ppb }
      }
    }
    let given = shares.map { $0.reduce(0) { $0 + $1.ppb } }
    return shares.flatMap { $0 } + house(recipe, sizes: sizes, given: given)
  }

  /// What each part is worth: as the recipe says when somebody earned it, or more when it spreads
  /// the unclaimed; nothing when nobody did.
  private static func sizes(of contests: [Contest], in recipe: Recipe) -> [Int64] {
    let earned = contests.map { $0.isEarned ? $0.part.ppb : 0 }
    return switch recipe.unclaimed {
    case .house: earned
    case .spread: LargestRemainder.divide(Recipe.whole, by: earned.map { UInt128($0) })
    }
  }

  private static func house(_ recipe: Recipe, sizes: [Int64], given: [Int64]) -> [Share] {
    let rest = Recipe.whole - given.reduce(0, +)
    if rest == 0 { return [] }
    let parts = recipe.parts.indices
    let isSpread = recipe.unclaimed == .spread && sizes.contains { $0 > 0 }
    let unearned = isSpread ? [] : parts.filter { sizes[$0] == 0 }
    let capped = parts.filter { given[$0] < sizes[$0] }
    var reasons: [String] = []
    if !unearned.isEmpty { reasons.append("nobody earned " + names(unearned, recipe)) }
    if !capped.isEmpty { reasons.append("everybody is at the cap of " + names(capped, recipe)) }
    return [
      Share(
        slice: "house", member: nil, ppb: rest, reason: reasons.joined(separator: "; "))
    ]
  }

  private static func names(_ places: [Int], _ recipe: Recipe) -> String {
    places.map { recipe.parts[$0].name }.joined(separator: ", ")
  }
}
