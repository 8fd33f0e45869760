/// A recipe divided among those who earned it. It follows further events, and then divides again
/// only the parts that they touch; the shares are the same as from the start.
public struct Division: Sendable {
  var claims: Claims
  /// What happened to holdings after they were earned: accounts are merged before it divides, and
  /// shares move after it has.
  let changes: HoldingChanges
  /// What each part is worth here: as the recipe says when somebody earned it, or more when it
  /// spreads the unclaimed; nothing when nobody did.
  private var sizes: [Int64]
  private var isEarned: [Bool]
  private var given: [[Share]]
  private var house: [Share] = []
  /// The hash before each part: those before the first that changes stay.
  private var hashes: [Digest.Stream] = [Digest.Stream()]

  var recipe: Recipe { claims.recipe }

  init(_ claims: Claims, _ changes: HoldingChanges = .none) {
    self.claims = changes.mapMembers(claims)
    self.changes = changes
    let parts = claims.recipe.parts
    sizes = parts.map { _ in 0 }
    isEarned = parts.map { _ in false }
    given = parts.map { _ in [] }
    divide(parts.indices.map { $0 })
  }

  /// By part in the recipe's order and by member id within a part, the house last; they add up to
  /// exactly 10⁹ ppb. Shares of zero ppb are left out.
  public var shares: [Share] { changes.move(given.flatMap { $0 } + house) }

  /// As a snapshot's.
  var sha256: [UInt8] {
    // What was given may have come from any part.
    if !changes.moves.isEmpty { return Snapshot.sha256(of: shares) }
    var hash = hashes[given.endIndex]
    hash.add(Snapshot.lines(house))
    return hash.hash
  }

  /// One member's shares, in the same order.
  public func shares(of member: MemberID) -> [Share] {
    changes.moves.isEmpty ? earned(by: member) : shares.filter { $0.member == member }
  }

  /// What was given to a member, less what the member gave.
  func assigned(to member: MemberID) -> Int64 {
    if changes.moves.isEmpty { return 0 }
    let (held, earned) = (shares(of: member), earned(by: member))
    return held.reduce(0) { $0 + $1.ppb } - earned.reduce(0) { $0 + $1.ppb }
  }

  private func earned(by member: MemberID) -> [Share] {
    given.compactMap { shares in
      // Members are in the order of their ids.
      var (low, high) = (shares.startIndex, shares.endIndex)
      while low < high {
        let middle = low + (high - low) / 2
        guard let other = shares[middle].member else { return nil }
        if other < member { low = middle + 1 } else { high = middle }
      }
      return low < shares.endIndex && shares[low].member == member ? shares[low] : nil
    }
  }

  // MARK: Dividing

  /// Divides again what depends on these parts' claims.
  mutating func divide(_ stale: [Int]) {
    var contests: [Int: Contest] = [:]
    for place in stale {
      let contest = contest(place)
      isEarned[place] = contest.isEarned
      contests[place] = contest
    }
    let sizes = Division.sizes(of: recipe, where: isEarned)
    let changed = Set(recipe.parts.indices.filter { sizes[$0] != self.sizes[$0] }).union(stale)
    if changed.isEmpty { return }
    self.sizes = sizes
    let (first, last) = order
    for place in first where changed.contains(place) {
      given[place] = (contests[place] ?? contest(place)).divide(sizes[place], beside: [:])
    }
    if !last.isEmpty {
      var held = held(by: first)
      for place in last {
        given[place] = (contests[place] ?? contest(place)).divide(sizes[place], beside: held)
        for share in given[place] {
          if let member = share.member { held[member, default: 0] += share.ppb }
        }
      }
    }
    house = rest()
    hash(from: last.reduce(changed.min() ?? 0, min))
  }

  private mutating func hash(from first: Int) {
    hashes.removeSubrange((min(first, hashes.count - 1) + 1)...)
    for place in (hashes.count - 1)..<given.endIndex {
      var next = hashes[place]
      next.add(Snapshot.lines(given[place]))
      hashes.append(next)
    }
  }

  private func contest(_ place: Int) -> Contest {
    Contest(recipe.parts[place], claims.ofPart[place])
  }

  /// Those that balance look at what the others have given.
  private var order: (first: [Int], last: [Int]) {
    let balances = { (place: Int) in recipe.parts[place].policy == .lifetimeBalanced }
    return (
      recipe.parts.indices.filter { !balances($0) }, recipe.parts.indices.filter(balances)
    )
  }

  private func held(by places: some Sequence<Int>) -> [MemberID: Int64] {
    var held: [MemberID: Int64] = [:]
    for place in places {
      for share in given[place] {
        if let member = share.member { held[member, default: 0] += share.ppb }
      }
    }
    return held
  }

  private static func sizes(of recipe: Recipe, where isEarned: [Bool]) -> [Int64] {
    let earned = zip(recipe.parts, isEarned).map { $1 ? $0.ppb : 0 }
    return switch recipe.unclaimed {
    case .house: earned
    case .spread: LargestRemainder.divide(Recipe.whole, by: earned.map { UInt128($0) })
    }
  }

  private func rest() -> [Share] {
    let given = given.map { $0.reduce(0) { $0 + $1.ppb } }
    let rest = Recipe.whole - given.reduce(0, +)
    if rest == 0 { return [] }
    let parts = recipe.parts.indices
    let isSpread = recipe.unclaimed == .spread && sizes.contains { $0 > 0 }
    let unearned = isSpread ? [] : parts.filter { sizes[$0] == 0 }
    let capped = parts.filter { given[$0] < sizes[$0] }
    var reasons: [String] = []
    if !unearned.isEmpty { reasons.append("nobody earned " + names(unearned)) }
    if !capped.isEmpty { reasons.append("everybody is at the cap of " + names(capped)) }
    return [
      Share(slice: "house", member: nil, ppb: rest, reason: reasons.joined(separator: "; "))
    ]
  }

  private func names(_ places: [Int]) -> String {
    places.map { recipe.parts[$0].name }.joined(separator: ", ")
  }

  // MARK: Explaining

  /// How a member's shares come about, one part of the recipe after the other; parts that the
  /// member has no events for are left out.
  func explain(_ member: MemberID) -> [ExplainedPart] {
    let (first, last) = order
    return recipe.parts.indices.compactMap { place in
      if claims.ofPart[place][member] == nil { return nil }
      let held = last.contains(place) ? held(by: first + last.prefix { $0 != place }) : [:]
      return contest(place).explain(member, sizes[place], beside: held)
    }
  }
}
