/// An exact number of parts of one, in lowest terms: `7/12`, or `5`.
public struct Ratio: Sendable, Equatable, CustomStringConvertible {
  public let numerator: UInt128
  public let denominator: UInt128

  /// - Precondition: the denominator is not zero.
  init(_ numerator: UInt128, _ denominator: UInt128 = 1) {
    let common = Fractions.common(numerator, denominator)
    self.numerator = numerator / common
    self.denominator = denominator / common
  }

  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}
