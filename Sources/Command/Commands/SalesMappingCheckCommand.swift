import Coinvent
import EventLoop
import JSON
import Ledger

/// `coinvent sales mapping check MAPPING [REPORT]`
enum SalesMappingCheckCommand: Command {
  static let file = Argument(
    "MAPPING", "A mapping as JSON, or the name of a shipped one.", completes: .file)
  static let report = Argument(
    "REPORT", "A report to read with it.", required: false, completes: .file)
  static let limit = Option.value("limit", "N", "Show at most so many lines.", standard: "10")

  static let spec = CommandSpec(
    "sales mapping check", summary: "Check a mapping, and show what it makes of a report.",
    examples: [
      Example("coinvent sales mapping check retail.json", "Exit code 0 when it can be used."),
      Example(
        "coinvent sales mapping check shopify orders.csv", "The lines as they would be recorded."),
    ],
    arguments: [file, report], options: [limit], needs: .nothing)

  static func run(_ context: Context) async throws -> ExitCode {
    let name = context.argument(file)
    let json = try ShippedMapping(rawValue: name)?.json() ?? SalesMapping.read(name)
    guard let path = context.optional(report) else {
      context.output.say("\(name) is a mapping.")
      context.output.json(json)
      return .ok
    }
    let most =
      try context.value(
        limit, expecting: "a whole number", { Int($0).flatMap { $0 > 0 ? $0 : nil } })
      ?? 10
    let mapping = try SaleMapping(json: json)
    let blocking = BlockingPool(name: "report", threads: 1, queueLimit: 4)
    let (shown, totals, file) = try await blocking.run { try read(path, mapping, most) }
    for line in shown { context.output.say(line.text()) }
    context.output.say("\(counted(totals.lines, "line")), \(counted(totals.units, "unit"))")
    for (currency, nanos) in totals.gross.sorted(by: { $0.key < $1.key }) {
      context.output.say("  \(SaleTotals.amount(nanos, currency))")
    }
    var passed = JSONObject()
    for (reason, count) in file.passedOver.sorted(by: { $0.key < $1.key }) {
      context.output.say("  rows passed over, \(reason): \(count)")
      passed[reason] = .int(Int64(count))
    }
    context.output.json([
      "lines": .int(totals.lines), "units": .int(totals.units), "passed_over": .object(passed),
      "first": .array(shown),
    ])
    return .ok
  }

  private static func read(_ path: String, _ mapping: SaleMapping, _ most: Int) throws
    -> ([JSON], SaleTotals, any SaleRows)
  {
    var (shown, totals): ([JSON], SaleTotals) = ([], SaleTotals())
    do {
      let file = try MappedFile(path: path, mapping: mapping)
      while let line = try file.next() {
        totals.add(line)
        if shown.count < most { shown.append(line.json) }
      }
      try SaleExpectation.check(file.stated, totals)
      return (shown, totals, file)
    } catch let wrong as Invalid {
      throw Failure(
        .error, "\(path) cannot be read with it:",
        details: wrong.fields.map { "\($0.pointer): \($0.message)" })
    }
  }
}
