import JSON
import Ledger

/// Orders as WooCommerce sends them.
enum WooCommerceHook {
  /// What becomes of orders that come to nothing, paid or not.
  private static let off = ["cancelled", "failed", "trash"]

  /// An order as it stands now, read like a row of an export for each item.
  static func order(_ json: JSON) throws -> HookOrder {
    // A hook that was made just now sends its number to see whether somebody listens.
    if json["webhook_id"] != nil && json["line_items"] == nil { return HookOrder(lines: []) }
    let status = HookOrder.text(json["status"])
    if off.contains(status) {
      // As if all of it had come back.
      let lines = try lines(json, status: "refunded")
      return HookOrder(lines: lines.filter { $0.quantity < 0 }, isOff: true)
    }
    let lines = try lines(json, status: status)
    if lines.isEmpty || status == "refunded" { return HookOrder(lines: lines) }
    return HookOrder(lines: lines + (try unclear(json, lines[0])))
  }

  private static func lines(_ json: JSON, status: String) throws -> [SaleLine] {
    let items = try HookOrder.items(json)
    func country(_ address: String) -> String { HookOrder.country(json[address]?["country"]) }
    // Not the day of the payment, which may still change after the order is in.
    let made = HookOrder.text(json["date_created_gmt"])
    let rows = try items.map { item in
      [
        HookOrder.text(json["id"]), status, made, HookOrder.text(json["currency"]),
        HookOrder.text(item["id"]), HookOrder.text(item["name"]), HookOrder.text(item["sku"]),
        HookOrder.text(item["quantity"]), HookOrder.text(item["subtotal"]),
        HookOrder.text(item["total"]), country("shipping"), country("billing"),
        items.count == 1
          ? "\(try refunds(json).reduce(Int128(0)) { $0 + Int128($1.units ?? 0) })" : "",
      ]
    }
    let columns = [
      "order_id", "status", "date", "order_currency", "item_id", "item_name", "item_sku",
      "item_quantity", "item_subtotal", "item_total", "shipping_country", "billing_country",
      "item_refunded_qty",
    ]
    return try HookOrder.read(rows, columns, try ShippedMapping.woocommerce.mapping())
  }

  private struct Refund {
    let id: String
    let nanos: Int64
    /// Units of the order's only item whose money it is; nil when that cannot be told.
    let units: Int64?
  }

  /// Of an order that keeps some of its money WooCommerce says how much went back, not for what.
  private static func refunds(_ json: JSON) throws -> [Refund] {
    let items = try HookOrder.items(json)
    let units = items.count == 1 ? Int128(items[0]["quantity"]?.int ?? 0) : 0
    let total = items.count == 1 ? HookOrder.text(items[0]["total"]) : "0"
    let paid = Int128(try HookOrder.nanos(total, "/line_items/0/total"))
    return try (json["refunds"]?.array ?? []).enumerated().map { index, part in
      let amount = HookOrder.text(part["total"])
      let nanos = try HookOrder.nanos(amount, "/refunds/\(index)/total")
      let back = Int128(nanos.magnitude)
      let isWhole = paid > 0 && back <= paid && back * units % paid == 0
      return Refund(
        id: HookOrder.text(part["id"]), nanos: Int64(clamping: back),
        units: isWhole ? Int64(clamping: back * units / paid) : nil)
    }
  }

  /// Refunds for which somebody has to say what came back.
  private static func unclear(_ json: JSON, _ first: SaleLine) throws -> [SaleLine] {
    let order = HookOrder.text(json["id"])
    let isAlone = try HookOrder.items(json).count == 1
    return try refunds(json).filter { $0.units == nil && $0.nanos > 0 }.map { refund in
      try HookOrder.refund(
        "\(order)/refund/\(refund.id)", of: isAlone ? first.externalID : order,
        product: first.product, refund.nanos, first.currency.code, at: first.soldAt.description)
    }
  }
}
