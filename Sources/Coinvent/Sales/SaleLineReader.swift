import Ledger
import Postgres

/// Reads a line's fields one by one and keeps what is wrong.
struct SaleLineReader {
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

  mutating func territory() -> Territory? {
    guard let text = field("territory"), !text.isEmpty else { return nil }
    if let territory = Territory(text) { return territory }
    wrong.add("\(pointer)/territory", "must be an ISO 3166-1 code of two capitals such as US")
    return nil
  }

  mutating func format() -> String? {
    guard let text = field("format"), !text.isEmpty else { return nil }
    if !SaleLineReader.isName(text, hyphens: false) {
      wrong.add(
        "\(pointer)/format",
        "must be 1 to 32 of a-z, 0-9 and _, the first a letter, such as hardcover")
    }
    return text
  }

  mutating func listPrice() -> Int64? {
    guard let text = field("list_price"), !text.isEmpty else { return nil }
    let price = amount("list_price")
    if let price, price < 0 { wrong.add("\(pointer)/list_price", "must not be negative") }
    return price
  }

  /// Those that are not zero.
  mutating func deductions(_ names: [String]) -> [String: Int64] {
    var deductions: [String: Int64] = [:]
    for name in names {
      let key = SaleLine.deductionPrefix + name
      if let fault = SaleLineReader.fault(ofDeduction: name) {
        wrong.add("\(pointer)/\(Invalid.escape(key))", fault)
      } else if let value = amount(key), value != 0 {
        deductions[name] = value
      }
    }
    return deductions
  }

  /// Why nothing can be deducted under this name; nil when it can.
  static func fault(ofDeduction name: String) -> String? {
    if name == "discount" || name == "allowance" { return "is the field \(name) of the line" }
    return isName(name, hyphens: true)
      ? nil : "must have a name of 1 to 32 of a-z, 0-9, _ and -, the first a letter"
  }

  static func isName(_ text: String, hyphens: Bool) -> Bool {
    guard (1...32).contains(text.utf8.count), let first = text.utf8.first,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    else { return false }
    return text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"):
        true
      default: hyphens && byte == UInt8(ascii: "-")
      }
    }
  }

  private mutating func missing<Value>(_ key: String) -> Value? {
    wrong.add("\(pointer)/\(key)", "is missing")
    return nil
  }

  /// What only the fields together can tell.
  mutating func check(
    quantity: Int64?, unitPrice: Int64?, discount: Int64?, allowance: Int64?,
    deductions: [String: Int64], returnOf: String?
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
    for (name, value) in deductions.sorted(by: { $0.key < $1.key }) where value < 0 {
      wrong.add("\(pointer)/\(SaleLine.deductionPrefix)\(name)", "must not be negative")
    }
    guard unitPrice >= 0, discount >= 0, allowance >= 0 else { return }
    let (gross, over) = unitPrice.multipliedReportingOverflow(by: abs(quantity))
    let off = deductions.values.reduce(Int128(discount) + Int128(allowance)) { $0 + Int128($1) }
    if over {
      wrong.add("\(pointer)/unit_price", AmountError.overflow.description)
    } else if off > Int128(gross) {
      wrong.add(
        "\(pointer)/discount",
        deductions.isEmpty
          ? "discount and allowance are more than quantity times unit price"
          : "all deductions together are more than quantity times unit price")
    }
  }
}
