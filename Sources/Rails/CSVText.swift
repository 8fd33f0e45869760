/// CSV as RFC 4180 has it, safe to open in a spreadsheet.
enum CSVText {
  static func line(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",") + "\r\n"
  }

  /// A cell that no spreadsheet takes for a formula: those begin with one of `= + - @`, tab or CR,
  /// and get an apostrophe before them.
  static func cell(_ text: String) -> String {
    let risky: Set<UInt8> = [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D]
    let safe = text.utf8.first.map(risky.contains) == true ? "'" + text : text
    let special: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
    guard safe.utf8.contains(where: special.contains) else { return safe }
    // By bytes: to Swift a quote with a combining mark is another character than a quote.
    var bytes: [UInt8] = [0x22]
    for byte in safe.utf8 { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
    return String(decoding: bytes + [0x22], as: UTF8.self)
  }

  struct Broken: Error, CustomStringConvertible {
    let line: Int
    let what: String
    var description: String { "line \(line): \(what)" }
  }

  /// The rows of a file, with the number of the line each begins on. Empty lines are left out.
  static func rows(_ bytes: [UInt8]) throws(Broken) -> [(line: Int, cells: [String])] {
    var reader = CSVReader(bytes)
    return try reader.rows()
  }
}

/// Walks over the bytes of a CSV file.
private struct CSVReader {
  private let bytes: [UInt8]
  private var position: Int
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func rows() throws(CSVText.Broken) -> [(line: Int, cells: [String])] {
    var rows: [(line: Int, cells: [String])] = []
    while position < bytes.count {
      let start = line
      let cells = try row()
      if cells != [""] { rows.append((start, cells)) }
    }
    return rows
  }

  private mutating func row() throws(CSVText.Broken) -> [String] {
    var cells: [String] = []
    while true {
      cells.append(try cell())
      guard position < bytes.count else { return cells }
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: ",") { continue }
      if byte == 0x0D, position < bytes.count, bytes[position] == 0x0A { position += 1 }
      line += 1
      return cells
    }
  }

  private mutating func cell() throws(CSVText.Broken) -> String {
    let quoted = position < bytes.count && bytes[position] == UInt8(ascii: "\"")
    let content = quoted ? try quotedCell() : plainCell()
    guard let text = String(validating: content, as: UTF8.self) else {
      throw CSVText.Broken(line: line, what: "the text is not UTF-8")
    }
    return text
  }

  private mutating func plainCell() -> [UInt8] {
    let start = position
    while position < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    return Array(bytes[start..<position])
  }

  private mutating func quotedCell() throws(CSVText.Broken) -> [UInt8] {
    let start = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0A { line += 1 }
      if byte != UInt8(ascii: "\"") {
        content.append(byte)
      } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
        content.append(byte)
        position += 1
      } else if position == bytes.count || [0x2C, 0x0A, 0x0D].contains(bytes[position]) {
        return content
      } else {
        throw CSVText.Broken(line: line, what: "there is text after a closing quote")
      }
    }
    throw CSVText.Broken(line: start, what: "a quote is never closed")
  }
}
