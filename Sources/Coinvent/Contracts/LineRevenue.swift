import Ledger

/// What the rate of a line is taken of: a magnitude, in millionths of a nano.
enum LineRevenue {
  static let million: Int128 = 1_000_000

  static func of(_ line: CountedLine, _ terms: ContractTerms) -> Int128 {
    let gross = Int128(line.units) * Int128(line.unitPrice)
    switch terms.base {
    case .gross: return gross * million
    case .net: return gross * million - deducted(line, gross, terms.further.deductions)
    case .list:
      // Recorded lines have one, and contracts that would leave them without are refused; the price
      // a line was sold at is for books from before that.
      let price = listPrice(line, terms.further.listPrices) ?? line.unitPrice
      return Int128(line.units) * Int128(price) * million
    }
  }

  /// Whether a line has no list price where its contract asks for one.
  static func lacksListPrice(_ line: CountedLine, _ terms: ContractTerms) -> Bool {
    terms.base == .list && listPrice(line, terms.further.listPrices) == nil
  }

  /// The line's, else its sale's, else the contract's.
  private static func listPrice(_ line: CountedLine, _ prices: [Currency: Int64]) -> Int64? {
    if let price = line.listPrice ?? line.origin?.listPrice { return price }
    return Currency(line.currency).flatMap { prices[$0] }
  }

  private static func deducted(_ line: CountedLine, _ gross: Int128, _ named: Deductions?)
    -> Int128
  {
    guard let named else { return (Int128(line.discount) + Int128(line.allowance)) * million }
    var total: Int128 = 0
    for item in named.items {
      let nanos =
        switch item.name {
        case "discount": line.discount
        case "allowance": line.allowance
        default: line.deductions[item.name] ?? 0
        }
      let whole = Int128(nanos) * million
      total += item.cap.map { min(whole, gross * Int128($0)) } ?? whole
    }
    if let cap = named.cap { total = min(total, gross * Int128(cap)) }
    return min(total, gross * million)
  }
}
