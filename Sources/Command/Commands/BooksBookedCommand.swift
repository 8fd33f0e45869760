import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent books booked`
enum BooksBookedCommand: Command {
  static let thing = Argument(
    "MOVEMENT", "A payout's id, a batch's for all of its payouts, or a deposit's reference.")
  static let date = Option.value(
    "date", "DATE", "The day of the bank's statement that it is on.", required: true)
  static let currency = Option.value("currency", "CODE", "The deposit's currency.")
  static let returned = Option.flag("returned", "That the payout came back, not that it was paid.")

  static let spec = CommandSpec(
    "books booked",
    summary: "Say on which day the bank booked a movement that the books have of another day.",
    examples: [
      Example(
        "coinvent books booked batch_01h455vb4pex5vsknk084sn02q --date 2026-02-01",
        "A file of payouts that was marked as paid the evening before."),
      Example(
        "coinvent books booked 2026-01/17 --currency USD --date 2026-01-31",
        "A deposit that was recorded late."),
    ],
    arguments: [thing], options: [date, currency, returned, PeriodOptions.by],
    notes: [
      "Nothing moves: statements of the bank are compared by these days. The last word counts.",
      "Exit codes: 0 kept, 1 the bank account has no such movement, 6 it is known.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let name = context.argument(thing)
    let code = try BooksMoment.currency(currency, context)
    guard let movement = BankMovement(name, code) else {
      throw Failure.usage("“\(name)” is no payout and no batch; a deposit needs --currency.")
    }
    let given = try context.value(date, expecting: "a date such as 2026-01-31") { Day($0) }
    guard let day = given else { throw Failure.usage("--date is needed.") }
    return try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await pool.transaction { tx in
        let now = try await DatabaseClock.now(in: tx)
        return try await DateBankMovement.run(
          movement, returned: context.has(returned), on: day, by: by, at: now, in: tx)
      }
      switch outcome {
      case .recorded(let count):
        context.output.say("\(count) movements are of \(day) at the bank.")
        context.output.json(["recorded": .int(Int64(count))])
        return .ok
      case .repeated:
        context.output.say("That was known.")
        context.output.json(["recorded": .int(0)])
        return .nothingToDo
      case .unknown: throw Failure(.error, "The bank account has no such movement of \(name).")
      case .notYet: throw Failure.usage("--date: the day has not come.")
      }
    }
  }
}
