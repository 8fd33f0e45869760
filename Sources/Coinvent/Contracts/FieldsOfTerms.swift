import JSON
import Ledger
import Postgres

/// What contract terms are written with.
extension Fields {
  /// The largest amount that a contract states, in nanos: ten million of the major unit. Any
  /// number of units of it still fits in the sums.
  static let largestPrice = 10_000_000 * Amount.one

  /// The elements of an array that may be missing.
  mutating func optionalList<Element>(
    _ name: String, _ count: ClosedRange<Int>, _ read: (inout Fields) throws(Invalid) -> Element
  ) -> [Element] {
    guard json(name) != nil else { return [] }
    return list(name, count, read)
  }

  /// A decimal that is not negative, in nanos.
  mutating func money(_ name: String, aboveZero: Bool = false) -> Int64 {
    let text = text(name)
    guard json(name)?.string != nil else { return 0 }
    do {
      let nanos = try Amount.nanos(decimal: text)
      if nanos < 0 || (aboveZero && nanos == 0) {
        note(name, aboveZero ? "must be more than 0" : "must not be negative")
      }
      return max(0, nanos)
    } catch {
      note(name, error.description)
      return 0
    }
  }

  mutating func currency(_ name: String) -> Currency? {
    let text = text(name)
    if let currency = Currency(text) { return currency }
    if !text.isEmpty { note(name, "must be an ISO 4217 code such as USD") }
    return nil
  }

  /// A count that is not negative, as a number or its digits.
  mutating func count(_ name: String, upTo limit: Int64 = 1_000_000_000_000) -> Int64 {
    let value = json(name)
    if let count = value?.int ?? value?.string.flatMap(Int64.init), (0...limit).contains(count) {
      return count
    }
    note(name, value == nil ? "is required" : "must be a whole number from 0 to \(limit)")
    return 0
  }

  /// 1 to 32 of a-z, 0-9, _ and -, a letter first.
  mutating func label(_ name: String) -> String {
    if json(name) == nil { note(name, "is required") }
    return optionalLabel(name) ?? ""
  }

  mutating func optionalLabel(_ name: String) -> String? {
    guard let text = optionalText(name) else { return nil }
    if ContractTerms.isLabel(text) { return text }
    note(name, "must be 1 to 32 of a-z, 0-9, _ and -, a letter first")
    return nil
  }

  /// `2027-01`.
  mutating func month(_ name: String) -> Month {
    let text = text(name)
    if let month = Month(text) { return month }
    if !text.isEmpty { note(name, "must be a month such as 2027-01") }
    return Month(number: 0)
  }

  /// Amounts by currency, such as {"USD":"29.99"}; none when absent.
  mutating func amounts(_ name: String) -> [Currency: Int64] {
    guard let value = json(name) else { return [:] }
    guard let object = value.object, !object.isEmpty else {
      note(name, "must be an object of amounts by currency, such as {\"USD\":\"29.99\"}")
      return [:]
    }
    var amounts: [Currency: Int64] = [:]
    for (code, json) in object {
      guard let currency = Currency(code) else {
        note(name, "\(code) is no ISO 4217 code such as USD")
        continue
      }
      amounts[currency] = amount(json, name, code)
    }
    return amounts
  }

  private mutating func amount(_ json: JSON, _ name: String, _ code: String) -> Int64 {
    guard let text = json.string else {
      note(name, "\(code) must be a decimal in quotes, such as \"29.99\"")
      return 0
    }
    do {
      let nanos = try Amount.nanos(decimal: text)
      if (0...Fields.largestPrice).contains(nanos) { return nanos }
      note(name, "\(code) must be from 0 to 10000000")
    } catch {
      note(name, "\(code) \(error.description)")
    }
    return 0
  }
}
