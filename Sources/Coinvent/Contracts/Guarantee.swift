import JSON
import Ledger

/// The least that the sales of some months earn; what is missing is topped up.
public struct Guarantee: Sendable, Equatable {
  public let name: String
  public let amount: Amount
  public let from: Month
  /// The last month that counts.
  public let until: Month

  public init(name: String, amount: Amount, from: Month, until: Month) {
    self.name = name
    self.amount = amount
    self.from = from
    self.until = until
  }

  /// Nil when its currency is none, which the fields know.
  init?(_ fields: inout Fields) {
    let name = fields.label("name")
    let nanos = fields.money("amount", aboveZero: true)
    let currency = fields.currency("currency")
    let (from, until) = (fields.month("from"), fields.month("until"))
    if until < from { fields.note("until", "must not be before from") }
    guard let currency else { return nil }
    self.init(
      name: name, amount: Amount(nanos: nanos, currency: currency), from: from, until: until)
  }

  var json: JSON {
    [
      "name": .string(name), "amount": .string(amount.decimal),
      "currency": .string(amount.currency.code), "from": .string(from.description),
      "until": .string(until.description),
    ]
  }
}
