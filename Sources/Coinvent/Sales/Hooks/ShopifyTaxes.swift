import JSON
import Ledger

/// Tax in Shopify's prices, which is none of what royalties are of.
enum ShopifyTaxes {
  /// The tax in what was paid for each item of an order; zeros when it came on top.
  /// - Parameter paid: of each item, in nanos.
  static func included(_ order: JSON, _ items: [JSON], paid: [Int128]) throws -> [Int128] {
    guard order["taxes_included"]?.bool == true else { return items.map { _ in 0 } }
    let said = try items.enumerated().map { index, item in
      try sum(item["tax_lines"], "/line_items/\(index)/tax_lines")
    }
    let all = try nanos(order["total_tax"], "/total_tax")
    if all == 0 || said.contains(where: { $0 != 0 }) { return said }
    // What is said of the order alone is divided as its discount is. Shipping has its own.
    let shipping = try (order["shipping_lines"]?.array ?? []).enumerated().reduce(Int128(0)) {
      $0 + (try sum($1.element["tax_lines"], "/shipping_lines/\($1.offset)/tax_lines"))
    }
    let weights = try paid.map { Int128(max(0, try HookOrder.fitting($0, "/line_items"))) }
    guard let parts = DividedAmount.parts(of: max(0, all - shipping), by: weights) else {
      throw Invalid("/total_tax", AmountError.overflow.description)
    }
    return parts
  }

  /// What a refund of units is less than their price: their discount, and tax that had been taken
  /// off their sale. A refund does not say whether prices include tax; its sale in the books does.
  /// - Parameters:
  ///   - sale: what the books have taken off the sale; nil when they do not know it.
  ///   - own: the discounts of the sale by what Shopify says.
  /// - Returns: nil when only the sale could tell.
  static func off(
    _ part: JSON, gross: Int128, units: Int64, own: Int128, sale: Int64?, at pointer: String
  ) throws -> Int128? {
    let text = HookOrder.text(part["subtotal"])
    let kept = text.isEmpty ? gross : Int128(try HookOrder.nanos(text, pointer))
    let off = max(0, gross - kept)
    let tax = try nanos(part["total_tax"], pointer)
    if tax <= 0 { return off }
    guard let sale else { return nil }
    let taken = Int128(sale) - own
    let said = try sum(part["line_item"]?["tax_lines"], pointer)
    if taken <= 0 || said > 0 && taken != said { return off }
    // The subtotal may have the tax in it, as the price has, or not.
    let all = Int128(part["line_item"]?["quantity"]?.int ?? units)
    let share = all > 0 ? Int128(try HookOrder.fitting(own, pointer)) * Int128(units) / all : 0
    let isWithTax = abs(gross - share - kept) < (tax + 1) / 2
    return isWithTax ? off + tax : off
  }

  private static func sum(_ lines: JSON?, _ pointer: String) throws -> Int128 {
    try (lines?.array ?? []).reduce(Int128(0)) { $0 + (try nanos($1["price"], pointer)) }
  }

  /// Nothing is 0.
  private static func nanos(_ json: JSON?, _ pointer: String) throws -> Int128 {
    let text = HookOrder.text(json)
    return text.isEmpty ? 0 : Int128(try HookOrder.nanos(text, pointer))
  }
}
