import Ledger
import Postgres

/// Makes sale lines of the rows of a group.
struct MappedLines {
  let mapping: SaleMapping
  let header: MappedHeader
  typealias Made = Result<SaleLine, Invalid>

  func lines(of group: [MappedRow], passOver: (String) -> Void) throws -> [Made] {
    switch mapping.layout {
    case .rows:
      if try hasNoUnits(group[0]) {
        passOver(Self.noUnits)
        return []
      }
      return [made(group[0]) { try row(group[0]) }]
    case .orders: return try MappedOrder(lines: self).lines(of: group, passOver: passOver)
    case .amounts: return try MappedAmounts(lines: self).lines(of: group, passOver: passOver)
    }
  }

  static let noUnits = "no units"

  /// Rows of items that were taken out of an order say so.
  func hasNoUnits(_ row: MappedRow) throws -> Bool {
    let text = row.value(mapping.fields["quantity"])
    return try !text.isEmpty && row.whole(text) == 0
  }

  func made(_ row: MappedRow, _ make: () throws -> SaleLine) -> Made {
    do { return .success(try make()) } catch let wrong as Invalid { return .failure(wrong) } catch {
      return .failure(Invalid("row \(row.number)", "\(error)"))
    }
  }

  /// The fields of a row that are said in the same way in every layout.
  func plain(_ row: MappedRow) throws -> [String: String] {
    var fields: [String: String] = [:]
    for (name, place) in mapping.fields {
      let text = row.value(place)
      if text.isEmpty { continue }
      switch name {
      case "total", "net": continue
      case "sold_at":
        if let fault = header.fault(ofMoment: text) { throw mistake(row, place, fault) }
        fields[name] = header.moment(text)
      case "channel": fields[name] = mapping.channels[text.lowercased()] ?? text
      case "territory": fields[name] = try territory(text, row, place)
      case "unit_price", "list_price", "discount", "allowance":
        fields[name] = NineDigits.text(try row.amount(text))
      case "quantity": fields[name] = "\(try row.whole(text))"
      default: fields[name] = text
      }
    }
    for (name, place) in mapping.deductions {
      let nanos = try row.amount(row.value(place))
      // Reports write what they keep with either sign.
      if nanos != 0 { fields[SaleLine.deductionPrefix + name] = NineDigits.text(abs(nanos)) }
    }
    try price(row, &fields)
    return fields
  }

  /// A report's word for a territory; nil when the mapping says that it means none.
  private func territory(_ text: String, _ row: MappedRow, _ place: SaleMapping.Place) throws
    -> String?
  {
    let code = mapping.territories[text.lowercased()] ?? text.uppercased()
    if code.isEmpty { return nil }
    guard let territory = Territory(code) else {
      throw mistake(
        row, place,
        "\"\(text)\" is no ISO 3166-1 code such as DE; say what it means in the mapping, such as "
          + "\"territories\":{\"\(text)\":\"DE\"}, or \"\" for none")
    }
    return territory.code
  }

  private func mistake(_ row: MappedRow, _ place: SaleMapping.Place, _ fault: String) -> Invalid {
    Invalid("row \(row.number)", (row.column(place).map { "\($0): " } ?? "") + fault)
  }

  /// A price for all units, and what was paid of it, become a unit price and a discount. Where
  /// the units do not divide it, the unit price is rounded up and the discount makes it exact.
  private func price(_ row: MappedRow, _ fields: inout [String: String]) throws {
    guard let place = mapping.fields["total"] else { return }
    let quantity = try row.whole(fields["quantity"] ?? "").magnitude
    let total = try row.amount(row.value(place)).magnitude
    guard quantity > 0, let units = Int64(exactly: quantity), let all = Int64(exactly: total) else {
      return
    }
    let unit = all / units + (all % units == 0 ? 0 : 1)
    let (gross, over) = unit.multipliedReportingOverflow(by: units)
    if over { throw Invalid("row \(row.number)", AmountError.overflow.description) }
    var discount = Int128(gross - all)
    if let net = mapping.fields["net"], !row.value(net).isEmpty {
      discount += Int128(max(0, all - abs(try row.amount(row.value(net)))))
    }
    if let known = fields["discount"] { discount += Int128(abs(try Amount.nanos(decimal: known))) }
    fields["unit_price"] = NineDigits.text(unit)
    fields["discount"] = NineDigits.text(try row.fitting(discount))
  }

  func line(_ fields: [String: String], _ row: MappedRow) throws -> SaleLine {
    let prefix = SaleLine.deductionPrefix
    let names = fields.keys.filter { $0.hasPrefix(prefix) }.sorted()
      .map { String($0.dropFirst(prefix.count)) }
    return try SaleLine(at: "row \(row.number)", deductions: names) { fields[$0] }
  }

  /// A row that is a line.
  private func row(_ row: MappedRow) throws -> SaleLine {
    var fields = try plain(row)
    if row.is(mapping.returns), let quantity = fields["quantity"], !quantity.hasPrefix("-") {
      fields["quantity"] = "-" + quantity
    }
    if fields["quantity"]?.hasPrefix("-") != true { fields["return_of"] = nil }
    if let price = fields["unit_price"], price.hasPrefix("-") {
      fields["unit_price"] = String(price.dropFirst())
    }
    return try line(fields, row)
  }
}
