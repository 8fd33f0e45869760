import Ledger

/// Which of an order's discounts were given on its items.
///
/// Rows may say a discount of their own, and the order one of all. Some shops mean both, some write
/// the sum of the first in the second, and one on shipping is none of the items'. What all items
/// come to tells.
struct OrderDiscounts {
  /// The items' own discounts count.
  var keepsOwn = true
  /// To be divided among the items.
  var shared: Int128
  /// The part of the order's discount that was given on something else.
  var spared: Int128 = 0

  /// Takes the order's discount as it is.
  init(of order: Int128) { shared = order }

  /// - Parameters:
  ///   - gross: price times quantity of all items.
  ///   - subtotal: what they come to after discounts.
  ///   - own: the items' discounts.
  ///   - order: the order's discount.
  /// - Returns: nil when the subtotal agrees with none of them.
  init?(gross: Int128, subtotal: Int128, own: Int128, order: Int128) {
    self.init(of: order)
    let off = gross - subtotal
    if off == own + order { return }
    if off == own {
      (shared, spared) = (0, order)
    } else if off == order {
      // It is the sum of the items' own and of what it adds to them.
      keepsOwn = order >= own
      shared = keepsOwn ? order - own : order
    } else if own > 0 && order > 0 {
      return nil
    }
  }
}
