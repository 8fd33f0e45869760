import Ledger

/// A decimal number with at most nine digits after the point, held exactly.
public struct ExactNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Billionths.
  public let nanos: Int64

  public init(nanos: Int64) { self.nanos = nanos }

  /// - Returns: nil for a text that is no such number: `12.5`, `-3`; no plus, no exponent.
  public init?(_ text: String) {
    do throws(AmountError) {
      nanos = try Amount.nanos(decimal: text)
    } catch {
      return nil
    }
  }

  /// How many digits after the point it needs.
  public var decimals: Int {
    var rest = nanos
    var digits = 9
    while digits > 0 && rest % 10 == 0 {
      rest /= 10
      digits -= 1
    }
    return digits
  }

  /// The shortest form: no zeros at the end.
  public var description: String {
    let fraction = String(nanos.magnitude % 1_000_000_000)
    let padded = String(repeating: "0", count: 9 - fraction.count) + fraction
    let whole = (nanos < 0 ? "-" : "") + String(nanos.magnitude / 1_000_000_000)
    return decimals == 0 ? whole : whole + "." + padded.prefix(decimals)
  }

  public static func < (a: ExactNumber, b: ExactNumber) -> Bool { a.nanos < b.nanos }
}
