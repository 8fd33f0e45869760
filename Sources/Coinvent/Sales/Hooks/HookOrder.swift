import JSON
import Ledger
import Postgres

/// What a shop says was sold and came back.
struct HookOrder {
  var lines: [SaleLine]
  /// The order is off: what is known of its sales came back, and what is not was never sold.
  var isOff = false

  /// - Parameter discounts: of sales that a refund names and the books know, by their keys.
  /// - Throws: `Invalid` for a body that is not what the shop sends.
  init(_ json: JSON, from signer: HookSecrets.Signer, discounts: [String: Int64] = [:]) throws {
    switch signer {
    case .standard: self.init(lines: try Self.ours(json))
    case .shopify:
      self.init(
        lines: json["refund_line_items"] == nil
          ? try ShopifyHook.order(json) : try ShopifyHook.refund(json, discounts: discounts))
    case .woocommerce: self = try WooCommerceHook.order(json)
    }
  }

  init(lines: [SaleLine], isOff: Bool = false) {
    self.lines = lines
    self.isOff = isOff
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

  // MARK: Shared by shops

  static func items(_ json: JSON) throws -> [JSON] {
    guard let items = json["line_items"]?.array, items.count <= RecordSales.limit else {
      throw Invalid(
        "/line_items",
        "must be an array of at most \(RecordSales.limit) items; is it a delivery about orders?")
    }
    return items
  }

  static func read(_ rows: [[String]], _ columns: [String], _ mapping: SaleMapping) throws
    -> [SaleLine]
  {
    if rows.isEmpty { return [] }
    let header = MappedHeader(
      places: Dictionary(
        uniqueKeysWithValues: columns.enumerated().map { ($0.element, $0.offset) }),
      count: columns.count, numbers: .point, dates: mapping.dates)
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

  /// Money that went back for units that nobody has named.
  static func refund(
    _ id: String, of sale: String, product: String, _ nanos: Int64, _ currency: String,
    at moment: String
  ) throws -> SaleLine {
    let fields = [
      "external_id": id, "return_of": sale, "product_id": product, "channel": "direct",
      "quantity": "-1", "unit_price": NineDigits.text(nanos), "currency": currency,
      "sold_at": moment,
    ]
    return try SaleLine(at: "") { key in
      fields[key].flatMap { $0.isEmpty ? nil : $0 }
    }.unclear()
  }

  /// The code of a country; nothing for one without, since a shop sends its order only once.
  static func country(_ json: JSON?) -> String {
    Territory(text(json).uppercased())?.code ?? ""
  }

  /// A text or a whole number as a text.
  static func text(_ json: JSON?) -> String {
    json?.string ?? json?.int.map { "\($0)" } ?? ""
  }

  /// Nanos that fit with either sign.
  static func nanos(_ text: String, _ pointer: String) throws -> Int64 {
    do throws(AmountError) {
      let nanos = try Amount.nanos(decimal: text)
      if nanos == .min { throw .overflow }
      return nanos
    } catch {
      throw Invalid(pointer, "\"\(text)\" \(error.description)")
    }
  }

  /// What was computed of nanos.
  static func fitting(_ nanos: Int128, _ pointer: String) throws -> Int64 {
    guard let fitting = Int64(exactly: nanos), fitting != .min else {
      throw Invalid(pointer, AmountError.overflow.description)
    }
    return fitting
  }
}
