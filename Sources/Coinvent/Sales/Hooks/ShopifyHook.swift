import JSON
import Ledger

/// Orders and refunds as Shopify sends them.
enum ShopifyHook {
  private static let shopifyMapping = """
    {"layout": "orders", "orders": {"by": "order", "item": "item"},
     "fields": {"product_id": ["sku", "title"], "channel": {"value": "direct"},
                "quantity": "quantity", "unit_price": "price", "discount": "discount",
                "currency": "currency", "sold_at": "sold_at", "territory": "country"}}
    """

  /// Orders that are not paid yet come again when they are.
  private static let unpaid = [
    "pending", "authorized", "partially_paid", "voided", "expired", "unpaid",
  ]

  static func order(_ json: JSON) throws -> [SaleLine] {
    // Orders with which a shop is tried out.
    if json["test"]?.bool == true { return [] }
    if unpaid.contains(HookOrder.text(json["financial_status"])) { return [] }
    let sold = HookOrder.text(json["processed_at"])
    let country =
      json["shipping_address"]?["country_code"] ?? json["billing_address"]?["country_code"]
    let items = try HookOrder.items(json)
    let discounts = try items.map(discount)
    let taxes = try ShopifyTaxes.included(json, items, paid: try paid(items, discounts))
    let rows = try items.enumerated().map { index, item in
      let off = try HookOrder.fitting(discounts[index] + taxes[index], "/line_items/\(index)")
      return [
        HookOrder.text(json["id"]), HookOrder.text(item["id"]), HookOrder.text(item["sku"]),
        HookOrder.text(item["title"]),
        HookOrder.text(item["quantity"]), HookOrder.text(item["price"]), NineDigits.text(off),
        HookOrder.text(json["currency"]),
        sold.isEmpty ? HookOrder.text(json["created_at"]) : sold, HookOrder.country(country),
      ]
    }
    let columns = [
      "order", "item", "sku", "title", "quantity", "price", "discount", "currency", "sold_at",
      "country",
    ]
    return try HookOrder.read(rows, columns, try SaleMapping(json: try JSON.parse(shopifyMapping)))
  }

  /// Shopify divides discounts of orders among their items itself.
  private static func discount(_ item: JSON) throws -> Int128 {
    guard let parts = item["discount_allocations"]?.array, !parts.isEmpty else {
      let total = HookOrder.text(item["total_discount"])
      return total.isEmpty ? 0 : Int128(try HookOrder.nanos(total, "/line_items"))
    }
    return try parts.reduce(Int128(0)) {
      $0 + Int128(try HookOrder.nanos(HookOrder.text($1["amount"]), "/line_items"))
    }
  }

  private static func paid(_ items: [JSON], _ discounts: [Int128]) throws -> [Int128] {
    try zip(items, discounts).map { item, discount in
      let price = HookOrder.text(item["price"])
      if price.isEmpty { return 0 }
      return Int128(try HookOrder.nanos(price, "/line_items"))
        * Int128(item["quantity"]?.int ?? 0) - discount
    }
  }

  /// The keys of the sales that a refund names.
  static func sales(ofRefund json: JSON) -> [String] {
    let order = HookOrder.text(json["order_id"])
    return (json["refund_line_items"]?.array ?? []).map {
      "\(order)/\(HookOrder.text($0["line_item_id"]))"
    }
  }

  /// - Parameter discounts: of the sales that the books know, by their keys.
  static func refund(_ json: JSON, discounts: [String: Int64]) throws -> [SaleLine] {
    let order = HookOrder.text(json["order_id"])
    let parts = json["refund_line_items"]?.array ?? []
    if parts.isEmpty { return try money(json, order) }
    return try parts.enumerated().filter { $0.element["quantity"]?.int != 0 }.map { index, part in
      let pointer = "/refund_line_items/\(index)"
      let item = part["line_item"] ?? .null
      let sale = "\(order)/\(HookOrder.text(part["line_item_id"]))"
      let units = part["quantity"]?.int ?? 0
      let price = try HookOrder.nanos(HookOrder.text(item["price"]), pointer)
      let (gross, over) = price.multipliedReportingOverflow(by: units)
      if over { throw Invalid(pointer, AmountError.overflow.description) }
      let money = item["price_set"]?["shop_money"]?["currency_code"]
      let currency = HookOrder.text(money ?? json["transactions"]?[0]?["currency"])
      let sku = HookOrder.text(item["sku"])
      let product = sku.isEmpty ? HookOrder.text(item["title"]) : sku
      let id = "\(sale)/refund/\(HookOrder.text(part["id"]))"
      let moment = HookOrder.text(json["created_at"])
      guard
        let off = try ShopifyTaxes.off(
          part, gross: Int128(gross), units: units, own: try discount(item),
          sale: discounts[sale], at: pointer)
      else {
        let text = HookOrder.text(part["subtotal"])
        let paid = text.isEmpty ? gross : try HookOrder.nanos(text, pointer)
        return try HookOrder.refund(id, of: order, product: product, paid, currency, at: moment)
      }
      let fields = [
        "external_id": id, "return_of": sale, "product_id": product, "channel": "direct",
        "quantity": "-\(units)", "unit_price": NineDigits.text(price),
        "discount": NineDigits.text(try HookOrder.fitting(off, pointer)), "currency": currency,
        "sold_at": moment,
      ]
      return try SaleLine(at: pointer) { key in
        fields[key].flatMap { $0.isEmpty ? nil : $0 }
      }
    }
  }

  /// Money that went back for no item: somebody has to say what for. What was paid for shipping is
  /// none of it.
  private static func money(_ json: JSON, _ order: String) throws -> [SaleLine] {
    var amount: Int128 = 0
    for (index, part) in (json["transactions"]?.array ?? []).enumerated() {
      let status = HookOrder.text(part["status"])
      guard HookOrder.text(part["kind"]) == "refund", status.isEmpty || status == "success" else {
        continue
      }
      let money = HookOrder.text(part["amount"])
      amount += Int128(try HookOrder.nanos(money, "/transactions/\(index)"))
    }
    for (index, part) in (json["order_adjustments"]?.array ?? []).enumerated()
    where HookOrder.text(part["kind"]) == "shipping_refund" {
      for name in ["amount", "tax_amount"] where !HookOrder.text(part[name]).isEmpty {
        let shipping = HookOrder.text(part[name])
        amount -= Int128(abs(try HookOrder.nanos(shipping, "/order_adjustments/\(index)")))
      }
    }
    if amount <= 0 { return [] }
    return [
      try HookOrder.refund(
        "\(order)/refund/\(HookOrder.text(json["id"]))", of: order, product: order,
        try HookOrder.fitting(amount, "/transactions"),
        HookOrder.text(json["transactions"]?[0]?["currency"]),
        at: HookOrder.text(json["created_at"]))
    ]
  }
}
