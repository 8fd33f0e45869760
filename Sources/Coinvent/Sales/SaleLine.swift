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
  /// The product's id, when the text is one or the source means one by it.
  public private(set) var productID: ProductID?
  public let channel: String
  public private(set) var quantity: Int64
  public private(set) var unitPrice: Int64
  public private(set) var discount: Int64
  public let allowance: Int64
  public let currency: Currency
  public let soldAt: Timestamp
  /// The external id of the sale that came back, in the same source.
  public let returnOf: String?
  /// The code of the referral link that the sale came by.
  public let referral: String?
  /// Where it was sold.
  public let territory: Territory?
  /// In which form, such as hardcover.
  public let format: String?
  /// The price on the list, of one unit.
  public let listPrice: Int64?
  /// Totals of what else was deducted, by name; never zero.
  public let deductions: [String: Int64]
  /// A refund of the unit price for units that the report does not name.
  private(set) var isUnclear = false

  /// The line's fields as texts, by name; absent and empty are the same for those with a default.
  public static let fields = [
    "external_id", "product_id", "channel", "quantity", "unit_price", "discount", "allowance",
    "currency", "sold_at", "return_of", "referral",
  ]

  /// Fields that only some contracts look at; a deduction NAME is the field `deduction_NAME`.
  public static let particulars = ["territory", "format", "list_price"]
  public static let deductionPrefix = "deduction_"

  /// Reads and checks the fields, from JSON or CSV alike.
  /// - Parameters:
  ///   - pointer: where the line stands, for messages.
  ///   - deductions: names for which there may be a field `deduction_NAME`; nil when there are
  ///     no particulars at all, which then cost nothing.
  ///   - field: gives a field's text; nil when absent or empty.
  /// - Throws: `Invalid` with every mistake of the line.
  public init(
    at pointer: String, deductions names: [String]? = [], field: @escaping (String) -> String?
  ) throws(Invalid) {
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
    let territory = names == nil ? nil : reader.territory()
    let format = names == nil ? nil : reader.format()
    let listPrice = names == nil ? nil : reader.listPrice()
    var deductions = reader.deductions(names ?? [])
    // Reports write a return's deductions with either sign; its direction is the quantity's.
    if let quantity, quantity < 0 {
      discount = discount.map(SaleLine.magnitude)
      allowance = allowance.map(SaleLine.magnitude)
      if !deductions.isEmpty { deductions = deductions.mapValues(SaleLine.magnitude) }
    }
    reader.check(
      quantity: quantity, unitPrice: unitPrice, discount: discount, allowance: allowance,
      deductions: deductions, returnOf: returnOf)
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
    self.territory = territory
    self.format = format
    self.listPrice = listPrice
    self.deductions = deductions
  }

  /// The same line, known to be of a product.
  func of(_ product: ProductID) -> SaleLine {
    var line = self
    line.productID = product
    return line
  }

  /// The same line, which cannot count before somebody says how many units came back.
  func unclear() -> SaleLine {
    var line = self
    line.isUnclear = true
    return line
  }

  /// The same refund, of so many units.
  func clear(units: Int64, at unitPrice: Int64, discount: Int64) -> SaleLine {
    var line = self
    (line.quantity, line.unitPrice, line.isUnclear) = (-units, unitPrice, false)
    line.discount = discount
    return line
  }

  private static func magnitude(_ nanos: Int64) -> Int64 {
    nanos < 0 && nanos != .min ? -nanos : nanos
  }

  /// Reads a JSON object; numbers must be strings, but for the quantity.
  public init(json: JSON, at pointer: String) throws(Invalid) {
    var wrong = Invalid()
    var names: [String] = []
    for (key, value) in json.object?.members ?? [] where key != "quantity" {
      if key == "unclear" {
        if value.bool == nil { wrong.add("\(pointer)/unclear", "must be true or false") }
      } else if key == "deductions" {
        names = SaleLine.names(of: value, at: "\(pointer)/deductions", &wrong)
      } else if !SaleLine.fields.contains(key) && !SaleLine.particulars.contains(key) {
        wrong.add("\(pointer)/\(Invalid.escape(key))", "is not known here")
      } else if value.string == nil && !value.isNull {
        wrong.add("\(pointer)/\(key)", "must be a string")
      }
    }
    guard wrong.isEmpty else { throw wrong }
    let prefix = SaleLine.deductionPrefix
    do {
      try self.init(at: pointer, deductions: names) { key in
        if key == "quantity" {
          return json[key]?.int.map(String.init) ?? json[key].map { _ in "not a whole number" }
        }
        if key.hasPrefix(prefix) {
          return json["deductions"]?[String(key.dropFirst(prefix.count))]?.string
        }
        return json[key]?.string
      }
    } catch {
      // In JSON a deduction is a member of its own object.
      var named = Invalid()
      for (place, message) in error.fields {
        named.add(
          place.replacing("\(pointer)/\(prefix)", with: "\(pointer)/deductions/"), message)
      }
      throw named
    }
    isUnclear = json["unclear"]?.bool ?? false
  }

  private static func names(of json: JSON, at pointer: String, _ wrong: inout Invalid) -> [String] {
    if json.isNull { return [] }
    guard let object = json.object else {
      wrong.add(pointer, "must be an object of names and decimals")
      return []
    }
    for (name, value) in object where value.string == nil {
      wrong.add("\(pointer)/\(Invalid.escape(name))", "must be a decimal as a string")
    }
    return object.keys
  }
}
