/// Divides between a least and a most that one member holds, exactly.
///
/// It is a water level: everybody holds λ × weight, but no less than the minimum and no more than
/// the cap, with the one λ by which it adds up. What a cap takes from one so goes to the others in
/// proportion. Where the minimum cannot be given to all, all get the same.
enum Bounds {
  /// The parts in the order of `weights`; zero for a weight of zero. They add up to `whole`, or to
  /// less when everybody is at the cap.
  static func divide(_ whole: Int64, by weights: [UInt128], minimum: Int64?, cap: Int64?)
    -> [Int64]
  {
    if minimum == nil && cap == nil { return LargestRemainder.divide(whole, by: weights) }
    let split = split(whole, by: weights, minimum: minimum, cap: cap)
    var parts = weights.map { _ in 0 as Int64 }
    for index in split.capped { parts[index] = split.most }
    for index in split.raised { parts[index] = split.least }
    let shared = LargestRemainder.divide(
      split.rest, by: split.free.map { split.isSame ? 1 : weights[$0] })
    for (index, part) in zip(split.free, shared) { parts[index] = part }
    return parts
  }

  /// Who is at a bound, and what is left for the others to share.
  struct Split {
    /// In the caller's order, which breaks ties.
    var free: [Int]
    var rest: Int64
    var capped: [Int] = []
    var raised: [Int] = []
    var least: Int64 = 0
    var most: Int64 = 0
    /// The minimum cannot be given to all: the free share in equal parts.
    var isSame = false
  }

  static func split(_ whole: Int64, by weights: [UInt128], minimum: Int64?, cap: Int64?) -> Split {
    let holders = weights.indices.filter { weights[$0] > 0 }
    var split = Split(free: holders, rest: whole)
    if (minimum == nil && cap == nil) || holders.isEmpty { return split }
    let count = Int64(holders.count)
    (split.least, split.most) = (minimum ?? 0, min(cap ?? whole, whole))
    if saturated(count, split.least) > whole {
      split.isSame = true
    } else if saturated(count, split.most) < whole {
      (split.free, split.rest, split.capped) = ([], 0, holders)
    } else {
      let order = holders.sorted { (weights[$1], $0) < (weights[$0], $1) }
      let level = Level(
        order.map { weights[$0] }, whole: whole, least: split.least, most: split.most)
      split.capped = Array(order[..<level.free.lowerBound])
      split.raised = Array(order[level.free.upperBound...])
      (split.free, split.rest) = (order[level.free].sorted(), level.rest)
    }
    return split
  }

  private static func saturated(_ count: Int64, _ each: Int64) -> Int64 {
    let (product, over) = count.multipliedReportingOverflow(by: each)
    return over ? .max : product
  }

  /// Who is neither at the cap nor at the minimum, among weights from the largest down, and what
  /// is left for them.
  private struct Level {
    private(set) var free: Range<Int>
    private(set) var rest: Int64

    init(_ weights: [UInt128], whole: Int64, least: Int64, most: Int64) {
      free = 0..<weights.count
      rest = whole
      var weight = weights.reduce(0, +)
      while true {
        var (over, under) = (Sum(), Sum())
        while over.count < free.count,
          product(rest, weights[free.lowerBound + over.count]) > product(most, weight)
        {
          over.add(weights[free.lowerBound + over.count])
        }
        while under.count < free.count - over.count,
          product(rest, weights[free.upperBound - 1 - under.count]) < product(least, weight)
        {
          under.add(weights[free.upperBound - 1 - under.count])
        }
        if over.count + under.count == 0 { return }
        // What the bounds would give to these, beside what the level gives them now.
        let bound = product(
          Int64(over.count) * most + Int64(under.count) * least, weight)
        let now = product(rest, over.weight + under.weight)
        if bound <= now {
          // The others have more then, so that these stay at the cap.
          free = free.lowerBound + over.count..<free.upperBound
          rest -= Int64(over.count) * most
          weight -= over.weight
        }
        if bound >= now {
          free = free.lowerBound..<free.upperBound - under.count
          rest -= Int64(under.count) * least
          weight -= under.weight
        }
        if free.isEmpty { return }
      }
    }

    private struct Sum {
      var count = 0
      var weight: UInt128 = 0

      mutating func add(_ more: UInt128) {
        count += 1
        weight += more
      }
    }
  }

  /// Exact, as the two halves of a wide number.
  private static func product(_ ppb: Int64, _ weight: UInt128) -> (UInt128, UInt128) {
    let wide = UInt128(ppb).multipliedFullWidth(by: weight)
    return (wide.high, wide.low)
  }
}
