import Glibc

/// A moment, to the microsecond: SQL's `timestamptz`.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }

  /// Reads RFC 3339: `2026-11-23T22:14:03.123456Z`, any offset, up to nine decimals (those below a
  /// microsecond are cut); nil for anything else.
  public init?(rfc3339 text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, let day = Day(String(decoding: bytes[0..<10], as: UTF8.self)),
      bytes[10] | 0x20 == UInt8(ascii: "t") || bytes[10] == UInt8(ascii: " "),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = Digits.value(bytes[11..<13]), let minute = Digits.value(bytes[14..<16]),
      let second = Digits.value(bytes[17..<19]), hour < 24, minute < 60, second <= 60
    else { return nil }
    var position = 19
    guard let fraction = Timestamp.fraction(bytes, &position),
      let offset = Timestamp.offset(bytes[position...])
    else { return nil }
    let seconds = Int64(hour * 3600 + minute * 60 + second - offset)
    microseconds = day.start.microseconds + seconds * 1_000_000 + fraction
  }

  private static func fraction(_ bytes: [UInt8], _ position: inout Int) -> Int64? {
    guard bytes[position] == UInt8(ascii: ".") else { return 0 }
    position += 1
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    guard (1...9).contains(position - start) else { return nil }
    var digits = Array(bytes[start..<position].prefix(6))
    while digits.count < 6 { digits.append(48) }
    return Digits.value(digits[...]).map(Int64.init)
  }

  /// Seconds east of Greenwich from `Z` or `+01:00`.
  private static func offset(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.first else { return nil }
    if first | 0x20 == UInt8(ascii: "z") { return bytes.count == 1 ? 0 : nil }
    let rest = bytes.dropFirst()
    guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), rest.count == 5,
      rest[rest.startIndex + 2] == UInt8(ascii: ":"),
      let hours = Digits.value(rest.prefix(2)), let minutes = Digits.value(rest.suffix(2)),
      hours < 24, minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (first == UInt8(ascii: "-") ? -1 : 1)
  }

  /// The day this moment falls on in UTC.
  public var day: Day {
    let (quotient, rest) = microseconds.quotientAndRemainder(dividingBy: 86_400_000_000)
    return Day(number: Int(rest < 0 ? quotient - 1 : quotient))
  }

  /// RFC 3339 in UTC; the fraction appears only when there is one.
  public var description: String {
    String(unsafeUninitializedCapacity: Timestamp.textLimit) { write(into: $0) }
  }

  /// The most bytes of the text form.
  public static var textLimit: Int { 40 }

  /// Writes the text form, which is ASCII.
  /// - Parameter text: has room for `textLimit` bytes.
  /// - Returns: how many bytes were written.
  public func write(into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let day = day
    let (year, month, date) = day.parts
    let inDay = Int(microseconds - day.start.microseconds)
    let (seconds, micros) = (inDay / 1_000_000, inDay % 1_000_000)
    var writer = DigitWriter(text: text)
    writer.number(year, width: 4)
    writer.number(month, width: 2, after: "-")
    writer.number(date, width: 2, after: "-")
    writer.number(seconds / 3600, width: 2, after: "T")
    writer.number(seconds / 60 % 60, width: 2, after: ":")
    writer.number(seconds % 60, width: 2, after: ":")
    if micros != 0 { writer.number(micros, width: 6, after: ".") }
    writer.letter("Z")
    return writer.end
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.microseconds < right.microseconds
  }

  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(microseconds: time.microseconds + duration.microseconds)
  }

  public static func - (time: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(microseconds: time.microseconds - duration.microseconds)
  }

  public static func - (later: Timestamp, earlier: Timestamp) -> Duration {
    .microseconds(later.microseconds - earlier.microseconds)
  }
}

extension Duration {
  /// Whole microseconds, rounded toward zero.
  var microseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
  }

  var milliseconds: Int64 { microseconds / 1000 }
}

extension Timestamp: PostgresEncodable, PostgresDecodable {
  private static let epoch: Int64 = 946_684_800_000_000  // PostgreSQL counts from 2000-01-01

  public static var postgresType: PostgresType { .timestamptz }

  public func encode(into bytes: inout [UInt8]) {
    let (value, over) = microseconds.subtractingReportingOverflow(Timestamp.epoch)
    bytes.append(bigEndian: over || microseconds == .max ? microseconds : value)
  }

  /// From timestamptz, and from timestamp taken as UTC. SQL's infinities become the largest and the
  /// smallest number of microseconds, and back.
  public init(cell: Cell) throws {
    guard cell.oid == 1184 || cell.oid == 1114 else { throw cell.mismatch(as: Timestamp.self) }
    let value = try cell.content(size: 8, as: Timestamp.self).integer(Int64.self)
    let (sum, over) = value.addingReportingOverflow(Timestamp.epoch)
    microseconds = over || value == .min ? value : sum
  }
}

/// A `Duration` is an interval of microseconds; one with months cannot be read back.
extension Duration: PostgresEncodable, PostgresDecodable {
  public static var postgresType: PostgresType { .interval }
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(bigEndian: microseconds)
    bytes.append(bigEndian: Int64(0))
  }
  public init(cell: Cell) throws {
    guard cell.oid == PostgresType.interval.oid else { throw cell.mismatch(as: Duration.self) }
    let bytes = try cell.content(size: 16, as: Duration.self)
    guard bytes.integer(Int32.self, at: 12) == 0 else { throw cell.mismatch("counts months") }
    let days = Duration.seconds(Int64(bytes.integer(Int32.self, at: 8)) * 86_400)
    self = days + .microseconds(bytes.integer(Int64.self))
  }
}
