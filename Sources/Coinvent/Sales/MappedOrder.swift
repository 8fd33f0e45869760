import Ledger
import Postgres

/// Layout `orders`: a row is an item, and what is said of the order stands in its first row.
struct MappedOrder {
  let lines: MappedLines
  private var mapping: SaleMapping { lines.mapping }
  private var orders: SaleMapping.Orders { lines.mapping.orders }
  private struct Item {
    let row: MappedRow
    var fields: [String: String]
    let key: String
    /// What was paid for all its units, and the tax in that; in nanos.
    var paid: Int128 = 0
    var tax: Int128 = 0
  }

  /// Returns of one row at the most: each unit has a line of its own.
  private static let unitLimit: Int64 = 1_000

  func lines(of group: [MappedRow], passOver: (String) -> Void) throws -> [MappedLines.Made] {
    let rows = carried(group)
    if let reason = mapping.passOver.first(where: { rows[0].is($0) })?.reason {
      for _ in rows { passOver(reason) }
      return []
    }
    var items: [Item] = []
    for (place, row) in rows.enumerated() {
      if try lines.hasNoUnits(row) {
        passOver(MappedLines.noUnits)
        continue
      }
      var fields = try lines.plain(row)
      let key = self.key(row, place)
      fields["external_id"] = key
      items.append(Item(row: row, fields: fields, key: key))
    }
    try price(group[0], &items)
    var made: [MappedLines.Made] = []
    for item in items {
      made.append(lines.made(item.row) { try lines.line(item.fields, item.row) })
    }
    return items.isEmpty ? made : made + (try returns(group[0], items))
  }

  /// Rows in which empty columns have what the order's first row says.
  private func carried(_ group: [MappedRow]) -> [MappedRow] {
    let places = orders.carried.compactMap { lines.header.places[$0] }
    return group.map { row in
      var row = row
      for place in places where row.values[place].isEmpty {
        row.values[place] = group[0].values[place]
      }
      return row
    }
  }

  private func key(_ row: MappedRow, _ place: Int) -> String {
    let item = orders.item.map { row.value($0) } ?? ""
    return "\(row.value(orders.by))/\(item.isEmpty ? "\(place + 1)" : item)"
  }

  /// Says what was paid for each item: the order's discount is divided among them by what they
  /// cost, and so is tax that prices include, which becomes a discount too.
  private func price(_ first: MappedRow, _ items: inout [Item]) throws {
    let discounts = try discounts(first, items)
    if !discounts.keepsOwn { for index in items.indices { items[index].fields["discount"] = nil } }
    for index in items.indices { items[index].paid = try paid(items[index]) }
    for (index, part) in try parts(of: discounts.shared, items, first) {
      items[index].paid -= part
      try takeOff(part, &items[index])
    }
    guard let taxes = orders.taxes, let subtotal = orders.subtotal else { return }
    let found = try taxes.read(first, subtotal: subtotal, spared: discounts.spared)
    for (index, part) in try parts(of: found.tax, items, first, beside: found.beside) {
      items[index].tax = part
      try takeOff(part, &items[index])
    }
  }

  private func takeOff(_ part: Int128, _ item: inout Item) throws {
    let discount = Int128(try nanos(item.fields["discount"])) + part
    item.fields["discount"] = NineDigits.text(Int64(clamping: discount))
  }

  /// The part of each item in an amount of the order, by what was paid.
  /// - Parameter beside: what was paid for something else, which has a part too.
  private func parts(
    of amount: Int128, _ items: [Item], _ first: MappedRow, beside: Int128 = 0
  ) throws -> [(Int, Int128)] {
    if amount == 0 { return [] }
    let weights = items.map { max(0, $0.paid) } + [beside]
    guard let parts = DividedAmount.parts(of: amount, by: weights) else {
      throw Invalid("row \(first.number)", AmountError.overflow.description)
    }
    return Array(zip(items.indices, parts))
  }

  private func discounts(_ first: MappedRow, _ items: [Item]) throws -> OrderDiscounts {
    let order = try orders.discount.map { Int128(abs(try first.amount(first.value($0)))) } ?? 0
    guard let column = orders.subtotal, !first.value(column).isEmpty else {
      return OrderDiscounts(of: order)
    }
    let own = try items.reduce(Int128(0)) { $0 + Int128(try nanos($1.fields["discount"])) }
    let gross = try items.reduce(own) { $0 + (try paid($1)) }
    let subtotal = Int128(try first.amount(first.value(column)))
    guard
      let found = OrderDiscounts(gross: gross, subtotal: subtotal, own: own, order: order)
    else {
      throw Invalid(
        "row \(first.number)",
        "its \(column) \(first.value(column)) fits neither both the discounts of its rows and its "
          + "\(orders.discount ?? "discount") nor one of them alone; correct the order, or read it "
          + "through a mapping that names only the right one")
    }
    return found
  }

  private func nanos(_ text: String?) throws -> Int64 {
    try text.map { try Amount.nanos(decimal: $0) } ?? 0
  }

  /// What came back: units that rows name, or all of an order whose money went back.
  private func returns(_ first: MappedRow, _ items: [Item]) throws -> [MappedLines.Made] {
    if first.is(orders.refundedWhole) { return try items.flatMap { try units($0, nil) } }
    if let refunded = orders.refunded {
      let amount = abs(try first.amount(first.value(refunded.amount)))
      let all = abs(try first.amount(first.value(refunded.of)))
      // Often all but the shipping goes back.
      let paid = items.reduce(Int128(0)) { $0 + $1.paid }
      if amount > 0 && (amount >= all || Int128(amount) == paid) {
        return try items.flatMap { try units($0, nil) }
      }
      if amount > 0 {
        return items.count == 1
          ? try money(items[0], amount, key: "\(items[0].row.value(orders.by))/refund")
          : [lines.made(first) { try unclear(items, amount, of: items[0].row.value(orders.by)) }]
      }
    }
    return try items.flatMap { item in
      let count = try orders.refundedUnits.map { abs(try item.row.whole(item.row.value($0))) } ?? 0
      if count > 0 { return try units(item, count) }
      let amount =
        try orders.refundedMoney.map { abs(try item.row.amount(item.row.value($0))) }
        ?? 0
      return amount > 0 ? try money(item, amount, key: "\(item.key)/refund") : []
    }
  }

  /// What was paid for all units of an item, in nanos.
  private func paid(_ item: Item) throws -> Int128 {
    let units = Int128(item.fields["quantity"] ?? "") ?? 0
    let gross = Int128(try nanos(item.fields["unit_price"])) * units
    return Int128(try item.row.fitting(gross - Int128(try nanos(item.fields["discount"]))))
  }

  /// Money of an item that went back: what was paid for whole units needs nobody to say for which.
  private func money(_ item: Item, _ amount: Int64, key: String) throws -> [MappedLines.Made] {
    let (all, paid) = (Int128(item.fields["quantity"] ?? "") ?? 0, item.paid)
    if paid > 0, Int128(amount) <= paid, Int128(amount) * all % paid == 0 {
      return try units(item, Int64(Int128(amount) * all / paid))
    }
    return [lines.made(item.row) { try unclear([item], amount, of: item.key, key: key) }]
  }

  /// A line for each unit that came back, so that one more in a later report adds one more.
  private func units(_ item: Item, _ count: Int64?) throws -> [MappedLines.Made] {
    let all = Int64(item.fields["quantity"] ?? "") ?? 0
    let count = min(count ?? all, all)
    guard count > 0 else { return [] }
    guard count <= Self.unitLimit else {
      throw Invalid("row \(item.row.number)", "more than \(Self.unitLimit) units came back")
    }
    let discount = try nanos(item.fields["discount"])
    return (1...count).map { unit in
      lines.made(item.row) {
        var fields = item.fields
        fields["external_id"] = "\(item.key)/refund/\(unit)"
        fields["quantity"] = "-1"
        fields["return_of"] = item.key
        fields["discount"] = NineDigits.text(share(discount, unit, all))
        for (name, text) in item.fields where name.hasPrefix(SaleLine.deductionPrefix) {
          fields[name] = NineDigits.text(share(try nanos(text), unit, all))
        }
        return try lines.line(fields, item.row)
      }
    }
  }

  /// The part of the unit so and so in an amount of all units; together they are the amount.
  private func share(_ amount: Int64, _ unit: Int64, _ all: Int64) -> Int64 {
    let amount = Int128(amount)
    let share = amount * Int128(unit) / Int128(all) - amount * Int128(unit - 1) / Int128(all)
    return Int64(clamping: share)
  }

  /// Money went back and nobody says for which units. Tax that was in it is none of the refund.
  /// - Parameter sale: the line that it was for, or the order when it has several.
  private func unclear(_ items: [Item], _ amount: Int64, of sale: String, key: String? = nil) throws
    -> SaleLine
  {
    let paid = items.reduce(Int128(0)) { $0 + $1.paid }
    let tax = items.reduce(Int128(0)) { $0 + $1.tax }
    let (taxed, over) = tax.multipliedReportingOverflow(by: Int128(amount))
    if over { throw Invalid("row \(items[0].row.number)", AmountError.overflow.description) }
    var fields = items[0].fields
    fields["external_id"] = key ?? "\(sale)/refund"
    fields["quantity"] = "-1"
    let refund = Int128(amount) - (paid > 0 ? taxed / paid : 0)
    fields["unit_price"] = NineDigits.text(try items[0].row.fitting(refund))
    fields["return_of"] = sale
    fields["discount"] = nil
    fields = fields.filter { !$0.key.hasPrefix(SaleLine.deductionPrefix) }
    return try lines.line(fields, items[0].row).unclear()
  }
}
