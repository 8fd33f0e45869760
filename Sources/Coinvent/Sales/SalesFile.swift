/// Sale lines in a CSV file, read in order; its first row names the columns.
///
/// Blocking, like `CSVRows`.
public final class SalesFile: @unchecked Sendable {
  private let rows: CSVRows
  private let columns: [String]
  /// Names of the columns `deduction_NAME`; nil when there are no columns of particulars at all.
  private let deductions: [String]?
  /// The number of the last row in messages.
  public var row: Int { rows.row }

  /// Opens the file and checks its header.
  /// - Throws: `CSVError`, or `Invalid` for columns that are missing or unknown.
  public init(path: String) throws {
    rows = try CSVRows(path: path)
    guard let header = try rows.next() else {
      throw CSVError(path: path, problem: "the file is empty; its first row names the columns")
    }
    let names = try rows.names(header, delimiter: UInt8(ascii: ","))
    var wrong = Invalid()
    let particulars = names.filter { !SaleLine.fields.contains($0) }
    let prefix = SaleLine.deductionPrefix
    let strange = particulars.filter {
      !SaleLine.particulars.contains($0) && !$0.hasPrefix(prefix)
    }.map { "\"\($0)\"" }
    if !strange.isEmpty {
      wrong.add(
        "row \(rows.row)",
        strange.joined(separator: ", ") + (strange.count == 1 ? " is no column" : " are no columns")
          + "; they are \(SalesFile.columnList). Other people's columns need a mapping")
    }
    let deducted = particulars.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    for name in deducted {
      if let fault = SaleLineReader.fault(ofDeduction: name) {
        wrong.add("row \(rows.row)", "\(prefix)\(name) \(fault)")
      }
    }
    let needed = Set(SaleLine.fields).subtracting([
      "discount", "allowance", "return_of", "referral",
    ])
    for name in SaleLine.fields where needed.contains(name) && !names.contains(name) {
      wrong.add("row \(rows.row)", "the column \(name) is missing")
    }
    if Set(names).count != names.count { wrong.add("row \(rows.row)", "names a column twice") }
    guard wrong.isEmpty else { throw wrong }
    columns = names
    deductions = particulars.isEmpty ? nil : deducted
  }

  /// Every column that there can be, for messages.
  public static let columnList =
    (SaleLine.fields + SaleLine.particulars).joined(separator: ", ")
    + " and deduction_NAME for other deductions"

  /// The next line; nil at the end.
  /// - Throws: `Invalid` for a line with mistakes, after which one may go on; `CSVError` ends it.
  public func next() throws -> SaleLine? {
    guard let fields = try rows.next() else { return nil }
    guard fields.count == columns.count else {
      if fields.count < columns.count && rows.isUnfinished { throw rows.cutOff }
      throw Invalid(
        "row \(rows.row)", "has \(fields.count) fields where the header has \(columns.count)")
    }
    let columns = columns
    return try SaleLine(at: "row \(rows.row)", deductions: deductions) { name in
      // A handful of short names: looking at each is faster than hashing one.
      guard let column = columns.firstIndex(of: name), !fields[column].isEmpty else { return nil }
      return fields[column]
    }
  }
}
