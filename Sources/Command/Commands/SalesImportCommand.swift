import Coinvent
import EventLoop
import JSON
import Postgres

/// `coinvent sales import FILE.csv`
enum SalesImportCommand: Command {
  static let file = Argument(
    "FILE", "A CSV file; its first row names the columns.", completes: .file)
  static let source = Option.value("source", "NAME", "Where the lines come from, such as a shop.")
  static let dryRun = Option.flag("dry-run", "Show what would become of each line; write nothing.")

  static let spec = CommandSpec(
    "sales import",
    summary: "Record the sale lines of a CSV file.",
    examples: [
      Example(
        "coinvent sales import january.csv --source shop", "Importing it again changes nothing."),
      Example("coinvent sales import january.csv --source shop --dry-run", "Only look."),
    ],
    arguments: [file], options: [source, dryRun],
    notes: [
      "Columns: \(SalesFile.columnList). Those from territory on and discount, allowance, "
        + "return_of and referral may be left out. The whole file is checked before the first "
        + "line is written.",
      "Exit codes: 0 every line is in, 7 some are in suspense or in conflict, 1 the file has "
        + "mistakes and nothing was written.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    guard let source = context[source], (1...64).contains(source.count) else {
      throw Failure.usage("--source names where the lines come from, in 1 to 64 characters.")
    }
    if let fault = SaleSource.fault(source) { throw Failure.usage("--source: \(source) \(fault).") }
    let output = context.output
    let importer = ImportSales(
      path: context.argument(file), source: source,
      blocking: BlockingPool(name: "import", threads: 1, queueLimit: 4)
    ) { progress in
      switch progress {
      case .checked(let lines): output.note("Checked \(lines) lines.")
      case .written(let lines, let all) where lines % 40_000 == 0 || lines == all:
        output.note("\(lines) of \(all) lines.")
      case .written: break
      }
    }
    let lines = try await check(importer)
    let dry = context.has(dryRun)
    return try await context.withPool { pool in
      let report = try await importer.run(lines: lines, dryRun: dry, pool: pool)
      show(report, dry, context)
      output.json(json(report, dry))
      return report.conflictCount == 0 && report.suspended.isEmpty ? .ok : .partial
    }
  }

  private static func check(_ importer: ImportSales) async throws -> Int {
    do {
      return try await importer.check()
    } catch let wrong as Invalid {
      let list = wrong.fields.map { "  \($0.pointer): \($0.message)" }.joined(separator: "\n")
      throw Failure(
        .error, "The file has mistakes, and nothing was written:\n\(list)",
        mend: "Mend these rows and run the command again.")
    }
  }

  private static func show(_ report: ImportSales.Report, _ dry: Bool, _ context: Context) {
    let would = dry ? " (dry run: nothing was written)" : ""
    context.output.say(
      "\(report.lines) lines: \(report.recorded) recorded, \(report.repeated) repeated, "
        + "\(report.conflictCount) in conflict, "
        + "\(report.suspended.values.reduce(0, +)) suspended\(would)")
    for (reason, count) in report.suspended.sorted(by: { $0.key < $1.key }) {
      context.output.say("  suspended, \(reason): \(count)")
    }
    for conflict in report.conflicts { context.output.say("  conflict \(conflict)") }
  }

  private static func json(_ report: ImportSales.Report, _ dry: Bool) -> JSON {
    var suspended = JSONObject()
    for (reason, count) in report.suspended.sorted(by: { $0.key < $1.key }) {
      suspended[reason] = .int(Int64(count))
    }
    return [
      "dry_run": .bool(dry), "lines": .int(Int64(report.lines)),
      "recorded": .int(Int64(report.recorded)), "repeated": .int(Int64(report.repeated)),
      "conflicts": .int(Int64(report.conflictCount)), "suspended": .object(suspended),
      "conflict_details": .array(report.conflicts.map { .string($0) }),
    ]
  }
}
