import Coinvent
import EventLoop
import JSON
import Ledger
import Postgres

/// `coinvent sales import FILE.csv`
enum SalesImportCommand: Command {
  static let file = Argument(
    "FILE", "A CSV file; its first row names the columns.", completes: .file)
  static let source = Option.value("source", "NAME", "Where the lines come from, such as a shop.")
  static let mapping = Option.value(
    "mapping", "NAME", "How its columns are read, such as shopify or retail@2.")
  static let lines = Option.value("expect-lines", "N", "Refuse it unless it has so many lines.")
  static let units = Option.value(
    "expect-units", "N", "Refuse it unless its lines have so many units, returns taken off.")
  static let total = Option.value(
    "expect-total", "AMOUNT-CUR",
    "Refuse it unless quantity times unit price adds up to it, such as 7470.00-USD.", many: true)
  static let dryRun = Option.flag("dry-run", "Show what would become of each line; write nothing.")

  static let spec = CommandSpec(
    "sales import",
    summary: "Record the sale lines of a CSV file.",
    examples: [
      Example(
        "coinvent sales import january.csv --source shop", "Importing it again changes nothing."),
      Example("coinvent sales import january.csv --source shop --dry-run", "Only look."),
      Example(
        "coinvent sales import orders.csv --source store --mapping shopify",
        "Orders as Shopify exports them."),
      Example(
        "coinvent sales import q1.csv --source retailer --expect-total 7470.00-USD",
        "Nothing is written when its lines add up to something else."),
    ],
    arguments: [file], options: [source, mapping, lines, units, total, dryRun],
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
    let expected = try expectations(context)
    let dry = context.has(dryRun)
    return try await context.withPool { pool in
      let importer = ImportSales(
        path: context.argument(file), source: source,
        mapping: try await stored(context, source, pool),
        blocking: BlockingPool(name: "import", threads: 1, queueLimit: 4),
        progress: progress(context.output))
      let facts = try await check(importer, expected)
      let report = try await importer.run(facts, dryRun: dry, pool: pool)
      show(report, facts, dry, context)
      context.output.json(json(report, facts, dry))
      return report.conflictCount == 0 && report.suspended.isEmpty ? .ok : .partial
    }
  }

  private static func progress(_ output: Output) -> @Sendable (ImportSales.Progress) -> Void {
    { progress in
      switch progress {
      case .checked(let lines): output.note("Checked \(counted(lines, "line")).")
      case .written(let lines, let all) where lines % 40_000 == 0 || lines == all:
        output.note("\(lines) of \(counted(all, "line")).")
      case .written: break
      }
    }
  }

  private static func expectations(_ context: Context) throws -> [SaleExpectation] {
    var expected: [SaleExpectation] = []
    if let lines = try context.value(lines, expecting: "a whole number", { Int64($0) }) {
      expected.append(.lines(lines))
    }
    if let units = try context.value(units, expecting: "a whole number", { Int64($0) }) {
      expected.append(.units(units))
    }
    for text in context.all(total) {
      let parts = text.split { $0 == "-" || $0 == " " }.map(String.init)
      let isNegative = text.hasPrefix("-")
      guard parts.count == 2, let currency = Currency(parts[1]),
        case .success(let amount) = Result(catching: {
          try Amount.nanos(decimal: (isNegative ? "-" : "") + parts[0])
        })
      else {
        throw Failure.usage("--expect-total: “\(text)” is not an amount like 7470.00-USD.")
      }
      expected.append(.gross(amount, currency))
    }
    return expected
  }

  private static func stored(_ context: Context, _ source: String, _ pool: Pool) async throws
    -> StoredMapping?
  {
    guard let name = context[mapping] else { return nil }
    return try await SalesMapping.find(name, of: source, in: pool)
  }

  private static func check(_ importer: ImportSales, _ expected: [SaleExpectation]) async throws
    -> OpenReport.Facts
  {
    do {
      return try await importer.check(expecting: expected)
    } catch let wrong as Invalid {
      let list = wrong.fields.map { "  \($0.pointer): \($0.message)" }.joined(separator: "\n")
      throw Failure(
        .error, "The file has mistakes, and nothing was written:\n\(list)",
        mend: "Mend these rows and run the command again.")
    }
  }

  private static func show(
    _ report: ImportSales.Report, _ facts: OpenReport.Facts, _ dry: Bool, _ context: Context
  ) {
    let would = dry ? " (dry run: nothing was written)" : ""
    context.output.say(
      "\(counted(report.lines, "line")): \(report.recorded) recorded, \(report.repeated) repeated, "
        + "\(report.conflictCount) in conflict, "
        + "\(report.suspended.values.reduce(0, +)) suspended\(would)")
    for (reason, count) in report.suspended.sorted(by: { $0.key < $1.key }) {
      context.output.say("  suspended, \(reason): \(count)")
      if let reason = SuspenseReason(rawValue: reason) {
        context.output.say("    \(reason.advice)")
      }
    }
    for (reason, count) in facts.passedOver.sorted(by: { $0.key < $1.key }) {
      context.output.say("  rows passed over, \(reason): \(count)")
    }
    if let id = report.id { context.output.say("  report \(id)") }
    if let warning = report.overReturned.warning { context.output.say("  warning: \(warning)") }
    for conflict in report.conflicts { context.output.say("  conflict \(conflict)") }
  }

  private static func json(
    _ report: ImportSales.Report, _ facts: OpenReport.Facts, _ dry: Bool
  ) -> JSON {
    var passed = JSONObject()
    for (reason, count) in facts.passedOver.sorted(by: { $0.key < $1.key }) {
      passed[reason] = .int(Int64(count))
    }
    var suspended = JSONObject()
    for (reason, count) in report.suspended.sorted(by: { $0.key < $1.key }) {
      suspended[reason] = .int(Int64(count))
    }
    return [
      "report_id": report.id.map { .string($0.description) } ?? .null,
      "dry_run": .bool(dry), "passed_over": .object(passed), "lines": .int(Int64(report.lines)),
      "recorded": .int(Int64(report.recorded)), "repeated": .int(Int64(report.repeated)),
      "conflicts": .int(Int64(report.conflictCount)), "suspended": .object(suspended),
      "conflict_details": .array(report.conflicts.map { .string($0) }),
      "over_returned": .int(report.overReturned.count),
      "warning": report.overReturned.warning.map { .string($0) } ?? .null,
    ]
  }
}
