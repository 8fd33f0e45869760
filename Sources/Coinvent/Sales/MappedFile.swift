import Ledger
import Postgres

/// Sale lines in somebody else's report, read through a mapping. Memory is that of one order, and
/// a number for each order that has ended.
public final class MappedFile: SaleRows, @unchecked Sendable {
  let mapping: SaleMapping
  private let rows: CSVRows
  let header: MappedHeader
  private var row: Int { rows.row }
  /// Lines of the group that has been read, not handed out yet, and mistakes in it.
  private var ready: [Result<SaleLine, Invalid>] = []
  private var handed = 0
  /// A row that belongs to the next group.
  private var ahead: MappedRow?
  /// Hashes of groups that have ended, to see one that goes on further down.
  private var ended: Set<Int> = []
  public private(set) var passedOver: [String: Int] = [:]
  public private(set) var stated: [SaleExpectation] = []
  private var control = (says: Int128?.none, sum: Int128(0))
  /// What columns said last that are carried from row to row.
  private var carried: [Int: String] = [:]

  /// Opens the file and checks its header.
  /// - Throws: `CSVError`, or `Invalid` for columns that are missing.
  public init(path: String, mapping: SaleMapping) throws {
    self.mapping = mapping
    rows = try CSVRows(path: path, delimiter: mapping.delimiter, encoding: mapping.encoding)
    guard let first = try rows.next() else {
      throw CSVError(path: path, problem: "the file is empty; its first row names the columns")
    }
    let names = try rows.names(first, delimiter: mapping.delimiter).map(\.trimmed)
    header = MappedHeader(
      places: Dictionary(
        names.enumerated().map { ($0.element, $0.offset) },
        uniquingKeysWith: { first, _ in first }),
      count: names.count, numbers: mapping.numbers, dates: mapping.dates)
    try mapping.check(header)
  }

  public func next() throws -> SaleLine? {
    while handed == ready.count {
      ready = []
      handed = 0
      guard let group = try nextGroup() else { return try end() }
      do {
        ready = try MappedLines(mapping: mapping, header: header).lines(of: group) { reason in
          passedOver[reason, default: 0] += 1
        }
      } catch let mistake as Invalid {
        throw mistake
      }
    }
    defer { handed += 1 }
    return try ready[handed].get()
  }

  /// The rows that belong together.
  private func nextGroup() throws -> [MappedRow]? {
    guard let first = try nextRow() else { return nil }
    let key = mapping.group(of: first)
    guard let key else { return [first] }
    guard ended.insert(key.hashValue).inserted else {
      throw Invalid(
        "row \(first.number)",
        "belongs to \(key), whose other rows stand further up; sort the rows so that those of an "
          + "order stand together")
    }
    var group = [first]
    while let row = try nextRow() {
      if mapping.group(of: row) != key {
        ahead = row
        break
      }
      group.append(row)
    }
    return group
  }

  /// The next row that is neither a total nor passed over.
  private func nextRow() throws -> MappedRow? {
    if let row = ahead {
      ahead = nil
      return row
    }
    while let values = try rows.next() {
      guard values.count <= header.count else {
        throw Invalid("row \(row)", "has \(values.count) fields, its header \(header.count)")
      }
      if values.count < header.count && rows.isUnfinished { throw rows.cutOff }
      let missing = header.count - values.count
      var found = MappedRow(
        number: row, header: header,
        values: values.map(\.trimmed) + [String](repeating: "", count: missing))
      carry(&found)
      if try takeTotals(found) { continue }
      if let reason = mapping.passOver.first(where: { found.is($0) })?.reason {
        passedOver[reason, default: 0] += 1
        continue
      }
      return found
    }
    return nil
  }

  private func carry(_ row: inout MappedRow) {
    for place in mapping.amounts.carried.compactMap({ header.places[$0] }) {
      if row.values[place].isEmpty {
        row.values[place] = carried[place] ?? ""
      } else {
        carried[place] = row.values[place]
      }
    }
  }

  /// - Returns: whether the row only says what the report adds up to.
  private func takeTotals(_ row: MappedRow) throws -> Bool {
    if let check = mapping.control {
      control.sum += Int128(try row.amount(row.value(check.sum)))
      let total = row.value(check.total)
      if !total.isEmpty, control.says == nil { control.says = Int128(try row.amount(total)) }
    }
    guard let total = mapping.totalRow, row.is(total.row) else { return false }
    if let units = total.units { stated.append(.units(try row.whole(row.value(units)))) }
    if let column = total.amount {
      let amount = try row.amount(row.value(column))
      if let currency = Currency(row.value(mapping.fields["currency"])) {
        stated.append(.gross(amount, currency))
      }
    }
    return true
  }

  private func end() throws -> SaleLine? {
    if let check = mapping.control, let says = control.says {
      stated.append(.column(check.sum, says: says, sum: control.sum))
      control.says = nil
    }
    return nil
  }
}

extension SaleMapping {
  /// What rows that belong together have in common; nil for a row that stands alone.
  fileprivate func group(of row: MappedRow) -> String? {
    switch layout {
    case .rows: nil
    case .orders: row.value(orders.by).isEmpty ? nil : row.value(orders.by)
    case .amounts:
      row.value(amounts.item).isEmpty
        ? nil : amounts.group.map { row.value($0) }.joined(separator: " ")
    }
  }
}
