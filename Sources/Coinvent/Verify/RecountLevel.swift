import Postgres

/// Divides by a search for the level: everybody holds level × weight, but no less than the least
/// and no more than the most.
enum RecountLevel {
  private typealias Row = RecountWeights.Row

  /// The parts, row by row.
  static func divide(
    _ size: Int64, over rows: [RecountWeights.Row], least: Int64, most: Int64
  ) -> [Int64] {
    let holders = rows.filter { $0.weight > 0 }
    let count = Int128(holders.count)
    if count * Int128(least) > Int128(size) {
      return roundedOff(
        size,
        over: rows.map { Row(holder: $0.holder, place: $0.place, weight: min(1, $0.weight)) })
    }
    if count * Int128(most) <= Int128(size) { return rows.map { $0.weight > 0 ? most : 0 } }
    // A level is a bound over a weight: above it that holder is at the bound.
    let levels = holders.flatMap {
      [Level(ppb: least, weight: $0.weight), Level(ppb: most, weight: $0.weight)]
    }.sorted { $0.isBelow($1) }
    // The highest at which no more than all is given; the true one lies from there to the next.
    var (low, high) = (-1, levels.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if levels[middle].gives(holders, least, most, upTo: size) {
        low = middle
      } else {
        high = middle
      }
    }
    var parts = rows.map { _ in 0 as Int64 }
    var free: [Int] = []
    for (index, row) in rows.enumerated() where row.weight > 0 {
      if low >= 0 && !levels[low].isBelow(Level(ppb: most, weight: row.weight)) {
        parts[index] = most
      } else if low < 0 || levels[low].isBelow(Level(ppb: least, weight: row.weight)) {
        parts[index] = least
      } else {
        free.append(index)
      }
    }
    let rest = roundedOff(size - parts.reduce(0, +), over: free.map { rows[$0] })
    for (index, ppb) in zip(free, rest) { parts[index] = ppb }
    return parts
  }

  /// Whole parts: each the floor of what is exact, and one more for the largest fractions, of equal
  /// ones for the earliest place.
  static func roundedOff(_ size: Int64, over rows: [RecountWeights.Row]) -> [Int64] {
    let all = rows.reduce(Wide(0)) { $0 + Wide($1.weight) }.low
    if all == 0 { return rows.map { _ in 0 } }
    let exact = rows.map { row in
      all.dividingFullWidth(UInt128(size).multipliedFullWidth(by: row.weight))
    }
    let given = exact.reduce(0) { $0 + Int64($1.quotient) }
    let lucky = rows.indices.sorted { a, b in
      exact[a].remainder == exact[b].remainder
        ? rows[a].place < rows[b].place : exact[a].remainder > exact[b].remainder
    }.prefix(Int(size - given))
    let extra = Set(lucky)
    return rows.indices.map { Int64(exact[$0].quotient) + (extra.contains($0) ? 1 : 0) }
  }

  /// How much each falls short of what its lifetime weight asks for, times all weight.
  static func short(_ rows: [RecountWeights.Row], held: [UUID: Int64], of size: Int64)
    -> [RecountWeights.Row]
  {
    let all = rows.reduce(0 as UInt128) { $0 + $1.weight }
    let goal = rows.reduce(UInt128(size)) { $0 + UInt128(held[$1.holder] ?? 0) }
    return rows.map { row in
      let (should, has) = (goal * row.weight, all * UInt128(held[row.holder] ?? 0))
      return Row(holder: row.holder, place: row.place, weight: should > has ? should - has : 0)
    }
  }

  private struct Level {
    let ppb: Int64
    let weight: UInt128

    func isBelow(_ other: Level) -> Bool {
      Wide(ppb, other.weight) < Wide(other.ppb, weight)
    }

    /// Whether holders get no more than `size` together at this level. All is multiplied by this
    /// level's weight.
    func gives(_ holders: [RecountWeights.Row], _ least: Int64, _ most: Int64, upTo size: Int64)
      -> Bool
    {
      let (low, high) = (Wide(least, weight), Wide(most, weight))
      let sum = holders.reduce(Wide(0)) { sum, holder in
        sum + min(max(Wide(ppb, holder.weight), low), high)
      }
      return !(Wide(size, weight) < sum)
    }
  }

  /// A whole number of up to 256 bits.
  private struct Wide: Comparable {
    var high: UInt128 = 0
    var low: UInt128

    init(_ low: UInt128) { self.low = low }

    init(_ ppb: Int64, _ weight: UInt128) {
      (high, low) = UInt128(ppb).multipliedFullWidth(by: weight)
    }

    static func + (a: Wide, b: Wide) -> Wide {
      let (low, over) = a.low.addingReportingOverflow(b.low)
      var sum = Wide(low)
      sum.high = a.high + b.high + (over ? 1 : 0)
      return sum
    }

    static func < (a: Wide, b: Wide) -> Bool { (a.high, a.low) < (b.high, b.low) }
  }
}
