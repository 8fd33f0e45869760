import Coinvent
import JSON
import Postgres

/// `coinvent books trial-balance`
enum BooksTrialBalanceCommand: Command {
  static let spec = CommandSpec(
    "books trial-balance", summary: "Show what each kind of account held at a moment.",
    examples: [
      Example("coinvent books trial-balance", "Now."),
      Example("coinvent books trial-balance --at 2025-12-31", "At the end of the year, UTC."),
    ],
    options: [BooksMoment.at],
    notes: [
      "Positive is owed or earned, negative is owned or due from others; each currency adds up "
        + "to zero. Days that are over are summed once (coinvent books sum)."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let moment = try BooksMoment.read(context)
    return try await context.withPool { pool in
      let (at, balances) = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx in
        var at = moment
        if at == nil { at = try await DatabaseClock.now(in: tx) }
        return (at, try await BookSums.balances(at: at ?? .now, in: tx))
      }
      show(balances, context)
      context.output.json([
        "at": at.map { .string("\($0)") } ?? .null, "balances": TrialBalance.json(balances),
      ])
      return balances.isEmpty ? .nothingToDo : .ok
    }
  }

  private static func show(_ balances: [TrialBalance], _ context: Context) {
    let groups = Dictionary(grouping: balances) { $0.currency }
    if groups.isEmpty { context.output.say("Nothing was posted by then.") }
    for currency in groups.keys.sorted() {
      let lines = groups[currency] ?? []
      let sum = lines.reduce(Int128(0)) { $0 + $1.nanos }
      let figures = lines.map { ($0.kind.rawValue, $0.decimal) } + [("sum", NineDigits.text(sum))]
      let width = figures.map(\.1.count).max() ?? 0
      context.output.say("\(currency)")
      for (name, figure) in figures {
        let name = name + String(repeating: " ", count: max(0, 18 - name.count))
        context.output.say("  \(name)\(BooksMoment.padded(figure, width))")
      }
    }
  }
}
