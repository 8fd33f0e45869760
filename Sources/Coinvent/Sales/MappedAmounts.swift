import Ledger
import Postgres

/// Layout `amounts`: a row is an amount, and those of an item are its price, its discount and what
/// the seller keeps.
struct MappedAmounts {
  let lines: MappedLines
  private var amounts: SaleMapping.Amounts { lines.mapping.amounts }

  func lines(of group: [MappedRow], passOver: (String) -> Void) throws -> [MappedLines.Made] {
    let first = group[0]
    let isRefund = first.is(amounts.refunds)
    guard isRefund || first.is(amounts.sales), !first.value(amounts.item).isEmpty else {
      let name = amounts.group.first.map { first.value($0) } ?? ""
      for _ in group { passOver("no sale: " + (name.isEmpty ? "(empty)" : name)) }
      return []
    }
    var order: [String] = []
    var items: [String: [MappedRow]] = [:]
    for row in group {
      let key = key(row, isRefund)
      if items[key] == nil { order.append(key) }
      items[key, default: []].append(row)
    }
    return order.compactMap { key in
      guard let rows = items[key] else { return nil }
      let sums: Sums
      do { sums = try self.sums(rows, isRefund, passOver) } catch {
        return lines.made(rows[0]) { throw error }
      }
      if sums.price <= 0 {
        passOver("nothing was paid for it")
        return nil
      }
      return lines.made(rows[0]) { try line(key, rows[0], sums, isRefund) }
    }
  }

  private struct Sums {
    var units: Int64 = 0
    var price: Int128 = 0
    var discount: Int128 = 0
    var deductions: [Int128]
  }

  private func saleKey(_ row: MappedRow) -> String {
    amounts.group.dropFirst().map { row.value($0) }.joined(separator: "-") + "/"
      + row.value(amounts.item)
  }

  private func key(_ row: MappedRow, _ isRefund: Bool) -> String {
    guard isRefund else { return saleKey(row) }
    let id = amounts.refundID.lazy.map { row.value($0) }.first { !$0.isEmpty } ?? "1"
    return saleKey(row) + "/refund/" + id
  }

  /// What the rows add up to; positive when it goes the way of the item.
  private func sums(_ rows: [MappedRow], _ isRefund: Bool, _ passOver: (String) -> Void) throws
    -> Sums
  {
    var sums = Sums(deductions: [Int128](repeating: 0, count: amounts.deductions.count))
    for row in rows {
      let (type, kind) = (row.value(amounts.type), row.value(amounts.kind))
      let value = Int128(try row.amount(row.value(amounts.amount)))
      let amount = isRefund ? -value : value
      sums.units = max(sums.units, abs(try row.whole(row.value(amounts.units))))
      let name = "\(type)/\(kind)"
      if amounts.price.contains(name) {
        sums.price += amount
      } else if amounts.discount.contains(name) {
        sums.discount -= amount
      } else if let place = deduction(name, "\(type)/*") {
        sums.deductions[place] -= amount
      } else {
        passOver("no part of the price: \(name)")
      }
    }
    return sums
  }

  private func deduction(_ name: String, _ any: String) -> Int? {
    amounts.deductions.firstIndex { $0.kinds.contains(name) }
      ?? amounts.deductions.firstIndex { $0.kinds.contains(any) }
  }

  private func line(_ key: String, _ row: MappedRow, _ sums: Sums, _ isRefund: Bool) throws
    -> SaleLine
  {
    var fields = try lines.plain(row)
    let units = max(1, sums.units)
    let price = try row.fitting(sums.price)
    let unit = price / units + (price % units == 0 ? 0 : 1)
    let (gross, over) = unit.multipliedReportingOverflow(by: units)
    if over { throw Invalid("row \(row.number)", AmountError.overflow.description) }
    // What the seller keeps beyond the price takes no royalties away.
    var open = gross
    func take(_ amount: Int128) -> Int64 {
      let taken = Int64(min(max(0, amount), Int128(open)))
      open -= taken
      return taken
    }
    fields["external_id"] = key
    fields["quantity"] = isRefund ? "-\(units)" : "\(units)"
    fields["unit_price"] = NineDigits.text(unit)
    fields["discount"] = NineDigits.text(take(Int128(gross - price) + sums.discount))
    for (deduction, amount) in zip(amounts.deductions, sums.deductions) {
      fields[SaleLine.deductionPrefix + deduction.name] = NineDigits.text(take(amount))
    }
    if isRefund { fields["return_of"] = saleKey(row) }
    let line = try lines.line(fields, row)
    // The report may leave out how many units came back.
    return isRefund && sums.units == 0 ? line.unclear() : line
  }
}
