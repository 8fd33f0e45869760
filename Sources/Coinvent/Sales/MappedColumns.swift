/// Whether a report has the columns that a mapping names.
extension SaleMapping {
  /// Fields that a report may have no column for.
  private static let sparing: Set = ["territory", "discount", "net", "referral", "return_of"]

  /// A misspelt column would read as an empty one, and a discount as none.
  /// - Throws: `Invalid` for columns that the report does not have.
  func check(_ header: MappedHeader) throws(Invalid) {
    var wrong = Invalid()
    func isMissing(_ column: String) -> Bool {
      !column.isEmpty && header.places[column] == nil && !optional.contains(column)
    }
    var told: Set<String> = []
    func need(_ column: String) {
      guard isMissing(column), told.insert(column).inserted else { return }
      wrong.add("row 1", "the column \"\(column)\" is missing; \(Self.mend)")
    }
    for (name, place) in fields.sorted(by: { $0.key < $1.key })
      + deductions.sorted(by: { $0.key < $1.key })
    {
      switch place {
      case .constant: break
      case .joined(let columns): columns.forEach(need)
      case .columns(let columns):
        let isThere = columns.contains { header.places[$0] != nil }
        if isThere || columns.allSatisfy({ !isMissing($0) }) && Self.sparing.contains(name) {
          columns.forEach(need)
        } else {
          wrong.add(
            "row 1", "\(name) needs a column \(columns.joined(separator: " or ")); \(Self.mend)")
        }
      }
    }
    further.forEach(need)
    if !wrong.isEmpty { throw wrong }
  }

  private static let mend = "correct the mapping, or name it in \"optional\" if some files lack it"

  /// Columns that are named elsewhere than in fields.
  private var further: [String] {
    var columns = passOver.map(\.column)
    columns += [returns?.column, totalRow?.row.column, totalRow?.units, totalRow?.amount]
      .compactMap { $0 }
    if let control { columns += [control.sum, control.total] }
    columns += [orders.by] + orders.carried
    columns += [
      orders.item, orders.discount, orders.subtotal, orders.refundedUnits, orders.refundedMoney,
      orders.refundedWhole?.column, orders.refunded?.amount, orders.refunded?.of,
    ].compactMap { $0 }
    if let taxes = orders.taxes { columns += [taxes.amount, taxes.total] + taxes.plus }
    columns += amounts.group + amounts.carried + amounts.refundID
    columns += [amounts.item, amounts.type, amounts.kind, amounts.amount, amounts.units]
    return columns + [amounts.sales, amounts.refunds].compactMap { $0?.column }
  }
}
