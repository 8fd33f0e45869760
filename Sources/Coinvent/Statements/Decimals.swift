import Ledger

/// Exact decimals of any scale, as people read them.
enum Decimals {
  /// - Parameters:
  ///   - value: in units of 10^-scale.
  ///   - least: so many digits are kept after the point even when they are zeros.
  static func text(_ value: Int128, scale: Int, least: Int = 0) -> String {
    DecimalText.of(value.magnitude, scale: scale, least: least, sign: value < 0 ? "−" : "")
  }

  /// trunc(part × ppb / 10⁹), toward zero, in nanos, and whether anything was cut off.
  /// - Parameter part: of a pool, in 10⁻¹² nano.
  static func share(of part: Int128, ppb: Int64) -> (nanos: Int64, isCut: Bool) {
    let magnitude = Int128(part.magnitude)
    let (nanos, rest) = magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    let (fraction, lost) = (rest * Int128(ppb)).quotientAndRemainder(
      dividingBy: 1_000_000_000_000)
    let (whole, cut) = (nanos * Int128(ppb) + fraction).quotientAndRemainder(
      dividingBy: 1_000_000_000)
    let amount = Int64(whole)
    return (part < 0 ? -amount : amount, cut != 0 || lost != 0)
  }
}
