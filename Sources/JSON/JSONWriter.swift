/// Writes JSON text straight into bytes, without building values first.
///
/// Commas and colons are placed by the writer; the caller keeps begin and end in pairs and gives
/// each member of an object its key.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
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

  /// Writes the key of the member whose value comes next.
  public mutating func key(_ key: String) {
    separate()
    quote(key)
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
    case .object(let object): self.object { for (key, value) in object { $0.field(key, value) } }
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

  // MARK: Members

  public mutating func field(_ key: String, _ value: String) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: String, _ value: Int64) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: String, _ value: Int) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: String, _ value: Bool) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: String, _ value: Double) {
    self.key(key)
    self.value(value)
  }
  public mutating func field(_ key: String, _ value: JSON) {
    self.key(key)
    self.value(value)
  }

  /// A member that is null when there is no value.
  public mutating func field(_ key: String, _ value: String?) {
    self.key(key)
    if let value { self.value(value) } else { null() }
  }

  /// A member that is null when there is no value.
  public mutating func field(_ key: String, _ value: Int64?) {
    self.key(key)
    if let value { self.value(value) } else { null() }
  }

  /// A member that is an object.
  public mutating func object(
    _ key: String, _ body: (inout JSONWriter) throws -> Void
  ) rethrows {
    self.key(key)
    try object(body)
  }

  /// A member that is an array with one element for each of `elements`.
  public mutating func array<Elements: Sequence>(
    _ key: String, _ elements: Elements,
    _ body: (inout JSONWriter, Elements.Element) throws -> Void
  ) rethrows {
    self.key(key)
    try array(elements, body)
  }

  /// The whole of one object as bytes.
  public static func object(_ body: (inout JSONWriter) throws -> Void) rethrows -> [UInt8] {
    var writer = JSONWriter()
    try writer.object(body)
    return writer.bytes
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
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      var start = 0
      for (index, byte) in utf8.enumerated() where mustEscape(byte) {
        bytes += utf8[start..<index]
        escape(byte)
        start = index + 1
      }
      bytes += utf8[start...]
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private func mustEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
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
    let start = bytes.count
    var rest = value.magnitude
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }
}
