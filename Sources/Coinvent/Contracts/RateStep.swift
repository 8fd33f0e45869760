import JSON
import Ledger
import Postgres

/// From where on a rule has another rate.
public struct RateStep: Sendable, Equatable {
  /// Units, or nanos of the rule's currency, that must be counted before; or of a rule by date the
  /// microseconds of the moment.
  public let threshold: Int64
  /// Parts per million.
  public let ppm: Int64

  public init(threshold: Int64, ppm: Int64) {
    self.threshold = threshold
    self.ppm = ppm
  }

  init(_ fields: inout Fields, by measure: RateRule.Measure) {
    switch measure {
    case .units: threshold = fields.count("above")
    case .money: threshold = fields.money("above")
    case .date: threshold = RateStep.day(&fields).start.microseconds
    }
    ppm = fields.whole("rate_ppm", in: 0...1_000_000)
  }

  private static func day(_ fields: inout Fields) -> Day {
    let text = fields.text("from")
    if let day = Day(text) { return day }
    if !text.isEmpty { fields.note("from", "must be a date such as 2027-01-01") }
    return Day(number: 0)
  }

  func json(by measure: RateRule.Measure, _ currency: Currency?) -> JSON {
    switch measure {
    case .units: ["above": .string("\(threshold)"), "rate_ppm": .int(ppm)]
    case .money: ["above": .string(decimal(threshold, currency)), "rate_ppm": .int(ppm)]
    case .date:
      [
        "from": .string(Timestamp(microseconds: threshold).day.description), "rate_ppm": .int(ppm),
      ]
    }
  }

  private func decimal(_ nanos: Int64, _ currency: Currency?) -> String {
    guard let currency else { preconditionFailure("a rule by money has a currency") }
    return Amount(nanos: nanos, currency: currency).decimal
  }
}
