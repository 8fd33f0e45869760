import Ledger

/// Above which amounts a plan takes two people, by currency: `USD 10000, EUR 9000.50`.
public struct ApprovalLimits: Sendable, Equatable {
  /// In nanos. Other currencies have no limit.
  public let above: [Currency: Int64]

  public static let none = ApprovalLimits(above: [:])

  public init(above: [Currency: Int64]) { self.above = above }

  /// Nil for a text that names no currency or amount, or a currency twice.
  public init?(_ text: String) {
    var above: [Currency: Int64] = [:]
    for part in text.split(separator: ",") {
      let words = part.split(separator: " ").map(String.init)
      guard words.count == 2, let currency = Currency(words[0]), above[currency] == nil else {
        return nil
      }
      do throws(AmountError) { above[currency] = try Amount.nanos(decimal: words[1]) } catch {
        return nil
      }
      if above[currency, default: 0] < 0 { return nil }
    }
    if above.isEmpty { return nil }
    self.above = above
  }

  /// Which limit is exceeded, in words; nil: none.
  /// - Parameter totals: by how much pools change, up or down, by currency.
  func exceeded(by totals: [Currency: Int64]) -> String? {
    for (currency, limit) in above.sorted(by: { $0.key < $1.key }) {
      let total = totals[currency] ?? 0
      if total > limit {
        let (moved, allowed) = (
          Amount(nanos: total, currency: currency), Amount(nanos: limit, currency: currency)
        )
        return "pools change by \(moved), above the limit of \(allowed)"
      }
    }
    return nil
  }
}
