/// Header fields: names compare without case, order and repetitions are kept.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// The fields in their order; names keep the case they came in.
  public private(set) var fields: [(name: String, value: String)] = []

  /// No fields.
  public init() {}

  /// Adds the fields in the order they are written.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { add(name, value) }
  }

  /// How many fields there are, repetitions included.
  public var count: Int { fields.count }

  /// The first value of that name; setting replaces all values, nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first { sameName($0.name, name) }?.value }
    set {
      fields.removeAll { sameName($0.name, name) }
      if let newValue { add(name, newValue) }
    }
  }

  /// All values of that name in their order.
  public func all(_ name: String) -> [String] {
    fields.filter { sameName($0.name, name) }.map(\.value)
  }

  /// Whether a field of that name is there exactly so often.
  public func has(_ name: String, times: Int) -> Bool {
    fields.count { sameName($0.name, name) } == times
  }

  /// Adds a field after the others. Line breaks and NUL in a value become spaces, so that no value
  /// can begin a field of its own.
  public mutating func add(_ name: String, _ value: String) {
    precondition(isToken(name.utf8), "a field name is a token")
    var value = value
    let isClean = value.withUTF8 { $0.allSatisfy { $0 != 13 && $0 != 10 && $0 != 0 } }
    fields.append((name, isClean ? value : cleaned(value)))
  }

  /// Adds a field that was checked when it was read.
  mutating func addChecked(_ name: String, _ value: String) {
    fields.append((name, value))
  }

  mutating func reserve(_ count: Int) {
    fields.reserveCapacity(count)
  }

  /// Equal when the same fields come in the same order; names compare without case.
  public static func == (one: Headers, other: Headers) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one.fields, other.fields).allSatisfy { one, other in
      sameName(one.name, other.name) && one.value == other.value
    }
  }

  private func cleaned(_ value: String) -> String {
    String(
      decoding: value.utf8.map { $0 == 13 || $0 == 10 || $0 == 0 ? 32 : $0 }, as: UTF8.self)
  }
}

/// Whether the names are equal but for the case of their ASCII letters.
func sameName(_ one: String, _ other: String) -> Bool {
  guard one.utf8.count == other.utf8.count else { return false }
  var bytes = other.utf8.makeIterator()
  for byte in one.utf8 {
    guard let next = bytes.next(), lowercase(next) == lowercase(byte) else { return false }
  }
  return true
}

func lowercase(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

/// Whether the bytes are a token as RFC 9110 section 5.6.2 defines it.
func isToken<Bytes: Sequence<UInt8>>(_ bytes: Bytes) -> Bool {
  var isEmpty = true
  for byte in bytes {
    isEmpty = false
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "#"),
      UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"),
      UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"),
      UInt8(ascii: "~"):
      continue
    default: return false
    }
  }
  return !isEmpty
}
