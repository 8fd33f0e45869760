import Coinvent
import JSON
import Postgres

/// `coinvent sales reports`
enum SalesReportsListCommand: Command {
  static let source = Option.value("source", "NAME", "Only this source's.")
  static let limit = Option.value("limit", "N", "At most so many.", standard: "50")

  static let spec = CommandSpec(
    "sales reports", summary: "List reports of sales, the newest first.",
    examples: [Example("coinvent sales reports --source shop", "With what became of their lines.")],
    options: [source, limit])

  static func run(_ context: Context) async throws -> ExitCode {
    let most =
      try context.value(limit, expecting: "a number from 1 to 10000") {
        Int($0).flatMap { (1...10_000).contains($0) ? $0 : nil }
      } ?? 50
    return try await context.withPool { pool in
      let found = try await SaleReport.list(source: context[source], limit: most, in: pool).reports
      for report in found {
        context.output.say(
          "\(report.id)  \(report.receivedAt.day)  \(report.source)  \(report.name): "
            + "\(counted(report.lines, "line")), \(report.recorded) recorded"
            + (report.withdrawal == nil ? "" : ", withdrawn"))
      }
      if found.isEmpty { context.output.say("There are no reports.") }
      context.output.json(["reports": .array(found.map(\.json))])
      return .ok
    }
  }
}

/// `coinvent sales withdraw REPORT --reason TEXT`
enum SalesWithdrawCommand: Command {
  static let report = Argument("REPORT", "The report's id.")
  static let reason = Option.value("reason", "TEXT", "Why.", required: true)

  static let spec = CommandSpec(
    "sales withdraw", summary: "Take a report back as a whole; its lines stay and count no longer.",
    examples: [
      Example(
        "coinvent sales withdraw report_01h455vb4pex5vsknk084sn02q --reason wrong-month",
        "Then import the corrected file; its lines may have the same keys.")
    ],
    arguments: [report], options: [reason],
    notes: [
      "From the next settlement on, everything is as if the report had never come. What was "
        + "settled before stays in the books, and is taken back there by the next settlement."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try context.value(report, expecting: "a report's id like report_01…") {
      SaleReportID($0)
    }
    let why = try SalesSuspense.reason(context[reason])
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        try await WithdrawReport.run(id, reason: why, by: nil, at: .now, in: tx)
      }
      switch outcome {
      case .unknown:
        throw Failure(.error, "There is no report \(id).", mend: "See: coinvent sales reports")
      case .repeated:
        context.output.say("\(id) was withdrawn before.")
        context.output.json(["outcome": "repeated"])
      case .withdrawn(let lines):
        let count = lines == 1 ? "counts" : "count"
        context.output.say("\(id) is withdrawn; \(counted(lines, "line")) \(count) no longer.")
        context.output.json(["outcome": "withdrawn", "lines": .int(lines)])
      }
      return .ok
    }
  }
}
