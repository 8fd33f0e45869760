import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent books deposit`
enum BooksDepositCommand: Command {
  static let currency = Option.value("currency", "CODE", "The currency.", required: true)
  static let amount = Option.value(
    "amount", "AMOUNT", "What was put in; negative when it was taken out.", required: true)
  static let reference = Option.value(
    "reference", "TEXT", "What names this movement, so that it counts once.", required: true)

  static let spec = CommandSpec(
    "books deposit", summary: "Record that money was set aside for members, or taken out.",
    examples: [
      Example(
        "coinvent books deposit --currency USD --amount 1000.00 --reference 2026-01/17",
        "As the bank's statement has it."),
      Example(
        "coinvent books deposit --currency USD --amount -50.00 --reference 2026-01/18",
        "Taken out again."),
    ],
    options: [currency, amount, reference],
    notes: ["Exit codes: 0 recorded, 3 the reference has another amount, 6 it was recorded before."]
  )

  static func run(_ context: Context) async throws -> ExitCode {
    guard let code = try BooksMoment.currency(currency, context), let text = context[amount],
      let name = context[reference]
    else { throw Failure.usage("--currency, --amount and --reference are needed.") }
    let sum = try BooksMoment.amount(text, code)
    if let fault = RecordDeposit.fault(amount: sum) { throw Failure.usage("--amount \(fault).") }
    if let fault = RecordDeposit.fault(reference: name) {
      throw Failure.usage("--reference \(fault).")
    }
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        let now = try await DatabaseClock.now(in: tx)
        return try await RecordDeposit(sum, reference: name, by: nil, at: now).run(in: tx)
      }
      switch outcome {
      case .recorded:
        context.output.say("Recorded \(sum), reference \(name).")
        context.output.json(["outcome": "recorded"])
        return .ok
      case .repeated:
        context.output.say("Reference \(name) was recorded before.")
        context.output.json(["outcome": "repeated"])
        return .nothingToDo
      case .conflict(let known):
        throw Failure(
          .busy, "Reference \(name) was recorded with \(known).",
          mend: "Record the difference under a reference of its own.")
      }
    }
  }
}
