import JSON
import Ledger
import Postgres

/// What members are owed, next to the money that is set aside for it, now and over time.
public struct Solvency: Sendable {
  public struct Line: Sendable {
    public let currency: Currency
    /// What members may be paid; negative when returns took back more than there was.
    public let payable: Int128
    public let inFlight: Int128
    /// Credited by a settlement that is still delivering.
    public let clearing: Int128
    /// Fees of ideas that may still be paid back; not part of what is owed.
    public let feesHeld: Int128
    /// Deposits, less what was paid out.
    public let setAside: Int128
    public var owed: Int128 { payable + inFlight + clearing }
    /// Negative: that much is missing.
    public var surplus: Int128 { setAside - owed }
    public let series: [Point]
  }

  /// The end of a day, or of a month up to `until`.
  public struct Point: Sendable, Equatable {
    public let day: Day
    public let owed: Int128
    public let setAside: Int128
  }

  public enum Step: String, Sendable, CaseIterable { case day, month }

  public let at: Day
  public let step: Step
  public let lines: [Line]

  static let kinds: [AccountKind] = [
    .memberPayable, .payoutInFlight, .clearing, .feesHeld, .bank,
  ]

  /// In a transaction that reads one moment's view.
  /// - Parameters:
  ///   - currency: nil for all.
  ///   - since: the first day of the series; `until` the last, and the day of the figures.
  public static func of(
    _ currency: Currency? = nil, since: Day, until: Day, step: Step, in tx: Transaction
  ) async throws -> Solvency {
    let changes = try await BookSums.days(of: kinds, through: until, in: tx)
    let groups = Dictionary(grouping: changes) { $0.balance.currency }
    let wanted = groups.keys.sorted().filter { currency == nil || $0 == currency }
    return Solvency(
      at: until, step: step,
      lines: wanted.map { code in
        line(code, groups[code] ?? [], since: since, until: until, step: step)
      })
  }

  private static func line(
    _ currency: Currency, _ changes: [(day: Day, balance: TrialBalance)], since: Day, until: Day,
    step: Step
  ) -> Line {
    var sums: [AccountKind: Int128] = [:]
    var series: [Point] = []
    var rest = changes[...]
    func owed() -> Int128 {
      (sums[.memberPayable] ?? 0) + (sums[.payoutInFlight] ?? 0) + (sums[.clearing] ?? 0)
    }
    for end in ends(since: since, until: until, step: step) {
      while let next = rest.first, next.day <= end {
        sums[next.balance.kind, default: 0] += next.balance.nanos
        rest = rest.dropFirst()
      }
      series.append(Point(day: end, owed: owed(), setAside: -(sums[.bank] ?? 0)))
    }
    return Line(
      currency: currency, payable: sums[.memberPayable] ?? 0,
      inFlight: sums[.payoutInFlight] ?? 0, clearing: sums[.clearing] ?? 0,
      feesHeld: sums[.feesHeld] ?? 0, setAside: -(sums[.bank] ?? 0), series: series)
  }

  /// The last days of the steps from `since` on; `until` is always the last one.
  static func ends(since: Day, until: Day, step: Step) -> [Day] {
    var ends: [Day] = []
    var day = min(since, until)
    while day < until {
      if step == .day || day.adding(days: 1).parts.day == 1 { ends.append(day) }
      day = day.adding(days: 1)
    }
    return ends + [until]
  }
}

extension Solvency {
  /// As the API and `coinvent books solvency --json` answer.
  public var json: JSON {
    func money(_ nanos: Int128) -> JSON { .string(NineDigits.text(nanos)) }
    return [
      "at": .string(at.description), "step": .string(step.rawValue),
      "currencies": .array(
        lines.map { line in
          [
            "currency": .string(line.currency.code), "owed": money(line.owed),
            "payable": money(line.payable), "in_flight": money(line.inFlight),
            "clearing": money(line.clearing), "set_aside": money(line.setAside),
            "surplus": money(line.surplus), "fees_held": money(line.feesHeld),
            "series": .array(
              line.series.map {
                [
                  "day": .string($0.day.description), "owed": money($0.owed),
                  "set_aside": money($0.setAside),
                ]
              }),
          ]
        }),
    ]
  }
}
