/// Money: a signed count of nanos (10⁻⁹ of the major unit) of one currency.
///
/// 29.99 USD is 29 990 000 000 nanos. Arithmetic is exact; what does not fit in 64 bits (about
/// ±9.2 billion major units) throws `AmountError.overflow` and never wraps.
public struct Amount: Hashable, Sendable, CustomStringConvertible {
  public let nanos: Int64
  public let currency: Currency

  /// Nanos in one major unit.
  public static let one: Int64 = 1_000_000_000
  static let powersOfTen: [Int64] = (0...9).map { power in
    (0..<power).reduce(into: Int64(1)) { value, _ in value *= 10 }
  }

  public init(nanos: Int64, currency: Currency) {
    self.nanos = nanos
    self.currency = currency
  }

  /// Reads a decimal such as `12.60`, `-3` or `0.000000001`: digits with at most nine after the
  /// point, an optional leading minus, no plus, no exponent, no grouping, no blank.
  public init(decimal: String, currency: Currency) throws(AmountError) {
    self.init(nanos: try Amount.nanos(decimal: decimal), currency: currency)
  }

  /// The nanos of a decimal string; see `init(decimal:currency:)`.
  public static func nanos(decimal: String) throws(AmountError) -> Int64 {
    var text = decimal
    let read: Result<Int64, AmountError> = text.withUTF8 { bytes in
      do throws(AmountError) { return .success(try nanos(bytes)) } catch { return .failure(error) }
    }
    return try read.get()
  }

  private static func nanos(_ text: UnsafeBufferPointer<UInt8>) throws(AmountError) -> Int64 {
    let isNegative = text.first == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    let point = text.firstIndex(of: UInt8(ascii: ".")) ?? text.count
    guard point > start, point + 1 != text.count else { throw .malformed }
    guard text.count - point <= 10 else { throw .tooPrecise }
    var value: Int64 = 0
    for place in start..<(point + 10) where place != point {
      var digit: Int64 = 0
      if place < text.count {
        guard (48...57).contains(text[place]) else { throw .malformed }
        digit = Int64(text[place]) - 48
      }
      let (times, over) = value.multipliedReportingOverflow(by: 10)
      // Counting downwards reaches Int64.min, which has no positive twin.
      let (sum, under) = times.subtractingReportingOverflow(digit)
      guard !over, !under else { throw .overflow }
      value = sum
    }
    if isNegative { return value }
    guard value != .min else { throw .overflow }
    return -value
  }

  /// Every digit that counts, and never fewer than the minor unit's: `12.60`, `1.1988`, `5` (JPY).
  public var decimal: String {
    DecimalText.of(
      UInt128(nanos.magnitude), scale: 9, least: currency.minorUnits, sign: nanos < 0 ? "-" : "")
  }

  public var description: String { "\(decimal) \(currency.code)" }

  /// The largest whole count of minor units not above the amount; the amount must not be negative.
  public var roundedDownToMinorUnits: Amount {
    precondition(nanos >= 0, "only an amount to pay is rounded, and that is never negative")
    return Amount(nanos: nanos - nanos % currency.minorUnit, currency: currency)
  }

  /// - Throws: `.overflow`; mixing currencies is a programmer's error.
  public func adding(_ other: Amount) throws(AmountError) -> Amount {
    precondition(currency == other.currency, "\(currency) and \(other.currency) never mix")
    let (sum, overflow) = nanos.addingReportingOverflow(other.nanos)
    if overflow { throw .overflow }
    return Amount(nanos: sum, currency: currency)
  }

  /// - Throws: `.overflow`.
  public func times(_ count: Int64) throws(AmountError) -> Amount {
    let (product, overflow) = nanos.multipliedReportingOverflow(by: count)
    if overflow { throw .overflow }
    return Amount(nanos: product, currency: currency)
  }
}

/// Why a text or a sum is no amount.
public enum AmountError: Error, Equatable, CustomStringConvertible {
  case malformed, tooPrecise, overflow

  public var description: String {
    switch self {
    case .malformed: "is not a decimal number such as \"12.60\""
    case .tooPrecise: "has more than nine digits after the point"
    case .overflow: "is beyond 9223372036.854775807, the largest amount one entry can hold"
    }
  }
}
