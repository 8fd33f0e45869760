/// A universally unique identifier: 16 bytes, ordered as PostgreSQL orders them.
public struct UUID: Hashable, Comparable, Sendable, CustomStringConvertible,
  LosslessStringConvertible
{
  public let high: UInt64
  public let low: UInt64

  /// All bits zero: stands for nobody.
  public static let zero = UUID(high: 0, low: 0)

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Nil unless there are 16 bytes.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads `8-4-4-4-12` hexadecimal digits of either case; nil for anything else.
  public init?(_ text: String) {
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    guard text.utf8.count == 36 else { return nil }
    for (position, byte) in text.utf8.enumerated() {
      if [8, 13, 18, 23].contains(position) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = UUID.value(ofHex: byte) else { return nil }
      if digits < 16 { words.0 = words.0 << 4 | digit } else { words.1 = words.1 << 4 | digit }
      digits += 1
    }
    self.init(high: words.0, low: words.1)
  }

  private static func value(ofHex byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// A version 7 UUID (RFC 9562): it sorts by time to a fraction of a microsecond.
  public static func v7(
    now: Timestamp = .now, random: inout some RandomNumberGenerator
  ) -> UUID {
    let micros = max(0, now.microseconds)
    let milliseconds = UInt64(micros / 1000)
    let fraction = UInt64(micros % 1000) * 4096 / 1000  // method 3 of section 6.2
    let high = milliseconds << 16 | 0x7000 | fraction
    let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    return UUID(high: high, low: low)
  }

  public static func v7(now: Timestamp = .now) -> UUID {
    var random = SystemRandomNumberGenerator()
    return v7(now: now, random: &random)
  }

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    encode(into: &bytes)
    return bytes
  }

  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      for index in 0..<32 {
        if [8, 12, 16, 20].contains(index) {
          buffer[position] = UInt8(ascii: "-")
          position += 1
        }
        let word = index < 16 ? high : low
        buffer[position] = digits[Int(word >> UInt64(60 - index % 16 * 4) & 15)]
        position += 1
      }
      return 36
    }
  }

  public static func < (left: UUID, right: UUID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension UUID: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .uuid }
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(bigEndian: high)
    bytes.append(bigEndian: low)
  }
  public init(cell: Cell) throws {
    guard cell.oid == PostgresType.uuid.oid else { throw cell.mismatch(as: UUID.self) }
    let bytes = try cell.content(size: 16, as: UUID.self)
    self.init(high: bytes.integer(UInt64.self), low: bytes.integer(UInt64.self, at: 8))
  }
}
