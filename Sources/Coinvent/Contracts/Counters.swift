import Ledger

/// How much a product has sold so far, by the names that its rules count under.
///
/// They belong to the product and go on over versions of its contract.
struct Counters {
  private struct Key: Hashable {
    let name: String
    /// Empty for units.
    let currency: String
  }

  private var counts: [Key: Int128] = [:]

  /// Each starts where the earliest version that opens it says; money in millionths of a nano.
  init(_ contracts: [DatedContract]) {
    for opening in contracts.flatMap(\.terms.further.opening) {
      let key = Key(name: opening.counter, currency: opening.currency?.code ?? "")
      let scale = opening.currency == nil ? 1 : LineRevenue.million
      if counts[key] == nil { counts[key] = Int128(opening.count) * scale }
    }
  }

  func units(_ name: String) -> Int128 { counts[Key(name: name, currency: "")] ?? 0 }

  func money(_ name: String, _ currency: String) -> Int128 {
    counts[Key(name: name, currency: currency)] ?? 0
  }

  /// Counts a line on, or back for a return.
  mutating func count(
    _ way: RuleInForce.Way, units: Int64, base: Int128, _ currency: String, back: Bool
  ) {
    let sign: Int128 = back ? -1 : 1
    switch way {
    case .flat(nil): break
    case .flat(let name?):
      counts[Key(name: name, currency: ""), default: 0] += sign * Int128(units)
      counts[Key(name: name, currency: currency), default: 0] += sign * base
    case .units(let name): counts[Key(name: name, currency: ""), default: 0] += sign * Int128(units)
    case .money(let name): counts[Key(name: name, currency: currency), default: 0] += sign * base
    }
  }
}
