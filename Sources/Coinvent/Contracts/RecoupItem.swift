import JSON
import Ledger

/// What is taken out of what sales earn until it is paid back: an advance, which was credited to
/// the members before, or a cost.
public struct RecoupItem: Sendable, Equatable {
  public enum Kind: Int, Sendable, Comparable {
    case advance, cost

    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  public let kind: Kind
  public let name: String
  public let amount: Amount
  /// Lower ones are paid back first.
  public let order: Int64
  /// At most so many parts per million of what is left are taken; of an advance all of it.
  public let share: Int64

  public init(kind: Kind, name: String, amount: Amount, order: Int64, share: Int64 = 1_000_000) {
    self.kind = kind
    self.name = name
    self.amount = amount
    self.order = order
    self.share = share
  }

  /// Nil when its currency is none, which the fields know.
  init?(_ fields: inout Fields, _ kind: Kind, position: Int) {
    let name = fields.label("name")
    let nanos = fields.money("amount", aboveZero: true)
    let currency = fields.currency("currency")
    let order = fields.optionalWhole("order", in: 1...1_000_000)
    let share = kind == .cost ? fields.optionalWhole("share_ppm", in: 1...1_000_000) : nil
    guard let currency else { return nil }
    self.init(
      kind: kind, name: name, amount: Amount(nanos: nanos, currency: currency),
      order: order ?? Int64(position), share: share ?? 1_000_000)
  }

  var json: JSON {
    var json = JSONObject()
    json["name"] = .string(name)
    json["amount"] = .string(amount.decimal)
    json["currency"] = .string(amount.currency.code)
    json["order"] = .int(order)
    if kind == .cost { json["share_ppm"] = .int(share) }
    return .object(json)
  }
}
