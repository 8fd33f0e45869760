import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent books solvency`
enum BooksSolvencyCommand: Command {
  static let currency = Option.value("currency", "CODE", "Only this currency.")
  static let since = Option.value("since", "DATE", "The first day of the series.")
  static let until = Option.value("until", "DATE", "The last day; today unless given.")
  static let by = Option.value(
    "by", "STEP", "A figure for each day or month.", standard: "month",
    completes: .words(Solvency.Step.allCases.map(\.rawValue)))

  static let spec = CommandSpec(
    "books solvency",
    summary: "Show what members are owed next to the money that is set aside for it.",
    examples: [
      Example("coinvent books solvency", "Now, and the last year by month."),
      Example(
        "coinvent books solvency --currency USD --since 2026-01-01 --by day", "Day by day."),
    ],
    options: [currency, since, until, by],
    notes: [
      "Owed is what members may be paid, what is on its way to them, and what a settlement is "
        + "delivering. Set aside is what was deposited (coinvent books deposit) less what was "
        + "paid out. Exit codes: 0 everything owed is set aside, 7 it is not."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let code = try BooksMoment.currency(currency, context)
    let (first, last) = (
      try BooksMoment.day(since, context), try BooksMoment.day(until, context)
    )
    let step = try context.value(by, expecting: "day or month") { Solvency.Step(rawValue: $0) }
    return try await context.withPool { pool in
      let solvency = try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
        let now = try await DatabaseClock.now(in: tx)
        let end = last ?? now.day
        return try await Solvency.of(
          code, since: first ?? end.adding(days: -364), until: end, step: step ?? .month, in: tx)
      }
      show(solvency, context)
      context.output.json(solvency.json)
      return solvency.lines.allSatisfy { $0.surplus >= 0 } ? .ok : .partial
    }
  }

  private static func show(_ solvency: Solvency, _ context: Context) {
    if solvency.lines.isEmpty { context.output.say("Nobody is owed anything.") }
    for line in solvency.lines {
      let figures = [
        ("owed", line.owed), ("  payable", line.payable), ("  in flight", line.inFlight),
        ("  clearing", line.clearing), ("set aside", line.setAside), ("surplus", line.surplus),
        ("fees held", line.feesHeld),
      ]
      context.output.say("\(line.currency) at the end of \(solvency.at)")
      for (name, nanos) in figures {
        let name = name + String(repeating: " ", count: max(0, 14 - name.count))
        context.output.say("  \(name)\(BooksMoment.padded(NineDigits.text(nanos), 24))")
      }
      for point in line.series {
        let owed = BooksMoment.padded(NineDigits.text(point.owed), 22)
        let aside = BooksMoment.padded(NineDigits.text(point.setAside), 22)
        context.output.say("  \(point.day)  owed \(owed)  set aside \(aside)")
      }
    }
  }
}
