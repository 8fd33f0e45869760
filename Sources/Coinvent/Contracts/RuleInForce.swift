import Ledger
import Postgres

/// The rule that governs a line, and how its units are counted.
struct RuleInForce: Sendable {
  /// How a line goes through the steps.
  enum Way: Sendable {
    /// All of it at one rate; what it adds to counters of that name, if any.
    case flat(counter: String?)
    case units(counter: String)
    /// In nanos of the line's currency.
    case money(counter: String)
  }

  let rule: RateRule

  /// The most special rule that covers the place, else the channel's rate; nil when the contract
  /// knows neither.
  init?(of place: SalePlace, in terms: ContractTerms) {
    let covering = terms.further.rules.filter { $0.covers(place) }
    if let special = covering.max(by: { $0.precedence < $1.precedence }) {
      rule = special
    } else if let rate = terms.rates.first(where: { $0.channel == place.channel }) {
      rule = RateRule(channel: rate.channel, ppm: rate.ppm)
    } else {
      return nil
    }
  }

  /// Lines of other currencies than the rule's do not go through its steps by money.
  func way(_ currency: String) -> Way {
    switch rule.measure {
    case nil, .date: .flat(counter: rule.counter)
    case .units: .units(counter: rule.counterName)
    case .money:
      rule.currency?.code == currency ? .money(counter: rule.counterName) : .flat(counter: nil)
    }
  }

  /// The rate without steps by units or money.
  func flatRate(at time: Timestamp) -> Int64 {
    guard rule.measure == .date else { return rule.ppm }
    return rule.steps.last { $0.threshold <= time.microseconds }?.ppm ?? rule.ppm
  }

  /// The rate of what comes when so much has been counted.
  /// - Parameter scale: of a threshold, to the counter's unit.
  func rate(after count: Int128, scale: Int128) -> Int64 {
    rule.steps.last { Int128($0.threshold) * scale <= count }?.ppm ?? rule.ppm
  }

  /// Thresholds strictly between, ascending.
  func thresholds(between low: Int128, and high: Int128, scale: Int128) -> [Int128] {
    rule.steps.map { Int128($0.threshold) * scale }.filter { low < $0 && $0 < high }
  }

  /// Nanos a unit in a currency; 0 when there is no minimum.
  func minimum(_ currency: String) -> Int64 {
    rule.minimums.isEmpty ? 0 : Currency(currency).flatMap { rule.minimums[$0] } ?? 0
  }
}
