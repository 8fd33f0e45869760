import JSON
import Ledger

/// Where a counter starts: what was sold before the books begin.
public struct OpeningCount: Sendable, Equatable {
  public let counter: String
  /// Nil for units.
  public let currency: Currency?
  /// Units, or nanos of the currency.
  public let count: Int64

  public init(counter: String, currency: Currency? = nil, count: Int64) {
    self.counter = counter
    self.currency = currency
    self.count = count
  }

  init(_ fields: inout Fields) {
    counter = fields.label("counter")
    if fields.json("money") == nil {
      currency = nil
      count = fields.count("units")
      if fields.json("currency") != nil { fields.note("currency", "is only of money") }
    } else {
      currency = fields.currency("currency")
      count = fields.money("money")
      if fields.json("units") != nil { fields.note("units", "must not stand beside money") }
    }
  }

  var json: JSON {
    guard let currency else {
      return ["counter": .string(counter), "units": .string("\(count)")]
    }
    return [
      "counter": .string(counter), "currency": .string(currency.code),
      "money": .string(Amount(nanos: count, currency: currency).decimal),
    ]
  }
}
