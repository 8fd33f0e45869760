import Coinvent
import JSON
import Postgres

/// `coinvent sales suspense list`
enum SalesSuspenseListCommand: Command {
  static let source = Option.value("source", "NAME", "Only this source's.")
  static let reason = Option.value(
    "reason", "REASON", "Only lines with this reason.",
    completes: .words(SuspenseReason.allCases.map(\.rawValue)))
  static let limit = Option.value("limit", "N", "At most so many.", standard: "50")

  static let spec = CommandSpec(
    "sales suspense list", summary: "List sale lines that cannot be counted yet, and why.",
    examples: [
      Example("coinvent sales suspense list", "Counts by source and reason, then the lines."),
      Example("coinvent sales suspense list --reason unknown_product", "Products to name."),
    ],
    options: [source, reason, limit])

  static func run(_ context: Context) async throws -> ExitCode {
    let most =
      try context.value(limit, expecting: "a number from 1 to 10000") {
        Int($0).flatMap { (1...10_000).contains($0) ? $0 : nil }
      } ?? 50
    return try await context.withPool { pool in
      let counts = try await Suspense.counts(source: context[source], in: pool)
      let lines = try await Suspense.list(
        source: context[source], reason: context[reason], limit: most, in: pool
      ).lines
      for count in counts {
        context.output.say("\(count.source)  \(count.reason): \(count.lines)")
        if let reason = SuspenseReason(rawValue: count.reason) {
          context.output.say("  \(reason.advice)")
        }
      }
      if counts.isEmpty { context.output.say("Nothing is in suspense.") }
      for line in lines {
        let why = line.rejection.map { " (\($0))" } ?? ""
        context.output.say("\(line.source)  \(line.externalID)  \(line.reason)\(why)")
        context.output.say("  \(SalesSuspense.told(line.line))")
      }
      context.output.json([
        "counts": .array(
          counts.map {
            [
              "source": .string($0.source), "reason": .string($0.reason), "lines": .int($0.lines),
            ]
          }),
        "lines": .array(lines.map(\.json)),
      ])
      return .ok
    }
  }
}

/// `coinvent sales suspense repair SOURCE ID --set FIELD=VALUE --reason TEXT`
enum SalesSuspenseRepairCommand: Command {
  static let source = Argument("SOURCE", "Where the line comes from.")
  static let line = Argument("ID", "The line's external_id.")
  static let set = Option.value(
    "set", "FIELD=VALUE", "What a field should say; nothing after = takes it away.",
    required: true, many: true)
  static let reason = Option.value("reason", "TEXT", "Why.", required: true)

  static let spec = CommandSpec(
    "sales suspense repair", summary: "Mend a line in suspense and record it if it fits now.",
    examples: [
      Example(
        "coinvent sales suspense repair store 1001/1 --set channel=direct --reason typo",
        "The line as it came is kept.")
    ],
    arguments: [source, line], options: [set, reason],
    notes: ["Exit codes: 1 there is no such line or it has mistakes, 7 it still does not fit."])

  static func run(_ context: Context) async throws -> ExitCode {
    let changes = try changes(context)
    let why = try SalesSuspense.reason(context[reason])
    return try await context.withPool { pool in
      let outcome: RepairSuspense.Outcome
      do {
        outcome = try await pool.transaction { tx in
          try await RepairSuspense.run(
            context.argument(line), of: context.argument(source), changes: changes, reason: why,
            by: nil, at: .now, in: tx)
        }
      } catch let wrong as Invalid {
        throw Failure(
          .error, "The mended line has mistakes, and nothing was changed:",
          details: wrong.fields.map { "\($0.pointer) \($0.message)" })
      }
      guard case .repaired(let became) = outcome else { throw SalesSuspense.unknown(context, line) }
      switch became {
      case .recorded, .repeated: context.output.say("The line is in the books.")
      case .suspended(let reason): context.output.say("It still waits: \(reason.rawValue).")
      case .conflict(let what): context.output.say("It is in conflict: \(what).")
      }
      let isIn = became == .recorded || became == .repeated
      context.output.json(["recorded": .bool(isIn)])
      return isIn ? .ok : .partial
    }
  }

  private static func changes(_ context: Context) throws -> JSONObject {
    var changes = JSONObject()
    for text in context.all(set) {
      guard let split = text.firstIndex(of: "=") else {
        throw Failure.usage("--set: “\(text)” is not FIELD=VALUE.")
      }
      let (name, value) = (String(text[..<split]), String(text[text.index(after: split)...]))
      if value.isEmpty {
        changes[name] = .null
      } else if name == "quantity", let count = Int64(value) {
        changes[name] = .int(count)
      } else {
        changes[name] = .string(value)
      }
    }
    return changes
  }
}

/// `coinvent sales suspense reject SOURCE ID --reason TEXT`
enum SalesSuspenseRejectCommand: Command {
  static let source = Argument("SOURCE", "Where the line comes from.")
  static let line = Argument("ID", "The line's external_id.")
  static let reason = Option.value("reason", "TEXT", "Why.", required: true)

  static let spec = CommandSpec(
    "sales suspense reject", summary: "Decide that a line is not to be counted; it stays visible.",
    examples: [
      Example(
        "coinvent sales suspense reject store 1001/1 --reason test-order",
        "A repair takes it back.")
    ],
    arguments: [source, line], options: [reason])

  static func run(_ context: Context) async throws -> ExitCode {
    let why = try SalesSuspense.reason(context[reason])
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        try await RepairSuspense.reject(
          context.argument(line), of: context.argument(source), reason: why, by: nil, at: .now,
          in: tx)
      }
      switch outcome {
      case .rejected: context.output.say("The line is rejected.")
      case .repeated: context.output.say("The line was rejected before.")
      case .unknown: throw SalesSuspense.unknown(context, line)
      }
      context.output.json(["outcome": outcome == .rejected ? "rejected" : "repeated"])
      return .ok
    }
  }
}

/// `coinvent sales suspense replay`
enum SalesSuspenseReplayCommand: Command {
  static let source = Option.value("source", "NAME", "Only this source's.")

  static let spec = CommandSpec(
    "sales suspense replay", summary: "Record every line in suspense that fits now.",
    examples: [
      Example("coinvent sales suspense replay", "After an alias, a product or a channel was added.")
    ],
    options: [source])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let report = try await ReplaySuspense.run(source: context[source], pool: pool)
      context.output.say(
        "\(report.recorded) recorded, \(report.known) in the books already, "
          + "\(report.waiting) still waiting")
      context.output.json([
        "recorded": .int(report.recorded), "known": .int(report.known),
        "waiting": .int(report.waiting),
      ])
      return .ok
    }
  }
}

/// What commands about suspense share.
enum SalesSuspense {
  static func reason(_ text: String?) throws -> String {
    guard let text, (1...2_000).contains(text.count) else {
      throw Failure.usage("--reason must have 1 to 2000 characters.")
    }
    return text
  }

  /// A line on one line: what was sold, then whatever else is said of it.
  static func told(_ line: JSON) -> String {
    func text(_ name: String) -> String { line[name]?.string ?? "" }
    var words = [
      "\(line["quantity"]?.int ?? 0) of \(text("product_id"))",
      "\(text("unit_price")) \(text("currency")) each", text("channel"), text("sold_at"),
    ]
    if let sale = line["return_of"]?.string { words.append("return of \(sale)") }
    for name in ["discount", "allowance", "list_price"] {
      let amount = text(name)
      if !amount.isEmpty && amount != "0.00" { words.append("\(name) \(amount)") }
    }
    for name in ["referral", "territory", "format"] where !text(name).isEmpty {
      words.append("\(name) \(text(name))")
    }
    for (name, amount) in line["deductions"]?.object ?? JSONObject() {
      words.append("\(name) \(amount.string ?? "")")
    }
    return words.joined(separator: ", ")
  }

  static func unknown(_ context: Context, _ line: Argument) -> Failure {
    Failure(
      .error, "No line “\(context.argument(line))” of that source is in suspense.",
      mend: "See: coinvent sales suspense list")
  }
}
