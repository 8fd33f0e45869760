import JSON
import Ledger
import Postgres

/// The lines in what a shop sends.
enum HookOrder {
  /// - Throws: `Invalid` for a body that is not what the shop sends.
  static func lines(_ json: JSON, from signer: HookSecrets.Signer) throws -> [SaleLine] {
    switch signer {
    case .standard: try ours(json)
    case .shopify:
      json["refund_line_items"] == nil ? try shopify(json) : try shopifyRefund(json)
    case .woocommerce: try woocommerce(json)
    }
  }

  private static func ours(_ json: JSON) throws -> [SaleLine] {
    guard let lines = json["lines"]?.array, (1...RecordSales.limit).contains(lines.count) else {
      throw Invalid("/lines", "must be an array of 1 to \(RecordSales.limit) lines")
    }
    var wrong = Invalid()
    var read: [SaleLine] = []
    for (index, line) in lines.enumerated() {
      do { read.append(try SaleLine(json: line, at: "/lines/\(index)")) } catch { wrong.add(error) }
    }
    if !wrong.isEmpty { throw wrong }
    return read
  }

  // MARK: WooCommerce

  /// An order as it stands now, read like a row of an export for each item.
  private static func woocommerce(_ json: JSON) throws -> [SaleLine] {
    // A hook that was made just now sends its number to see whether somebody listens.
    if json["webhook_id"] != nil && json["line_items"] == nil { return [] }
    let items = try items(json)
    func country(_ address: String) -> String { text(json[address]?["country"]) }
    let paid = text(json["date_paid_gmt"]), made = text(json["date_created_gmt"])
    let rows = items.map { item in
      [
        text(json["id"]), text(json["status"]), paid.isEmpty ? made : paid,
        text(json["currency"]), text(item["id"]), text(item["name"]), text(item["sku"]),
        text(item["quantity"]), text(item["subtotal"]), text(item["total"]), country("shipping"),
        country("billing"),
      ]
    }
    let columns = [
      "order_id", "status", "date_paid", "order_currency", "item_id", "item_name", "item_sku",
      "item_quantity", "item_subtotal", "item_total", "shipping_country", "billing_country",
    ]
    return try read(rows, columns, try ShippedMapping.woocommerce.mapping())
  }

  // MARK: Shopify

  private static let shopifyMapping = """
    {"layout": "orders", "orders": {"by": "order", "item": "item"},
     "fields": {"product_id": ["sku", "title"], "channel": {"value": "direct"},
                "quantity": "quantity", "unit_price": "price", "discount": "discount",
                "currency": "currency", "sold_at": "sold_at", "territory": "country"}}
    """

  private static func shopify(_ json: JSON) throws -> [SaleLine] {
    let sold = text(json["processed_at"])
    let country =
      json["shipping_address"]?["country_code"] ?? json["billing_address"]?["country_code"]
    let rows = try items(json).map { item in
      [
        text(json["id"]), text(item["id"]), text(item["sku"]), text(item["title"]),
        text(item["quantity"]), text(item["price"]), try discount(item), text(json["currency"]),
        sold.isEmpty ? text(json["created_at"]) : sold, text(country),
      ]
    }
    let columns = [
      "order", "item", "sku", "title", "quantity", "price", "discount", "currency", "sold_at",
      "country",
    ]
    return try read(rows, columns, try SaleMapping(json: try JSON.parse(shopifyMapping)))
  }

  /// Shopify divides discounts of orders among their items itself.
  private static func discount(_ item: JSON) throws -> String {
    guard let parts = item["discount_allocations"]?.array, !parts.isEmpty else {
      return text(item["total_discount"])
    }
    var sum: Int64 = 0
    for part in parts { sum += try nanos(text(part["amount"]), "/line_items") }
    return decimal(sum)
  }

  private static func shopifyRefund(_ json: JSON) throws -> [SaleLine] {
    let order = text(json["order_id"])
    return try (json["refund_line_items"]?.array ?? []).enumerated().map { index, part in
      let pointer = "/refund_line_items/\(index)"
      let item = part["line_item"] ?? .null
      let sale = "\(order)/\(text(part["line_item_id"]))"
      let units = part["quantity"]?.int ?? 0
      let price = try nanos(text(item["price"]), pointer)
      let (gross, over) = price.multipliedReportingOverflow(by: units)
      if over { throw Invalid(pointer, AmountError.overflow.description) }
      let paid = text(part["subtotal"])
      let discount = paid.isEmpty ? 0 : max(0, gross - (try nanos(paid, pointer)))
      let money = item["price_set"]?["shop_money"]?["currency_code"]
      let sku = text(item["sku"])
      let fields = [
        "external_id": "\(sale)/refund/\(text(part["id"]))", "return_of": sale,
        "product_id": sku.isEmpty ? text(item["title"]) : sku, "channel": "direct",
        "quantity": "-\(units)", "unit_price": decimal(price), "discount": decimal(discount),
        "currency": text(money ?? json["transactions"]?[0]?["currency"]),
        "sold_at": text(json["created_at"]),
      ]
      return try SaleLine(at: pointer) { key in
        fields[key].flatMap { $0.isEmpty ? nil : $0 }
      }
    }
  }

  // MARK: Both

  private static func items(_ json: JSON) throws -> [JSON] {
    guard let items = json["line_items"]?.array, items.count <= RecordSales.limit else {
      throw Invalid("/line_items", "must be an array of at most \(RecordSales.limit) items")
    }
    return items
  }

  private static func read(_ rows: [[String]], _ columns: [String], _ mapping: SaleMapping) throws
    -> [SaleLine]
  {
    if rows.isEmpty { return [] }
    let header = MappedHeader(
      places: Dictionary(
        uniqueKeysWithValues: columns.enumerated().map { ($0.element, $0.offset) }),
      count: columns.count, hasCommas: false, isMonthFirst: false)
    let group = rows.enumerated().map {
      MappedRow(number: $0.offset + 1, header: header, values: $0.element)
    }
    var wrong = Invalid()
    var lines: [SaleLine] = []
    for made in try MappedLines(mapping: mapping, header: header).lines(
      of: group, passOver: { _ in })
    {
      switch made {
      case .success(let line): lines.append(line)
      case .failure(let mistake): wrong.add(mistake)
      }
    }
    if !wrong.isEmpty { throw wrong }
    return lines
  }

  /// A text or a whole number as a text.
  private static func text(_ json: JSON?) -> String {
    json?.string ?? json?.int.map { "\($0)" } ?? ""
  }

  private static func nanos(_ text: String, _ pointer: String) throws -> Int64 {
    do { return try Amount.nanos(decimal: text) } catch {
      throw Invalid(pointer, "\"\(text)\" \(error.description)")
    }
  }

  private static func decimal(_ nanos: Int64) -> String {
    let digits = String(nanos.magnitude)
    let padded = String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    return (nanos < 0 ? "-" : "") + padded.dropLast(9) + "." + padded.suffix(9)
  }
}
