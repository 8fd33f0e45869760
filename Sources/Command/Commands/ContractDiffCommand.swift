import Coinvent
import JSON
import Postgres

/// `coinvent contract diff BEFORE AFTER`
enum ContractDiffCommand: Command {
  static let before = Argument("BEFORE", "A file, or the number of a version.", completes: .file)
  static let after = Argument("AFTER", "A file, or the number of a version.", completes: .file)
  static let product = Option.value("product", "ID", "Whose versions the numbers are.")

  static let spec = CommandSpec(
    "contract diff", summary: "Show what one contract says otherwise than another.",
    examples: [
      Example("coinvent contract diff old.json new.json", "Two files."),
      Example(
        "coinvent contract diff 1 new.json --product prod_01h455vb4pex5vsknk084sn02q",
        "A product's first version and a file."),
    ],
    arguments: [before, after], options: [product], notes: ["Nothing is written."])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try context.value(product, expecting: "a product's id like prod_01…") {
      ProductID($0)
    }
    let sources = (
      ContractSource(context.argument(before)), ContractSource(context.argument(after))
    )
    if case (.file(let old), .file(let new)) = sources {
      show(try ContractSource.read(old), try ContractSource.read(new), context)
      return .ok
    }
    return try await context.withPool { pool in
      let old = try await sources.0.contract(of: id, in: pool)
      let new = try await sources.1.contract(of: id, in: pool)
      show(old, new, context)
      return .ok
    }
  }

  private static func show(_ old: ContractTerms, _ new: ContractTerms, _ context: Context) {
    let diff = ContractDiff(from: old, to: new)
    for line in ContractText.lines(diff) { context.output.say(line) }
    context.output.json(["diff": diff.json])
  }
}
