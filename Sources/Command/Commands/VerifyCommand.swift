import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent verify`
enum VerifyCommand: Command {
  static let spec = CommandSpec(
    "verify",
    summary: "Recompute the books from raw sales, events and votes, and compare.",
    examples: [
      Example("coinvent verify", "Check everything; name the first row that is wrong."),
      Example("coinvent verify --json", "The same for a monitor."),
    ],
    notes: [
      "Exit codes: 0 the books balance, 5 they do not. Reads one moment's view, writes nothing."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let report = try await Verify.run(pool: pool)
      show(report, context)
      context.output.json(json(report))
      return report.first == nil ? .ok : .unbalanced
    }
  }

  private static func show(_ report: Verify.Report, _ context: Context) {
    for check in report.checks {
      let mark = check.finding == nil ? "ok   " : "WRONG"
      context.output.say("\(mark) \(check.name) (\(check.rows) rows)")
      if let finding = check.finding { context.output.say("      \(finding.detail)") }
    }
    for balance in report.balances {
      context.output.say("      \(balance.kind.rawValue) \(balance.decimal) \(balance.currency)")
    }
    if let unfinished = report.unfinished {
      context.output.say("Settlement \(unfinished) is not finished: run coinvent settle.")
    }
    if let words = report.unproven.sentence { context.output.say(words) }
    context.output.say(
      report.first == nil ? "The books balance." : "The books do not balance.")
  }

  private static func json(_ report: Verify.Report) -> JSON {
    [
      "balanced": .bool(report.first == nil),
      "unfinished_settlement": report.unfinished.map { .string($0.description) } ?? .null,
      "unsealed_settlements": .int(report.unproven.settlements),
      "unchained_payouts": .int(report.unproven.payouts),
      "unsealed_statements": .int(report.unproven.statements),
      "first_wrong": report.first.map { .string($0.description) } ?? .null,
      "checks": .array(
        report.checks.map {
          [
            "name": .string($0.name), "rows": .int(Int64($0.rows)),
            "finding": $0.finding.map { .string($0.detail) } ?? .null,
          ]
        }),
      "balances": .array(
        report.balances.map {
          [
            "kind": .string($0.kind.rawValue), "currency": .string($0.currency.code),
            "amount": .string($0.decimal),
          ]
        }),
    ]
  }
}
