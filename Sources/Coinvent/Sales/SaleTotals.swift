import Ledger

/// What the lines of a report add up to.
public struct SaleTotals: Sendable, Equatable {
  public private(set) var lines: Int64 = 0
  /// Sold less what came back.
  public private(set) var units: Int64 = 0
  /// Quantity times unit price by currency, in nanos; returns count the other way.
  public private(set) var gross: [Currency: Int128] = [:]

  public init() {}

  public mutating func add(_ line: SaleLine) {
    lines += 1
    units &+= line.quantity
    gross[line.currency, default: 0] += Int128(line.quantity) * Int128(line.unitPrice)
  }

  public static func amount(_ nanos: Int128, _ currency: Currency) -> String {
    guard let nanos = Int64(exactly: nanos) else { return "\(nanos) nanos \(currency)" }
    return Amount(nanos: nanos, currency: currency).description
  }
}

/// A figure that a report must add up to; said by who sends it, or by the report itself.
public enum SaleExpectation: Sendable, Equatable {
  case lines(Int64)
  case units(Int64)
  /// Quantity times unit price of all lines in the currency, in nanos.
  case gross(Int64, Currency)
  /// A column whose rows must add up to what another one says, in nanos.
  case column(String, says: Int128, sum: Int128)

  /// What differs, with both figures; nil when it fits.
  func fault(_ totals: SaleTotals) -> String? {
    switch self {
    case .lines(let lines):
      totals.lines == lines
        ? nil : "\(counted(lines, "line")) \(were(lines)) expected, it has \(totals.lines)"
    case .units(let units):
      totals.units == units
        ? nil
        : "\(counted(units, "unit")) \(were(units)) expected, its lines have \(totals.units)"
    case .gross(let nanos, let currency):
      totals.gross[currency] ?? 0 == Int128(nanos)
        ? nil
        : "\(SaleTotals.amount(Int128(nanos), currency)) were expected, its lines add up to "
          + SaleTotals.amount(totals.gross[currency] ?? 0, currency)
    case .column(let name, let says, let sum):
      says == sum
        ? nil
        : "it says \(Self.decimal(says)) in all, but the column \(name) adds up to "
          + Self.decimal(sum)
    }
  }

  /// Throws when a figure is another one than expected.
  public static func check(_ expected: [SaleExpectation], _ totals: SaleTotals) throws {
    var wrong = Invalid()
    for fault in faults(expected, totals) { wrong.add("the report", fault) }
    if !wrong.isEmpty { throw wrong }
  }

  /// What differs, each with both figures.
  public static func faults(_ expected: [SaleExpectation], _ totals: SaleTotals) -> [String] {
    expected.compactMap { $0.fault(totals) }
  }

  private func were(_ count: Int64) -> String { count.magnitude == 1 ? "was" : "were" }

  private static func decimal(_ nanos: Int128) -> String {
    DecimalText.of(nanos.magnitude, scale: 9, least: 2, sign: nanos < 0 ? "-" : "")
  }
}
