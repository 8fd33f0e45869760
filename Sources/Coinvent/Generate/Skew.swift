import Glibc

/// How unequal a world is.
enum Skew {
  /// Votes of each idea: a power law, so that few ideas have most of the votes and most have few.
  /// They add up to about `votes`; no idea has more than every other member's.
  static func votes(_ plan: WorldPlan) -> [Int32] {
    let weights = (0..<plan.ideas).map { pow(Dice.part(plan.seed, 10, $0), -1 / 1.4) }
    let all = weights.reduce(0, +)
    let most = Double(plan.members - 1)
    return weights.enumerated().map { number, weight in
      let exact = min(most, weight / all * Double(plan.votes))
      // The fraction becomes a whole vote as often as it is large: small worlds keep their sum.
      let rounded = exact.rounded(.down)
      return Int32(rounded + (Dice.part(plan.seed, 11, number) <= exact - rounded ? 1 : 0))
    }
  }

  /// Shareholders of each product, by the quantiles of a log-normal distribution: 515 in the
  /// middle, and 5 177 at most among 126.
  static func holders(_ plan: WorldPlan) -> [Int] {
    let limit = max(2, plan.members)
    if let holders = plan.holders { return [Int](repeating: holders, count: plan.products) }
    let width = log(5177.0 / 515) / quantile(125.5 / 126)
    return (0..<plan.products).map { number in
      let place = (Double(number) + 0.5) / Double(plan.products)
      return max(2, min(limit, Int((515 * exp(width * quantile(place))).rounded())))
    }
  }

  /// Sale lines of each product: a power law whose steepness gives the first three of 126 the
  /// published 47.5 % of all.
  static func sales(_ plan: WorldPlan) -> [Int] {
    guard plan.products > 0, plan.sales > 0 else { return [] }
    let weights = (0..<plan.products).map { pow(Double($0 + 1), -1.2224) }
    let all = weights.reduce(0, +)
    let spare = Double(plan.sales - plan.products)
    var lines = weights.map { 1 + Int(($0 / all * spare).rounded(.down)) }
    lines[0] += plan.sales - lines.reduce(0, +)
    return lines
  }

  /// Where the normal distribution has so large a part below: bisection of its integral.
  private static func quantile(_ part: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if 0.5 * erfc(-middle / 2.0.squareRoot()) < part { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
