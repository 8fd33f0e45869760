/// Sale lines in a CSV file, read in order; its first row names the columns.
///
/// Blocking, like `CSVRows`.
public final class SalesFile: @unchecked Sendable {
  private let rows: CSVRows
  private let columns: [String]
  /// Names of the columns `deduction_NAME`; nil when there are no columns of particulars at all.
  private let deductions: [String]?
  /// Rows read so far, the header included: the number of the last row in messages.
  public private(set) var row = 1

  /// Opens the file and checks its header.
  /// - Throws: `CSVError`, or `Invalid` for columns that are missing or unknown.
  public init(path: String) throws {
    rows = try CSVRows(path: path)
    guard let header = try rows.next() else {
      throw CSVError(path: path, problem: "the file is empty; its first row names the columns")
    }
    // Some spreadsheets write a byte-order mark first.
    let names = header.map { name in
      String(name.unicodeScalars.drop { $0 == "\u{FEFF}" })
    }
    var wrong = Invalid()
    let particulars = names.filter { !SaleLine.fields.contains($0) }
    let prefix = SaleLine.deductionPrefix
    for name in particulars
    where !SaleLine.particulars.contains(name) && !name.hasPrefix(prefix) {
      wrong.add("row 1", "\"\(name)\" is no column; they are \(SalesFile.columnList)")
    }
    let deducted = particulars.filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    for name in deducted {
      if let fault = SaleLineReader.fault(ofDeduction: name) {
        wrong.add("row 1", "\(prefix)\(name) \(fault)")
      }
    }
    let needed = Set(SaleLine.fields).subtracting([
      "discount", "allowance", "return_of", "referral",
    ])
    for name in SaleLine.fields where needed.contains(name) && !names.contains(name) {
      wrong.add("row 1", "the column \(name) is missing")
    }
    if Set(names).count != names.count { wrong.add("row 1", "names a column twice") }
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
    row += 1
    guard fields.count == columns.count else {
      throw Invalid(
        "row \(row)", "has \(fields.count) fields where the header has \(columns.count)")
    }
    let columns = columns
    return try SaleLine(at: "row \(row)", deductions: deductions) { name in
      // A handful of short names: looking at each is faster than hashing one.
      guard let column = columns.firstIndex(of: name), !fields[column].isEmpty else { return nil }
      return fields[column]
    }
  }
}
