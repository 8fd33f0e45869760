import Coinvent
import Postgres

/// `coinvent influence what-if PRODUCT`
enum InfluenceWhatIfCommand: Command {
  static let product = Argument("PRODUCT", "A product's id.")
  static let recipe = Option.value("recipe", "FILE", "A recipe as JSON.", completes: .file)
  static let version = Option.value("recipe-version", "N", "One of the product's own recipes.")

  static let spec = CommandSpec(
    "influence what-if",
    summary: "Show what members would hold by the same events under another recipe.",
    examples: [
      Example(
        "coinvent influence what-if prod_01h455vb4pex5vsknk084sn02q --recipe recipe.json",
        "Beside what they hold under the present one."),
      Example(
        "coinvent influence what-if prod_01h455vb4pex5vsknk084sn02q --recipe-version 2 --json",
        "Under its second, with every holder."),
    ],
    arguments: [product], options: [recipe, version],
    notes: [
      "Nothing is written. Holders are told by what they would gain, ten from either end; --json "
        + "tells all.",
      "Exit code 1: there is no such product or recipe, or the file has mistakes.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try InfluenceShowCommand.productID(product, context)
    let source = try source(context)
    return try await context.withPool { pool in
      let found = try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
        let recipe = try await source.recipe(of: id, in: tx)
        return try await CompareRecipes.whatIf(id, recipe, in: tx)
      }
      guard let found else { throw InfluenceShowCommand.noProduct(id) }
      show(found, context)
      context.output.json(found.json)
      return .ok
    }
  }

  private static func source(_ context: Context) throws(Failure) -> RecipeSource {
    let number = try context.value(version, expecting: "a number from 1 on") {
      Int($0).flatMap { $0 > 0 ? $0 : nil }
    }
    switch (context[recipe], number) {
    case (let path?, nil): return .file(path)
    case (nil, let number?): return .version(number)
    default: throw .usage("Give either --recipe or --recipe-version.")
    }
  }

  private static func show(_ found: CompareRecipes, _ context: Context) {
    let say = context.output.say
    say("What the recipe says otherwise:")
    for line in RecipeText.lines(found.diff) { say(line) }
    let changed = found.changed
    if changed.isEmpty { return say("Nobody would hold more or less.") }
    say("\n\(changed.count) of \(found.holdings.count) holders would hold more or less:")
    for holding in changed.prefix(10) { say(line(holding)) }
    if changed.count > 20 { say("  …") }
    for holding in changed.dropFirst(10).suffix(10) { say(line(holding)) }
    let (before, after) = (found.holdings.map(\.before), found.holdings.map(\.after))
    say("All together: \(sum(before)) → \(sum(after))")
  }

  private static func sum(_ shares: [Int64]) -> String { "\(shares.reduce(0, +)) ppb" }

  private static func line(_ holding: CompareRecipes.Holding) -> String {
    let name = holding.member?.description ?? "house"
    let sign = holding.gain > 0 ? "+" : ""
    return "  \(name)  \(holding.before) → \(holding.after) ppb  "
      + "(\(sign)\(Recipe.percent(holding.gain)) %)"
  }
}
