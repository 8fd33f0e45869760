/// A part of a line that has one rate.
struct Portion: Equatable, Sendable {
  var units: Int64
  /// Millionths of a nano.
  var base: Int128
  /// Parts per million.
  var rate: Int64

  /// What it earns, in millionths of a millionth of a nano: its rate of the base, or the minimum
  /// for its units when that is more.
  /// - Parameter minimum: nanos a unit.
  func earned(minimum: Int64) throws(AmountOverflow) -> Int128 {
    let (share, over) = base.multipliedReportingOverflow(by: Int128(rate))
    let (each, above) = (Int128(units) * Int128(minimum))
      .multipliedReportingOverflow(by: 1_000_000_000_000)
    if over || above { throw AmountOverflow() }
    return max(share, each)
  }
}

/// Sales whose royalties do not fit into 128 bits, by far more than any pool can hold.
struct AmountOverflow: Error, CustomStringConvertible {
  var description: String {
    "Sales of a product come to more than a pool can hold; look for a price or a quantity that "
      + "nobody can have meant."
  }
}

/// How a line falls into portions where a counter crosses thresholds.
enum Portions {
  /// - Parameter count: what the counter had before the first of the units or the money, on the way
  ///   up or down.
  static func cut(
    units: Int64, base: Int128, from count: Int128, rule: RuleInForce, byMoney: Bool
  ) -> [Portion] {
    let scale = byMoney ? LineRevenue.million : 1
    let length = byMoney ? base : Int128(units)
    let cuts = rule.thresholds(between: count, and: count + length, scale: scale)
      .map { $0 - count }
    let edges = [0] + cuts + [length]
    let ratios = zip(edges, edges.dropFirst()).map { (from: $0, to: $1) }
    return ratios.map { from, to in
      Portion(
        units: byMoney
          ? Int64(split(Int128(units), from, to, of: length, all: Int128(units)))
          : Int64(to - from),
        base: byMoney ? to - from : split(base, from, to, of: length, all: base),
        rate: rule.rate(after: count + from, scale: scale))
    }
  }

  /// The part of `amount` between two places of a length, so that all parts come to all of it.
  static func split(_ amount: Int128, _ from: Int128, _ to: Int128, of length: Int128, all: Int128)
    -> Int128
  {
    length == 0 ? all : amount * to / length - amount * from / length
  }
}
