/// A day of the Gregorian calendar, SQL's `date`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let number: Int

  public init(number: Int) { self.number = number }

  /// Nil when the calendar has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let made = Day(number: Day.count(year, month, day))
    guard made.parts == (year, month, day) else { return nil }
    self = made
  }

  /// Reads `2026-11-23`; nil for anything else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = Digits.value(bytes[0..<4]), let month = Digits.value(bytes[5..<7]),
      let day = Digits.value(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Today in UTC.
  public static var today: Day { Timestamp.now.day }

  /// The day's first moment, in UTC.
  public var start: Timestamp { Timestamp(microseconds: Int64(number) * 86_400_000_000) }

  /// The day so many days later, or earlier when negative.
  public func adding(days: Int) -> Day { Day(number: number + days) }

  /// How many days it is until another; negative when that is earlier.
  public func days(until other: Day) -> Int { other.number - number }

  // Howard Hinnant's civil calendar: years begin in March, in eras of 400 years.
  public var parts: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * march + 2) / 5 + 1
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func count(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  public var description: String {
    let (year, month, day) = parts
    return String(unsafeUninitializedCapacity: 32) { text in
      var writer = DigitWriter(text: text)
      writer.number(year, width: 4)
      writer.number(month, width: 2, after: "-")
      writer.number(day, width: 2, after: "-")
      return writer.end
    }
  }

  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}

/// Decimal digits of fixed width.
enum Digits {
  static func value(_ bytes: ArraySlice<UInt8>) -> Int? {
    var total = 0
    for byte in bytes {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      total = total * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return total
  }
}

/// Writes numbers of fixed width straight into text.
struct DigitWriter {
  let text: UnsafeMutableBufferPointer<UInt8>
  private(set) var end = 0

  init(text: UnsafeMutableBufferPointer<UInt8>) { self.text = text }

  mutating func letter(_ letter: Unicode.Scalar) {
    text[end] = UInt8(truncatingIfNeeded: letter.value)
    end += 1
  }

  /// At least `width` digits; a number below zero has its sign in front of them.
  mutating func number(_ value: Int, width: Int, after separator: Unicode.Scalar? = nil) {
    if let separator { letter(separator) }
    if value < 0 { letter("-") }
    var digits = width
    var limit: UInt = 1
    for _ in 0..<width { limit *= 10 }
    while value.magnitude >= limit, digits < 19 {
      digits += 1
      limit *= 10
    }
    var rest = value.magnitude
    for place in (end..<end + digits).reversed() {
      text[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    end += digits
  }
}

extension Day: PostgresEncodable, PostgresDecodable {
  private static let epoch = 10_957  // PostgreSQL counts from 2000-01-01

  public static var postgresType: PostgresType { .date }
  public func encode(into bytes: inout [UInt8]) {
    bytes.append(bigEndian: Int32(clamping: number - Day.epoch))
  }
  public init(cell: Cell) throws {
    guard cell.oid == PostgresType.date.oid else { throw cell.mismatch(as: Day.self) }
    let bytes = try cell.content(size: 4, as: Day.self)
    number = Int(bytes.integer(Int32.self)) + Day.epoch
  }
}
