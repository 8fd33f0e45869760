import Postgres

/// A calendar month in UTC.
public struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since the beginning of year 0.
  public let number: Int

  public init(number: Int) { self.number = number }

  /// The month that a moment falls in.
  public init(of time: Timestamp) {
    self.init(of: time.day)
  }

  public init(of day: Day) {
    let (year, month, _) = day.parts
    number = year * 12 + month - 1
  }

  /// Reads `2027-01`; nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let day = Day(text + "-01") else { return nil }
    self.init(of: day)
  }

  public var firstDay: Day {
    guard let day = Day(year: number / 12, month: number % 12 + 1, day: 1) else {
      preconditionFailure("month \(number) is beyond the calendar")
    }
    return day
  }

  /// Its first moment in UTC.
  public var start: Timestamp { firstDay.start }

  public func adding(_ months: Int) -> Month { Month(number: number + months) }

  public var description: String { String(firstDay.description.prefix(7)) }

  public static func < (a: Month, b: Month) -> Bool { a.number < b.number }
}
