import JSON
import Ledger
import Postgres

/// The rate of the sales of a channel, a territory, a format, or of several of them together.
public struct RateRule: Sendable, Equatable {
  /// What its steps go by.
  public enum Measure: String, Sendable, CaseIterable {
    case units, money, date
  }

  public var channel: String?
  public var territory: String?
  public var format: String?
  /// Parts per million, below its first step.
  public var ppm: Int64
  public var measure: Measure?
  /// Whose lines step; of a rule by money alone.
  public var currency: Currency?
  /// Ascending.
  public var steps: [RateStep] = []
  /// What counts its units or money, when it names one; rules can share it.
  public var counter: String?
  /// At least so many nanos are earned with each unit.
  public var minimums: [Currency: Int64] = [:]

  public init(
    channel: String? = nil, territory: String? = nil, format: String? = nil, ppm: Int64,
    measure: Measure? = nil, currency: Currency? = nil, steps: [RateStep] = [],
    counter: String? = nil, minimums: [Currency: Int64] = [:]
  ) {
    self.channel = channel
    self.territory = territory
    self.format = format
    self.ppm = ppm
    self.measure = measure
    self.currency = currency
    self.steps = steps
    self.counter = counter
    self.minimums = minimums
  }

  /// The more it names, the more special it is; of as many the one with the channel, then the one
  /// with the territory.
  var precedence: Int {
    let (a, b, c) = (channel == nil ? 0 : 1, territory == nil ? 0 : 1, format == nil ? 0 : 1)
    return (a + b + c) * 8 + a * 4 + b * 2 + c
  }

  func covers(_ place: SalePlace) -> Bool {
    (channel ?? place.channel) == place.channel && (territory ?? place.territory) == place.territory
      && (format ?? place.format) == place.format
  }

  /// The counter's name; of a rule that states none its own place, which no stated name can be.
  var counterName: String {
    counter ?? "\(channel ?? "")/\(territory ?? "")/\(format ?? "")"
  }
}

/// Where units were sold and in which form; empty when nobody said.
struct SalePlace: Hashable, Sendable {
  var channel: String
  var territory = ""
  var format = ""
}
