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
    let holders = weights.indices.filter { weights[$0] > 0 }
    if (minimum == nil && cap == nil) || holders.isEmpty {
      return LargestRemainder.divide(whole, by: weights)
    }
    let count = Int64(holders.count)
    let (least, most) = (minimum ?? 0, min(cap ?? whole, whole))
    var parts = weights.map { _ in 0 as Int64 }
    if saturated(count, least) > whole {
      let same = LargestRemainder.divide(whole, by: holders.map { _ in 1 })
      for (index, part) in zip(holders, same) { parts[index] = part }
    } else if saturated(count, most) < whole {
      for index in holders { parts[index] = most }
    } else {
      let order = holders.sorted { (weights[$1], $0) < (weights[$0], $1) }
      let level = Level(order.map { weights[$0] }, whole: whole, least: least, most: most)
      for index in order[..<level.free.lowerBound] { parts[index] = most }
      for index in order[level.free.upperBound...] { parts[index] = least }
      // In the caller's order, which breaks ties.
      let free = order[level.free].sorted()
      let shared = LargestRemainder.divide(level.rest, by: free.map { weights[$0] })
      for (index, part) in zip(free, shared) { parts[index] = part }
    }
    return parts
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
