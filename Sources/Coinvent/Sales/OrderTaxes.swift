import Ledger

/// Where an order says its tax, and whether its prices include it.
///
/// Royalties are of what was earned: tax that stands in the prices is taken off, tax that comes on
/// top was never in them.
public struct OrderTaxes: Sendable, Equatable {
  public enum Prices: String, Sendable, CaseIterable {
    case included, excluded
  }

  /// The column of the order's tax.
  public let amount: String
  /// The column of what was to be paid for the order.
  public let total: String
  /// Columns of what it holds beside its items, such as shipping.
  public let plus: [String]
  /// What prices are where the order's sums do not tell.
  public let otherwise: Prices?

  /// The tax in the prices of an order's items, and what else was paid whose tax it holds.
  struct Found {
    var tax: Int128 = 0
    var beside: Int128 = 0
  }

  /// - Parameters:
  ///   - first: the order's first row.
  ///   - subtotal: the column of what all items come to after discounts.
  ///   - spared: a discount that is none of the items', so perhaps one of the shipping.
  /// - Throws: `Invalid` when nothing tells whether prices include the tax.
  func read(_ first: MappedRow, subtotal: String, spared: Int128) throws -> Found {
    let tax = Int128(try first.amount(first.value(amount)))
    if tax <= 0 { return Found() }
    let all = Int128(try first.amount(first.value(total)))
    let items = Int128(try first.amount(first.value(subtotal)))
    let rest = try plus.reduce(Int128(0)) { $0 + Int128(try first.amount(first.value($1))) }
    let areKnown = !first.value(total).isEmpty && !first.value(subtotal).isEmpty
    // Whether the shipping's own discount is taken off it already is not said.
    let sums = areKnown ? [items + rest, items + rest - spared] : []
    let (included, excluded) = (sums.contains(all), sums.contains { $0 + tax == all })
    guard let prices = included == excluded ? otherwise : included ? .included : .excluded else {
      throw Invalid("row \(first.number)", fault(first, subtotal))
    }
    return prices == .excluded ? Found() : Found(tax: tax, beside: max(0, all - items))
  }

  private func fault(_ row: MappedRow, _ subtotal: String) -> String {
    let parts = ([amount, subtotal] + plus + [total]).map { column in
      "\(column) \(row.value(column).isEmpty ? "(empty)" : row.value(column))"
    }
    return
      "its sums do not tell whether its prices include tax (\(parts.joined(separator: ", "))); "
      + "say \"else\":\"included\" or \"excluded\" in orders.taxes of a mapping of your own"
  }
}
