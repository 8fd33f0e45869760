import Coinvent
import Ledger
import Postgres

/// What the commands about the books share.
enum BooksMoment {
  static let at = Option.value(
    "at", "TIME", "A moment, or a day for its end, in UTC; now unless given.")

  static func read(_ context: Context) throws(Failure) -> Timestamp? {
    try context.value(at, expecting: "a day, or a moment such as 2026-01-31T12:00:00Z") { text in
      Timestamp(rfc3339: text) ?? Day(text).map { $0.adding(days: 1).start - .microseconds(1) }
    }
  }

  static func day(_ option: Option, _ context: Context) throws(Failure) -> Day? {
    try context.value(option, expecting: "a date such as 2026-01-31") { Day($0) }
  }

  static func currency(_ option: Option, _ context: Context) throws(Failure) -> Currency? {
    try context.value(option, expecting: "a currency such as USD") { Currency($0) }
  }

  static func amount(_ text: String, _ currency: Currency) throws(Failure) -> Amount {
    do throws(AmountError) {
      return try Amount(decimal: text, currency: currency)
    } catch { throw .usage("--amount: “\(text)” \(error).") }
  }

  /// A column of figures, its points below each other.
  static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
