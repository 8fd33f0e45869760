import Coinvent
import Ledger

/// What a person's file says about one payout.
public struct MarkLine: Sendable {
  public let line: Int
  public let id: PayoutID
  public let mark: PayoutMark
  /// Compared with the payout when the file says it.
  public let amount: Amount?
  public let note: String?

  public init(line: Int, id: PayoutID, mark: PayoutMark, amount: Amount?, note: String?) {
    self.line = line
    self.id = id
    self.mark = mark
    self.amount = amount
    self.note = note
  }
}

/// Reads a file of marks: the exported file with a column `outcome` (paid, failed or returned) and
/// perhaps `note` added. Lines with an empty outcome are not decided yet and left out.
public enum ReadMarks {
  public struct Broken: Error, CustomStringConvertible {
    public let description: String
  }

  public static func run(_ bytes: [UInt8]) throws -> [MarkLine] {
    let rows = try CSVText.rows(bytes)
    guard let header = rows.first else { throw Broken(description: "the file is empty") }
    let names = header.cells.map { $0.lowercased() }
    guard let id = names.firstIndex(of: "id"), let outcome = names.firstIndex(of: "outcome") else {
      throw Broken(description: "the first line must name the columns id and outcome")
    }
    return try rows.dropFirst().compactMap { line, cells in
      guard cells.count == names.count else {
        throw Broken(
          description: "line \(line) has \(cells.count) cells, the first line \(names.count)")
      }
      return try mark(line, Row(names: names, cells: cells), cells[id], cells[outcome])
    }
  }

  private struct Row {
    let names: [String]
    let cells: [String]
    subscript(name: String) -> String? {
      names.firstIndex(of: name).map { cells[$0] }.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  private static func mark(_ line: Int, _ row: Row, _ id: String, _ outcome: String) throws
    -> MarkLine?
  {
    if outcome.isEmpty { return nil }
    guard let id = PayoutID(id) else {
      throw Broken(description: "line \(line): the id is not that of a payout")
    }
    guard let mark = PayoutMark(rawValue: outcome.lowercased()) else {
      throw Broken(description: "line \(line): the outcome must be paid, failed or returned")
    }
    return MarkLine(
      line: line, id: id, mark: mark, amount: try amount(line, row), note: row["note"])
  }

  private static func amount(_ line: Int, _ row: Row) throws -> Amount? {
    guard let text = row["amount"] else { return nil }
    guard let currency = row["currency"].flatMap({ Currency($0) }) else {
      throw Broken(description: "line \(line): an amount needs a currency")
    }
    do {
      return try Amount(decimal: text, currency: currency)
    } catch {
      throw Broken(description: "line \(line): the amount is not a decimal number")
    }
  }
}
