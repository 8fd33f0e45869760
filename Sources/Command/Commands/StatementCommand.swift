import Coinvent
import JSON
import Postgres
import Web

/// `coinvent statement`
enum StatementCommand: Command {
  enum Format: String, CaseIterable { case text, json, csv, html }

  static let member = Argument("MEMBER", "A member's id or handle.")
  static let period = Argument(
    "PERIOD", "A period's name or id; without it: which statements there are.", required: false)
  static let format = Option.value(
    "format", "FORMAT", "text, json, csv or html.", standard: "text",
    completes: .words(Format.allCases.map(\.rawValue)))
  static let version = Option.value("version", "N", "An earlier version.")
  static let draft = Option.flag("draft", "What an approved period would tell, before it does.")

  static let spec = CommandSpec(
    "statement", summary: "What a period brought a member, each line with its arithmetic.",
    examples: [
      Example("coinvent statement ada", "Which statements there are."),
      Example("coinvent statement ada 2026-10", "October's."),
      Example("coinvent statement ada 2026-10 --format html > ada.html", "To print."),
    ],
    arguments: [member, period], options: [format, version, draft],
    notes: [
      "The JSON form is the one that its SHA-256 is of: coinvent statement ada 2026-10 --format "
        + "json | sha256sum.",
      "Exit codes: 1 there is no such statement.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let format = try context.value(format, expecting: "text, json, csv or html") {
      Format(rawValue: $0)
    }
    let number = try context.value(version, expecting: "a number from 1 on") { Int($0) }
    return try await context.withPool { pool in
      let member = try await PayoutsListCommand.find(context.argument(member), in: pool)
      guard let name = context.optional(period) else {
        return try await list(member, pool, context)
      }
      guard let period = try await Period.find(name, in: pool) else {
        throw Failure(
          .error, "There is no period “\(name)”.", mend: "See them: coinvent period list")
      }
      let isDraft = context.has(draft)
      let found =
        isDraft
        ? try await FindStatement.draft(of: member.id, period: period, pool: pool)
        : try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
          try await FindStatement.run(of: member.id, period: period, version: number, in: tx)
        }
      guard let statement = found else {
        throw Failure(
          .error, "\(member.handle) has no such statement for \(period.name).",
          mend: "See which there are: coinvent statement \(member.handle)")
      }
      write(statement, format ?? (context.asJSON ? .json : .text), isDraft, member, context)
      return .ok
    }
  }

  private static func write(
    _ statement: Statement, _ format: Format, _ isDraft: Bool, _ member: Member,
    _ context: Context
  ) {
    switch format {
    case .json: context.output.put(statement.bytes)
    case .csv: context.output.put(statement.csv)
    case .html:
      context.output.put(
        StatementPage(
          statement: statement, isDraft: isDraft, handle: member.handle, isFile: true
        ).bytes)
    case .text: for line in statement.text { context.output.say(line) }
    }
  }

  private static func list(_ member: Member, _ pool: Pool, _ context: Context) async throws
    -> ExitCode
  {
    let entries = try await FindStatement.list(of: member.id, in: pool)
    for entry in entries {
      context.output.say(
        "\(entry.name)  version \(entry.version)  "
          + (entry.sha256.map(Digest.hex) ?? "not sealed yet"))
    }
    if entries.isEmpty { context.output.say("\(member.handle) has no statements.") }
    context.output.json(FindStatement.json(entries))
    return .ok
  }
}
