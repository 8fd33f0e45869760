/// Writes JSON text straight into bytes, without building values first.
///
/// Commas and colons are placed by the writer; the caller keeps begin and end in pairs and gives
/// each member of an object its key.
public struct JSONWriter: Sendable {
  public internal(set) var bytes: [UInt8] = []
  private var needsComma = false
  private var level = 0
  private let pretty: Bool

  /// - Parameter pretty: a line for each member and element, two spaces for each level.
  public init(reserving capacity: Int = 256, pretty: Bool = false) {
    self.pretty = pretty
    bytes.reserveCapacity(capacity)
  }

  // MARK: Structure

  public mutating func beginObject() { begin(UInt8(ascii: "{")) }
  public mutating func endObject() { end(UInt8(ascii: "}")) }
  public mutating func beginArray() { begin(UInt8(ascii: "[")) }
  public mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Writes an object whose members `body` writes.
  public mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
    beginObject()
    try body(&self)
    endObject()
  }

  /// Writes an array whose elements `body` writes.
  public mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
    beginArray()
    try body(&self)
    endArray()
  }

  /// Writes an array with one element for each of `elements`.
  public mutating func array<Elements: Sequence>(
    _ elements: Elements, _ body: (inout JSONWriter, Elements.Element) throws -> Void
  ) rethrows {
    beginArray()
    for element in elements { try body(&self, element) }
    endArray()
  }

  /// Writes the key of the member whose value comes next; ASCII without quotes and backslashes.
  public mutating func key(_ key: StaticString) {
    separate()
    // Our own words: nothing to escape.
    bytes.append(UInt8(ascii: "\""))
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    endKey()
  }

  mutating func key(_ key: String) {
    separate()
    quote(key)
    endKey()
  }

  private mutating func endKey() {
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(UInt8(ascii: " ")) }
    needsComma = false
  }

  // MARK: Values

  public mutating func null() { raw("null") }
  public mutating func value(_ value: Bool) { raw(value ? "true" : "false") }
  public mutating func value(_ value: Int) { self.value(Int64(value)) }

  public mutating func value(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  /// UTF-8 that lies somewhere else.
  public mutating func value(utf8 text: UnsafeRawBufferPointer) {
    separate()
    quoted(text)
    needsComma = true
  }

  /// A text of at most `limit` bytes that `fill` writes in place; all ASCII and nothing that must
  /// be escaped.
  /// - Parameter fill: returns how many bytes it wrote.
  public mutating func ascii(
    _ limit: Int, _ fill: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { space in
      bytes.append(contentsOf: UnsafeMutableBufferPointer(rebasing: space[..<fill(space)]))
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  public mutating func value(_ value: Int64) {
    separate()
    digits(value)
    needsComma = true
  }

  /// Not-a-number and the infinities have no JSON form and become null.
  public mutating func value(_ value: Double) {
    raw(value.isFinite ? value.description : "null")
  }

  public mutating func value(_ value: JSON) {
    switch value {
    case .null: null()
    case .bool(let value): self.value(value)
    case .int(let value): self.value(value)
    case .double(let value): self.value(value)
    case .string(let value): self.value(value)
    case .array(let elements): array(elements) { $0.value($1) }
    case .object(let object):
      self.object {
        for (key, value) in object {
          $0.key(key)
          $0.value(value)
        }
      }
    }
  }

  /// Appends text that is one JSON value already.
  public mutating func raw(_ json: [UInt8]) {
    separate()
    bytes += json
    needsComma = true
  }

  /// Appends text that is one JSON value already.
  public mutating func raw(_ json: String) {
    separate()
    bytes += json.utf8
    needsComma = true
  }

  /// UTF-8 that lies somewhere else and is one JSON value already.
  public mutating func raw(utf8 json: UnsafeRawBufferPointer) {
    separate()
    bytes.append(contentsOf: json)
    needsComma = true
  }

  // MARK: Bytes

  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    level += 1
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    level -= 1
    precondition(level >= 0, "an end without its begin")
    if needsComma { breakLine() }
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    guard pretty else { return }
    let opens = bytes.last == UInt8(ascii: "{") || bytes.last == UInt8(ascii: "[")
    if needsComma || opens { breakLine() }
  }

  private mutating func breakLine() {
    guard pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    for _ in 0..<level { bytes += [UInt8(ascii: " "), UInt8(ascii: " ")] }
  }

  private mutating func quote(_ text: String) {
    var text = text
    text.withUTF8 { quoted(UnsafeRawBufferPointer($0)) }
  }

  private mutating func quoted(_ utf8: UnsafeRawBufferPointer) {
    bytes.append(UInt8(ascii: "\""))
    var rest = utf8[...]
    while let place = firstToEscape(in: UnsafeRawBufferPointer(rebasing: rest)) {
      let index = rest.startIndex + place
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest[..<index]))
      escape(rest[index])
      rest = rest[(index + 1)...]
    }
    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: rest))
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    default:
      bytes += "u00".utf8
      bytes.append(hexadecimal(byte >> 4))
      bytes.append(hexadecimal(byte & 15))
    }
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }

  private mutating func digits(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    if value.magnitude < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(value.magnitude))
      return
    }
    let start = bytes.count
    var rest = value.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}

/// The first byte that JSON text must not hold as it is, eight at a time: control characters,
/// quotes and backslashes.
private func firstToEscape(in bytes: UnsafeRawBufferPointer) -> Int? {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let tops: UInt64 = 0x8080_8080_8080_8080
  var place = 0
  while place + 8 <= bytes.count {
    let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    // A byte of each term has its top bit set where it is below 0x20, or equal, and perhaps in
    // bytes above such a one: enough to tell whether there is any.
    let low = (word &- ones &* 0x20) & ~word
    let quote = word ^ (ones &* 0x22)
    let slash = word ^ (ones &* 0x5C)
    if (low | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)) & tops != 0 { break }
    place += 8
  }
  while place < bytes.count {
    if mustEscape(bytes[place]) { return place }
    place += 1
  }
  return nil
}

private func mustEscape(_ byte: UInt8) -> Bool {
  byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
}
