/// How one member's share of one part of a recipe comes about, with every number of it.
public struct ExplainedPart: Sendable, Equatable {
  /// What decides the share.
  public enum Rule: String, Sendable, CaseIterable {
    /// What the member did counts nothing for this part.
    case nothing
    /// The exact part by weight, rounded.
    case proportion
    /// The most, and the least, that one member holds.
    case cap, minimum
    /// The least cannot be given to all, and all hold the same.
    case same
  }

  public let part: Recipe.Part
  /// What the part is worth here: more than the recipe says where the unclaimed is spread.
  public let size: Int64
  /// How many members' events count for it, and how many events the member has.
  public let members: Int
  public let events: Int64
  /// What the member's events weigh, and those of all.
  public let weight: Ratio
  public let all: Ratio
  /// What the member holds by the parts that were divided before; for `lifetimeBalanced`.
  public let held: Int64?
  public let rule: Rule
  /// For `proportion` and `same`.
  public let rounding: Rounding?
  public let ppb: Int64

  /// whole × number ÷ total = floor, and a remainder over the total.
  public struct Rounding: Sendable, Equatable {
    /// What those share who are at no bound.
    public let whole: Int64
    public let sharers: Int
    public let number: UInt128
    public let total: UInt128
    public let floor: Int64
    public let remainder: UInt128
    /// So many ppb were left over by all floors, and went to the largest remainders.
    public let leftover: Int64
    /// Whether one of them is the member's.
    public let hasExtra: Bool
  }
}

extension Contest {
  /// Nil when the member has no events for the part.
  /// - Parameter held: what members hold by parts that were divided before.
  func explain(_ member: MemberID, _ size: Int64, beside held: [MemberID: Int64])
    -> ExplainedPart?
  {
    guard let place = claims.firstIndex(where: { $0.member == member }) else { return nil }
    let holdings = claims.map { held[$0.member] ?? 0 }
    let counted = size > 0 ? weights(of: size, beside: holdings) : weights
    let split = Bounds.split(size, by: counted, minimum: part.minimum, cap: part.cap)
    let (rule, rounding, ppb) = outcome(of: place, counted, split)
    return ExplainedPart(
      part: part, size: size, members: weights.count { $0 > 0 },
      events: claims[place].claim.events, weight: Ratio(weights[place], unit),
      all: Ratio(weights.reduce(0, +), unit),
      held: part.policy == .lifetimeBalanced ? holdings[place] : nil, rule: rule,
      rounding: rounding, ppb: ppb)
  }

  private func outcome(of place: Int, _ weights: [UInt128], _ split: Bounds.Split)
    -> (ExplainedPart.Rule, ExplainedPart.Rounding?, Int64)
  {
    if weights[place] == 0 { return (.nothing, nil, 0) }
    guard let free = split.free.firstIndex(of: place) else {
      return split.capped.contains(place)
        ? (.cap, nil, split.most) : (.minimum, nil, split.least)
    }
    let shared = split.free.map { split.isSame ? 1 : weights[$0] }
    let total = shared.reduce(0, +)
    let floors = shared.map { LargestRemainder.exact(split.rest, $0, of: total) }
    let ppb = LargestRemainder.divide(split.rest, by: shared)[free]
    let floor = Int64(floors[free].quotient)
    let rounding = ExplainedPart.Rounding(
      whole: split.rest, sharers: shared.count, number: shared[free], total: total, floor: floor,
      remainder: floors[free].remainder,
      leftover: split.rest - floors.reduce(0) { $0 + Int64($1.quotient) },
      hasExtra: ppb > floor)
    return (split.isSame ? .same : .proportion, rounding, ppb)
  }
}
