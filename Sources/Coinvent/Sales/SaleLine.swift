import JSON
import Ledger
import Postgres

/// One line of a sales report: units sold, or with a negative quantity units that came back.
///
/// (source, external id) is its natural key. Amounts are nanos of `currency`; discount and
/// allowance are totals of the line and count, like the quantity, the other way in a return.
public struct SaleLine: Sendable, Equatable {
  public let externalID: String
  /// As it was sent; a text that names no product puts the line into suspense.
  public let product: String
  /// The product's id, when the text is one.
  public let productID: ProductID?
  public let channel: String
  public let quantity: Int64
  public let unitPrice: Int64
  public let discount: Int64
  public let allowance: Int64
  public let currency: Currency
  public let soldAt: Timestamp
  /// The external id of the sale that came back, in the same source.
  public let returnOf: String?
  /// The code of the referral link that the sale came by.
  public let referral: String?

  /// The line's fields as texts, by name; absent and empty are the same for those with a default.
  public static let fields = [
    "external_id", "product_id", "channel", "quantity", "unit_price", "discount", "allowance",
    "currency", "sold_at", "return_of", "referral",
  ]

  /// Reads and checks the fields, from JSON or CSV alike.
  /// - Parameters:
  ///   - field: gives a field's text; nil when absent or empty.
  ///   - pointer: where the line stands, for messages.
  /// - Throws: `Invalid` with every mistake of the line.
  public init(at pointer: String, field: @escaping (String) -> String?) throws(Invalid) {
    var reader = SaleLineReader(pointer: pointer, field: field)
    let externalID = reader.text("external_id", limit: 128)
    let product = reader.text("product_id", limit: 128)
    let channel = reader.text("channel", limit: 64)
    let quantity = reader.quantity()
    let currency = reader.currency()
    let unitPrice = reader.amount("unit_price", needed: true)
    var discount = reader.amount("discount")
    var allowance = reader.amount("allowance")
    let soldAt = reader.moment("sold_at")
    let returnOf = field("return_of")
    let referral = reader.referral()
    // Reports write a return's deductions with either sign; its direction is the quantity's.
    if let quantity, quantity < 0 {
      discount = discount.map { $0 < 0 ? -$0 : $0 }
      allowance = allowance.map { $0 < 0 ? -$0 : $0 }
    }
    reader.check(
      quantity: quantity, unitPrice: unitPrice, discount: discount, allowance: allowance,
      returnOf: returnOf)
    guard reader.wrong.isEmpty, let externalID, let product, let channel, let quantity,
      let unitPrice, let discount, let allowance, let currency, let soldAt
    else { throw reader.wrong }
    self.externalID = externalID
    self.product = product
    productID = ProductID(product)
    self.channel = channel
    self.quantity = quantity
    self.unitPrice = unitPrice
    self.discount = discount
    self.allowance = allowance
    self.currency = currency
    self.soldAt = soldAt
    self.returnOf = returnOf
    self.referral = referral
  }

  /// Reads a JSON object; numbers must be strings, but for the quantity.
  public init(json: JSON, at pointer: String) throws(Invalid) {
    var wrong = Invalid()
    for key in json.object?.keys ?? [] where !SaleLine.fields.contains(key) {
      wrong.add("\(pointer)/\(Invalid.escape(key))", "is not known here")
    }
    for (key, value) in json.object?.members ?? [] where key != "quantity" {
      if value.string == nil && !value.isNull { wrong.add("\(pointer)/\(key)", "must be a string") }
    }
    guard wrong.isEmpty else { throw wrong }
    try self.init(at: pointer) { key in
      if key == "quantity" {
        return json[key]?.int.map(String.init) ?? json[key].map { _ in "not a whole number" }
      }
      return json[key]?.string
    }
  }

}

/// Reads a line's fields one by one and keeps what is wrong.
private struct SaleLineReader {
  let pointer: String
  let field: (String) -> String?
  var wrong = Invalid()

  init(pointer: String, field: @escaping (String) -> String?) {
    self.pointer = pointer
    self.field = field
  }

  mutating func text(_ key: String, limit: Int) -> String? {
    guard let text = field(key), !text.isEmpty else { return missing(key) }
    // Characters are never more than bytes, and counting them takes longer.
    guard text.utf8.count <= limit || text.count <= limit else {
      wrong.add("\(pointer)/\(key)", "must have at most \(limit) characters")
      return nil
    }
    return text
  }

  mutating func quantity() -> Int64? {
    guard let text = field("quantity") else { return missing("quantity") }
    guard let quantity = Int64(text), quantity != 0, quantity.magnitude <= 1_000_000_000 else {
      wrong.add(
        "\(pointer)/quantity",
        "must be a whole number up to 1000000000, not 0; negative for units that came back")
      return nil
    }
    return quantity
  }

  mutating func currency() -> Currency? {
    guard let text = field("currency") else { return missing("currency") }
    guard let currency = Currency(text) else {
      wrong.add("\(pointer)/currency", "must be an ISO 4217 code such as USD")
      return nil
    }
    return currency
  }

  mutating func amount(_ key: String, needed: Bool = false) -> Int64? {
    guard let text = field(key), !text.isEmpty else { return needed ? missing(key) : 0 }
    do {
      return try Amount.nanos(decimal: text)
    } catch {
      wrong.add("\(pointer)/\(key)", error.description)
      return nil
    }
  }

  mutating func referral() -> String? {
    guard let text = field("referral"), !text.isEmpty else { return nil }
    if text.count > 64 { wrong.add("\(pointer)/referral", "must have at most 64 characters") }
    return text
  }

  mutating func moment(_ key: String) -> Timestamp? {
    guard let text = field(key) else { return missing(key) }
    guard let moment = Timestamp(rfc3339: text) ?? Day(text)?.start else {
      wrong.add("\(pointer)/\(key)", "must be a moment such as 2026-01-31T12:00:00Z or a date")
      return nil
    }
    return moment
  }

  private mutating func missing<Value>(_ key: String) -> Value? {
    wrong.add("\(pointer)/\(key)", "is missing")
    return nil
  }

  /// What only the fields together can tell.
  mutating func check(
    quantity: Int64?, unitPrice: Int64?, discount: Int64?, allowance: Int64?, returnOf: String?
  ) {
    guard let quantity, let unitPrice, let discount, let allowance else { return }
    if quantity < 0 && returnOf == nil {
      wrong.add("\(pointer)/return_of", "must name the sale line that came back")
    }
    if quantity > 0 && returnOf != nil {
      wrong.add("\(pointer)/quantity", "must be negative when return_of names a sale")
    }
    for (key, value) in [
      ("unit_price", unitPrice), ("discount", discount), ("allowance", allowance),
    ]
    where value < 0 {
      wrong.add("\(pointer)/\(key)", "must not be negative")
    }
    guard unitPrice >= 0, discount >= 0, allowance >= 0 else { return }
    let (gross, over) = unitPrice.multipliedReportingOverflow(by: abs(quantity))
    let (off, more) = discount.addingReportingOverflow(allowance)
    if over || more {
      wrong.add("\(pointer)/unit_price", AmountError.overflow.description)
    } else if off > gross {
      wrong.add(
        "\(pointer)/discount", "discount and allowance are more than quantity times unit price")
    }
  }
}
