/// An amount of an order that its items bear by what they cost.
enum DividedAmount {
  /// Parts that add up to the amount, to the nano; or to all weights when it is more than those.
  /// - Returns: nil when the sums are too large.
  static func parts(of amount: Int128, by weights: [Int128]) -> [Int128]? {
    let all = weights.reduce(0, +)
    if all == 0 { return weights.map { _ in 0 } }
    let off = min(amount, all)
    if off.multipliedReportingOverflow(by: all).overflow { return nil }
    var before: Int128 = 0
    return weights.map { weight in
      defer { before += weight }
      return off * (before + weight) / all - off * before / all
    }
  }
}
