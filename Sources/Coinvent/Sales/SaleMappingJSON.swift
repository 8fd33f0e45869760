import JSON

extension SaleMapping {
  /// - Throws: `Invalid` with every mistake at once.
  public init(json: JSON, at pointer: String = "") throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    layout = fields.optionalChoice("layout", of: Layout.self) ?? .rows
    delimiter = SaleMapping.delimiter(&fields)
    encoding = fields.optionalChoice("encoding", of: TextEncoding.self) ?? .utf8
    numbers = fields.optionalChoice("decimal", of: MappedNumbers.self) ?? .point
    dates = fields.optionalChoice("dates", of: DateOrder.self)
    self.fields = SaleMapping.places(&fields, "fields")
    deductions = SaleMapping.places(&fields, "deductions")
    channels = SaleMapping.texts(&fields, "channels")
    territories = SaleMapping.territories(&fields)
    optional = Set(SaleMapping.list(&fields, "optional"))
    if fields.json("pass_over") != nil {
      passOver = fields.list("pass_over", 1...50) { (row) throws(Invalid) in
        SaleMapping.words(&row, reason: row.text("reason"))
      }
    }
    returns = fields.part("returns") { (json) throws(Invalid) in try SaleMapping.words(json) }
    totalRow = fields.part("total_row") { (json) throws(Invalid) in
      var row = try Fields(json, at: "/total_row")
      let words = SaleMapping.words(&row, reason: "total")
      let total = TotalRow(
        row: words, units: row.optionalText("units"), amount: row.optionalText("amount"))
      try row.finish()
      return total
    }
    control = fields.part("control") { (json) throws(Invalid) in
      var row = try Fields(json, at: "/control")
      let control = Control(sum: row.text("sum"), total: row.text("total"))
      try row.finish()
      return control
    }
    orders = fields.part("orders", SaleMapping.orders) ?? Orders()
    amounts = fields.part("amounts", SaleMapping.amounts) ?? Amounts()
    noteMissing(&fields)
    try fields.finish()
  }

  private func noteMissing(_ fields: inout Fields) {
    let known = SaleLine.fields + SaleLine.particulars + ["total", "net"]
    for name in self.fields.keys.sorted() where !known.contains(name) {
      fields.note("fields", "\(name) is no field of a line")
    }
    for name in deductions.keys.sorted() {
      if let fault = SaleLineReader.fault(ofDeduction: name) {
        fields.note("deductions", "\(name) \(fault)")
      }
    }
    var needed = ["product_id", "channel", "currency", "sold_at"]
    switch layout {
    case .rows: needed += ["external_id", "quantity"]
    case .orders:
      needed.append("quantity")
      if orders.by.isEmpty { fields.note("orders", "must say by which column rows go together") }
    case .amounts:
      if amounts.price.isEmpty { fields.note("amounts", "must say what is the price") }
    }
    for name in needed where self.fields[name] == nil {
      fields.note("fields", "\(name) is missing")
    }
    if layout != .amounts && self.fields["unit_price"] == nil && self.fields["total"] == nil {
      fields.note("fields", "unit_price, or total for all units of a line, is missing")
    }
  }

  private static func delimiter(_ fields: inout Fields) -> UInt8 {
    let names = [
      "comma": UInt8(ascii: ","), "semicolon": UInt8(ascii: ";"), "tab": UInt8(ascii: "\t"),
    ]
    guard let name = fields.optionalText("delimiter") else { return UInt8(ascii: ",") }
    if names[name] == nil { fields.note("delimiter", "must be comma, semicolon or tab") }
    return names[name] ?? UInt8(ascii: ",")
  }

  private static func territories(_ fields: inout Fields) -> [String: String] {
    let territories = texts(&fields, "territories")
    for (word, code) in territories.sorted(by: { $0.key < $1.key })
    where !code.isEmpty && Territory(code) == nil {
      fields.note(
        "territories", "\(word): \"\(code)\" is no ISO 3166-1 code such as DE, nor empty for none")
    }
    return territories
  }

  private static func places(_ fields: inout Fields, _ name: String) -> [String: Place] {
    fields.part(name) { (json) throws(Invalid) in
      var inner = try Fields(json, at: "/\(name)")
      var places: [String: Place] = [:]
      for key in json.object?.keys ?? [] {
        places[key] = inner.part(key) { (json) throws(Invalid) in
          try place(json, at: "/\(name)/\(Invalid.escape(key))")
        }
      }
      try inner.finish()
      return places
    } ?? [:]
  }

  private static func place(_ json: JSON, at pointer: String) throws(Invalid) -> Place {
    if let column = json.string { return .columns([column]) }
    if let columns = texts(json) { return .columns(columns) }
    if let value = json["value"]?.string, json.object?.count == 1 { return .constant(value) }
    if let parts = json["join"].flatMap({ texts($0) }), json.object?.count == 1 {
      return .joined(parts)
    }
    throw Invalid(
      pointer, "must be a column, an array of columns, {\"value\":…} or {\"join\":[…]}")
  }

  private static func texts(_ json: JSON) -> [String]? {
    guard let array = json.array, !array.isEmpty else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }

  static func list(_ fields: inout Fields, _ name: String) -> [String] {
    guard let json = fields.json(name) else { return [] }
    let texts = texts(json)
    if texts == nil { fields.note(name, "must be an array of strings") }
    return texts ?? []
  }

  private static func texts(_ fields: inout Fields, _ name: String) -> [String: String] {
    var texts: [String: String] = [:]
    for (key, value) in fields.json(name)?.object ?? JSONObject() {
      if value.string == nil { fields.note(name, "must have strings only") }
      texts[key.lowercased()] = value.string
    }
    return texts
  }

  static func words(_ json: JSON) throws(Invalid) -> Words {
    var fields = try Fields(json)
    let words = words(&fields, reason: "")
    try fields.finish()
    return words
  }

  static func words(_ fields: inout Fields, reason: String) -> Words {
    let column = fields.text("column")
    let words = list(&fields, "is")
    if words.isEmpty { fields.note("is", "must be an array of words") }
    return Words(column: column, words: Set(words.map { $0.lowercased() }), reason: reason)
  }
}
