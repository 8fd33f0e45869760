/// Divides a whole number in proportion to weights, exactly.
public enum LargestRemainder {
  /// The parts of `whole`, in the order of `weights`; they add up to `whole` unless every weight
  /// is zero, when all parts are zero.
  ///
  /// Everybody gets the floor of the exact part; what is left goes, one each, to the largest
  /// remainders. Of equal remainders the one that stands first wins, so the caller's order breaks
  /// ties.
  public static func divide(_ whole: Int64, by weights: [UInt128]) -> [Int64] {
    precondition(whole >= 0, "only something that is there is divided")
    let total = weights.reduce(0, +)
    guard total > 0 else { return weights.map { _ in 0 } }
    let exact = weights.map { LargestRemainder.exact(whole, $0, of: total) }
    var parts = exact.map { Int64($0.quotient) }
    let left = Int(whole - parts.reduce(0, +))
    let order = exact.indices.sorted {
      (exact[$1].remainder, $0) < (exact[$0].remainder, $1)
    }
    for index in order.prefix(left) { parts[index] += 1 }
    return parts
  }
  /// The floor of whole × weight ÷ total, and what remains, in units of one over the total.
  static func exact(_ whole: Int64, _ weight: UInt128, of total: UInt128)
    -> (quotient: UInt128, remainder: UInt128)
  {
    let isNarrow = total.leadingZeroBitCount >= 64 - whole.leadingZeroBitCount
    return isNarrow
      ? (UInt128(whole) * weight).quotientAndRemainder(dividingBy: total)
      : total.dividingFullWidth(UInt128(whole).multipliedFullWidth(by: weight))
  }
}
