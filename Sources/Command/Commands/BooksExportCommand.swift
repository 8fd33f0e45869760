import Coinvent
import JSON
import Postgres

/// `coinvent books export`
enum BooksExportCommand: Command {
  static let formats = Journal.Format.allCases.map(\.rawValue)
  static let format = Option.value(
    "format", "FORMAT", "One of \(formats.joined(separator: ", ")).", standard: "hledger",
    completes: .words(formats))
  static let since = Option.value("since", "DATE", "The first day, in UTC.")
  static let until = Option.value("until", "DATE", "The last day, in UTC.")
  static let to = Option.value(
    "to", "FILE", "Where to write; standard output if not given.", completes: .file)

  static let spec = CommandSpec(
    "books export", summary: "Write all transfers as a journal for other programs.",
    examples: [
      Example("coinvent books export --to books.journal", "For hledger."),
      Example("coinvent books export --format beancount --to books.beancount", "For beancount."),
      Example("coinvent books export --format csv --since 2026-01-01", "This year's, as CSV."),
    ],
    options: [format, since, until, to],
    notes: [
      "In the order of time, in memory that does not grow with it. Amounts have nine digits behind "
        + "the point. With --since a journal has what moved since then, and no opening balances."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let format = try context.value(format, expecting: "one of \(formats.joined(separator: ", "))") {
      Journal.Format(rawValue: $0)
    }
    let (first, last) = (
      try BooksMoment.day(since, context), try BooksMoment.day(until, context)
    )
    if let first, let last, first > last {
      throw Failure.usage(
        "--since \(first) is after --until \(last).", mend: "Name the earlier day with --since.")
    }
    if context.asJSON && context[to] == nil {
      throw Failure.usage("--json reports about a file: name one with --to.")
    }
    let output = context.output
    return try await context.withPool { pool in
      guard let path = context[to] else {
        _ = try await Journal.run(as: format ?? .hledger, since: first, until: last, from: pool) {
          guard output.isRead else { throw CancellationError() }
          output.put($0)
        }
        return .ok
      }
      let file = try WholeFile(path)
      let count = try await Journal.run(
        as: format ?? .hledger, since: first, until: last, from: pool
      ) { try file.write($0) }
      try file.finish()
      output.say("\(count) transfers in \(path)")
      output.json(["transfers": .int(Int64(count)), "path": .string(path)])
      return .ok
    }
  }
}
