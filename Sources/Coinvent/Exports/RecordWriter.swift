import JSON
import Postgres

/// Makes CSV or JSON Lines of fields, row by row.
struct RecordWriter {
  private let format: Export.Format
  private var bytes: [UInt8] = []
  private var json = JSONWriter()
  private var isFirst = true

  init(_ format: Export.Format) { self.format = format }

  /// What was written since the last time.
  mutating func take() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  /// The names of the columns; JSON Lines have none.
  mutating func header(_ names: [StaticString]) {
    guard format == .csv else { return }
    for name in names {
      cell(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }
    end()
  }

  mutating func row(_ body: (inout RecordWriter) -> Void) {
    if format == .csv {
      body(&self)
      end()
    } else {
      json = JSONWriter()
      json.beginObject()
      body(&self)
      json.endObject()
      bytes += json.bytes
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private mutating func end() {
    bytes += [13, 10]
    isFirst = true
  }

  // MARK: Fields

  /// A text that somebody has written.
  mutating func field(_ name: StaticString, _ text: StoredText?) {
    guard let text else { return empty(name) }
    text.withUTF8 { utf8 in
      if format == .csv {
        cell(utf8, guarded: CSVGuard.isNeeded(utf8))
      } else {
        json.field(name, utf8: utf8)
      }
    }
  }

  mutating func field(_ name: StaticString, _ text: String?) {
    guard var text else { return empty(name) }
    text.withUTF8 { utf8 in
      let utf8 = UnsafeRawBufferPointer(utf8)
      if format == .csv {
        cell(utf8, guarded: CSVGuard.isNeeded(utf8))
      } else {
        json.field(name, utf8: utf8)
      }
    }
  }

  mutating func field(_ name: StaticString, _ number: Int64) {
    if format == .csv { plain("\(number)") } else { json.field(name, number) }
  }

  mutating func field(_ name: StaticString, _ flag: Bool) {
    if format == .csv { plain("\(flag)") } else { json.field(name, flag) }
  }

  mutating func field(_ name: StaticString, _ time: Timestamp?) {
    guard let time else { return empty(name) }
    ascii(name, Timestamp.textLimit) { time.write(into: $0) }
  }

  mutating func field<ID: EntityID>(_ name: StaticString, _ id: ID?) {
    guard let id else { return empty(name) }
    ascii(name, ID.textLength) { id.write(into: $0) }
  }

  /// Words: an array in JSON; in CSV `a, b`, or an array as in JSON when that would be unclear.
  mutating func field(_ name: StaticString, words: [String]) {
    guard format == .csv else {
      json.key(name)
      return json.array(words) { $0.value($1) }
    }
    if words.contains(where: { $0.contains(",") }) || words.first?.hasPrefix("[") ?? false {
      field(name, JSON.array(words.map(JSON.string)).text())
    } else {
      field(name, words.joined(separator: ", "))
    }
  }

  /// Text that is JSON already: part of the document in JSON, a text in CSV.
  mutating func field(_ name: StaticString, json text: StoredText?) {
    guard format == .jsonl else { return field(name, text) }
    guard let text else { return empty(name) }
    json.key(name)
    text.withUTF8 { json.raw(utf8: $0) }
  }

  // MARK: Cells

  private mutating func empty(_ name: StaticString) {
    if format == .csv { separate() } else { json.field(name, nil as String?) }
  }

  private mutating func ascii(
    _ name: StaticString, _ limit: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) {
    guard format == .csv else { return json.field(name, asciiOf: limit, fill) }
    separate()
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { space in
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: space[..<fill(space)]))
    }
  }

  private mutating func plain(_ text: String) {
    separate()
    bytes += text.utf8
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }

  private mutating func cell(_ text: UnsafeRawBufferPointer, guarded: Bool = false) {
    separate()
    let isQuoted = text.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10 || byte == 13
    }
    // Blanks at the ends are text; some readers take them away outside of quotes.
    let hasEnds = text.first == 32 || text.last == 32
    if isQuoted || hasEnds { bytes.append(UInt8(ascii: "\"")) }
    if guarded { bytes.append(UInt8(ascii: "'")) }
    if isQuoted {
      for byte in text {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
    } else {
      bytes.append(contentsOf: text)
    }
    if isQuoted || hasEnds { bytes.append(UInt8(ascii: "\"")) }
  }
}
