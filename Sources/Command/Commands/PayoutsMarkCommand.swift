import Coinvent
import JSON
import Ledger
import Postgres
import Rails

/// `coinvent payouts mark`
enum PayoutsMarkCommand: Command {
  static let payout = Argument("PAYOUT", "A payout's id.", required: false)
  static let file = Option.value(
    "file", "FILE", "The exported file, with a column “outcome” added.", completes: .file)
  static let mark = Option.value(
    "as", "OUTCOME", "What became of it.",
    completes: .words(PayoutMark.allCases.map(\.rawValue)))
  static let note = Option.value("note", "TEXT", "Why, for the history.")

  static let spec = CommandSpec(
    "payouts mark", summary: "Record that payouts were paid, failed, or came back.",
    examples: [
      Example("coinvent payouts mark pay_01jd… --as paid", "One, by its id."),
      Example(
        "coinvent payouts mark pay_01jd… --as returned --note closed", "It came back."),
      Example(
        "coinvent payouts mark --file paid.csv",
        "All lines of a file whose outcome is paid, failed or returned."),
    ],
    arguments: [payout], options: [file, mark, note],
    notes: [
      "A file has at least the columns id and outcome; note is recorded, amount and currency are "
        + "compared. Marking the same twice changes nothing. It ends with 7 when a line was "
        + "refused."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let lines = try lines(context)
    return try await context.withPool { pool in
      var results: [(line: MarkLine, outcome: MarkPayoutOutcome)] = []
      for line in lines {
        let now = try await DatabaseClock.now(in: pool)
        let mark = MarkPayout(
          id: line.id, mark: line.mark, amount: line.amount, note: line.note, actor: "finance",
          now: now)
        results.append((line, try await pool.transaction { try await mark.run(in: $0) }))
      }
      return report(results, context)
    }
  }

  private static func lines(_ context: Context) throws(Failure) -> [MarkLine] {
    if let path = context[file] {
      guard context.optional(payout) == nil, context[mark] == nil else {
        throw .usage("Give a file, or a payout with --as; not both.")
      }
      return try read(path)
    }
    let outcome = try context.value(mark, expecting: "paid, failed or returned") {
      PayoutMark(rawValue: $0)
    }
    guard let text = context.optional(payout), let outcome else {
      throw .usage("Give a payout with --as OUTCOME, or --file FILE.")
    }
    guard let id = PayoutID(text) else {
      throw .usage("PAYOUT: “\(text)” is not a payout's id like pay_01….")
    }
    return [MarkLine(line: 1, id: id, mark: outcome, amount: nil, note: context[note])]
  }

  private static func read(_ path: String) throws(Failure) -> [MarkLine] {
    do {
      return try ReadMarks.run(Array(try readText(path).utf8))
    } catch let error as FileFailure {
      throw Failure(.error, "\(error)")
    } catch {
      throw Failure(.error, "\(path): \(error).")
    }
  }

  private static func report(
    _ results: [(line: MarkLine, outcome: MarkPayoutOutcome)], _ context: Context
  ) -> ExitCode {
    for (line, outcome) in results {
      context.output.say("\(line.id)  \(sentence(outcome, line.mark))")
    }
    let refused = results.count { !isGood($0.outcome) }
    let marked = results.count { $0.outcome == .marked }
    context.output.say("\(marked) marked, \(refused) refused, \(results.count) lines.")
    context.output.json([
      "marked": .int(Int64(marked)), "refused": .int(Int64(refused)),
      "lines": .array(
        results.map { line, outcome in
          [
            "id": .string(line.id.description), "line": .int(Int64(line.line)),
            "outcome": .string(word(outcome)),
            "detail": .string(sentence(outcome, line.mark)),
          ]
        }),
    ])
    if refused > 0 { return results.count == 1 ? .busy : .partial }
    return results.isEmpty ? .nothingToDo : .ok
  }

  private static func isGood(_ outcome: MarkPayoutOutcome) -> Bool {
    switch outcome {
    case .repeated, .marked: true
    case .noSuchPayout, .otherAmount, .notPossible: false
    }
  }

  private static func word(_ outcome: MarkPayoutOutcome) -> String {
    switch outcome {
    case .repeated: "repeated"
    case .marked: "marked"
    case .noSuchPayout: "no_such_payout"
    case .otherAmount: "other_amount"
    case .notPossible: "not_possible"
    }
  }

  private static func sentence(_ outcome: MarkPayoutOutcome, _ mark: PayoutMark) -> String {
    switch outcome {
    case .repeated: "was \(mark.rawValue) already"
    case .marked: "marked \(mark.rawValue)"
    case .noSuchPayout: "there is no such payout"
    case .otherAmount(let amount): "is about \(amount), the file says otherwise"
    case .notPossible(let state): "is \(state.rawValue) and cannot become \(mark.rawValue)"
    }
  }
}
