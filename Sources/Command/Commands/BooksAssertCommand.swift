import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent books assert`
enum BooksAssertCommand: Command {
  static let kinds = BalanceAssertion.kinds.map(\.rawValue)
  static let account = Option.value(
    "account", "ACCOUNT", "Whose statement it is.", standard: "bank", completes: .words(kinds))
  static let currency = Option.value("currency", "CODE", "The currency.")
  static let date = Option.value("date", "DATE", "The day at whose end (UTC) it was so.")
  static let amount = Option.value("amount", "AMOUNT", "What the statement says was there.")
  static let reference = Option.value("reference", "TEXT", "Which statement.")
  static let file = Option.value(
    "file", "FILE", "CSV with the columns account, currency, date, amount and reference.",
    completes: .file)

  static let spec = CommandSpec(
    "books assert", summary: "Keep what the bank's statement says, to be compared with the books.",
    examples: [
      Example(
        "coinvent books assert --currency USD --date 2026-01-31 --amount 950.00 --reference jan",
        "One."),
      Example("coinvent books assert --file statements.csv", "Several."),
    ],
    options: [account, currency, date, amount, reference, file],
    notes: [
      "It moves nothing. coinvent books assertions and coinvent verify name what differs. To "
        + "correct one, assert the same day again under another reference: the last one counts.",
      "Exit codes: 0 kept, 6 all were known, 7 some lines were refused.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let given = try lines(context)
    return try await context.withPool { pool in
      var results: [(BalanceAssertion, AssertBalanceOutcome)] = []
      for assertion in given {
        let outcome = try await pool.transaction { tx in
          let now = try await DatabaseClock.now(in: tx)
          return try await AssertBalance.run(assertion, by: nil, at: now, in: tx)
        }
        results.append((assertion, outcome))
      }
      return report(results, context)
    }
  }

  private static func lines(_ context: Context) throws -> [BalanceAssertion] {
    if let path = context[file] { return try read(path) }
    guard let code = context[currency], let day = context[date], let sum = context[amount],
      let name = context[reference]
    else {
      throw Failure.usage("Give --currency, --date, --amount and --reference, or --file.")
    }
    return [
      try line([context[account] ?? "bank", code, day, sum, name], at: "The command line")
    ]
  }

  private static func read(_ path: String) throws -> [BalanceAssertion] {
    let rows = try CSVRows(path: path)
    let names = ["account", "currency", "date", "amount", "reference"]
    let header = try rows.next() ?? []
    let places = names.map { header.firstIndex(of: $0) }
    guard let columns = places as? [Int] else {
      throw Failure(.error, "\(path): the first line must name the columns \(names).")
    }
    var lines: [BalanceAssertion] = []
    var number = 1
    while let row = try rows.next() {
      number += 1
      guard row.count == header.count else {
        throw Failure(.error, "\(path), line \(number): has \(row.count) fields.")
      }
      lines.append(try line(columns.map { row[$0] }, at: "\(path), line \(number)"))
    }
    return lines
  }

  private static func line(_ fields: [String], at place: String) throws(Failure)
    -> BalanceAssertion
  {
    guard let kind = BalanceAssertion.kinds.first(where: { $0.rawValue == fields[0] }) else {
      throw .usage("\(place): the account must be one of \(kinds.joined(separator: ", ")).")
    }
    guard let code = Currency(fields[1]) else {
      throw .usage("\(place): “\(fields[1])” is no currency.")
    }
    guard let day = Day(fields[2]) else {
      throw .usage("\(place): “\(fields[2])” is no date such as 2026-01-31.")
    }
    let sum: Amount
    do throws(AmountError) { sum = try Amount(decimal: fields[3], currency: code) } catch {
      throw .usage("\(place): the amount “\(fields[3])” \(error).")
    }
    if let fault = RecordDeposit.fault(reference: fields[4]) {
      throw .usage("\(place): the reference \(fault).")
    }
    return BalanceAssertion(kind: kind, day: day, amount: sum, reference: fields[4])
  }

  private static func report(
    _ results: [(BalanceAssertion, AssertBalanceOutcome)], _ context: Context
  ) -> ExitCode {
    for (assertion, outcome) in results {
      context.output.say(
        "\(assertion.kind.rawValue) \(assertion.day) \(assertion.amount): \(sentence(outcome))")
    }
    let kept = results.count { $0.1 == .recorded }
    let known = results.count { $0.1 == .repeated }
    let refused = results.count - kept - known
    context.output.json([
      "recorded": .int(Int64(kept)), "repeated": .int(Int64(known)),
      "refused": .int(Int64(refused)),
    ])
    if refused > 0 { return results.count == 1 ? .busy : .partial }
    return kept == 0 ? .nothingToDo : .ok
  }

  private static func sentence(_ outcome: AssertBalanceOutcome) -> String {
    switch outcome {
    case .recorded: "kept"
    case .repeated: "was known"
    case .conflict(let known): "refused, the same statement had \(known); give another reference"
    case .notOver: "refused, the day is not over"
    }
  }
}

/// `coinvent books assertions`
enum BooksAssertionsCommand: Command {
  static let spec = CommandSpec(
    "books assertions", summary: "Compare what statements say with the books.",
    examples: [Example("coinvent books assertions", "All of them; differences are named.")],
    notes: ["Exit codes: 0 all agree, 5 some do not, 6 there are none."])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let compared = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        try await ComparedAssertion.all(in: $0)
      }
      for one in compared {
        let mark = one.isReplaced ? "replaced" : one.agrees ? "agrees  " : "DIFFERS "
        context.output.say("\(mark)  \(one.sentence).")
      }
      context.output.json(["assertions": .array(compared.map(\.json))])
      if compared.isEmpty { return .nothingToDo }
      return compared.allSatisfy(\.agrees) ? .ok : .unbalanced
    }
  }
}
