import JSON
import Postgres

/// A part of what a period earns that is held back for some periods, against returns.
public struct ReserveTerm: Sendable, Equatable {
  public enum Period: String, Sendable, CaseIterable {
    case month, quarter
    case halfYear = "half_year"
    case year

    public var months: Int {
      switch self {
      case .month: 1
      case .quarter: 3
      case .halfYear: 6
      case .year: 12
      }
    }
  }

  /// Parts per million that are held back.
  public let ppm: Int64
  public let period: Period
  /// For how many whole periods after the one of the sale.
  public let held: Int

  public init(ppm: Int64, period: Period, held: Int) {
    self.ppm = ppm
    self.period = period
    self.held = held
  }

  init(json: JSON, at pointer: String) throws(Invalid) {
    var fields = try Fields(json, at: pointer)
    ppm = fields.whole("ppm", in: 1...1_000_000)
    period = fields.choice("period", of: Period.self)
    held = Int(fields.whole("held", in: 0...40))
    try fields.finish()
  }

  /// The first month of the period that a month is in.
  func period(of month: Month) -> Month {
    Month(number: month.number - month.number % period.months)
  }

  /// When what was held back of a period is free again.
  /// - Parameter start: its first month.
  func release(of start: Month) -> Timestamp {
    start.adding((1 + held) * period.months).start
  }

  var json: JSON {
    ["ppm": .int(ppm), "period": .string(period.rawValue), "held": .int(Int64(held))]
  }
}
