import Coinvent
import JSON
import Postgres

/// `coinvent recipe diff BEFORE AFTER`
enum RecipeDiffCommand: Command {
  static let before = Argument("BEFORE", "A file, or the number of a version.", completes: .file)
  static let after = Argument("AFTER", "A file, or the number of a version.", completes: .file)

  static let spec = CommandSpec(
    "recipe diff", summary: "Show what one recipe says otherwise than another.",
    examples: [
      Example("coinvent recipe diff 0 recipe.json", "The shipped default and a file."),
      Example(
        "coinvent recipe diff 1 recipe.json --product prod_01h455vb4pex5vsknk084sn02q",
        "Also what its members would hold."),
    ],
    arguments: [before, after], options: [RecipeSource.product],
    notes: ["With --product, numbers are that product's versions. Nothing is written."])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try RecipeSource.productID(context)
    let sources = (
      RecipeSource(context.argument(before)), RecipeSource(context.argument(after))
    )
    if product == nil, case (.file(let old), .file(let new)) = sources {
      show(
        RecipeDiff(from: try RecipeSource.read(old), to: try RecipeSource.read(new)), nil, context)
      return .ok
    }
    return try await context.withPool { pool in
      try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
        let old = try await sources.0.recipe(of: product, in: tx)
        let new = try await sources.1.recipe(of: product, in: tx)
        var holdings: [CompareRecipes.Holding]?
        if let product {
          holdings = try await CompareRecipes.run(product, from: old, to: new, in: tx)?.changed
          if holdings == nil { throw Failure(.error, "There is no product \(product).") }
        }
        show(RecipeDiff(from: old, to: new), holdings, context)
      }
      return .ok
    }
  }

  private static func show(
    _ diff: RecipeDiff, _ holdings: [CompareRecipes.Holding]?, _ context: Context
  ) {
    for line in RecipeText.lines(diff) { context.output.say(line) }
    if let holdings {
      context.output.say("\nMembers whose share would change: \(holdings.count)")
      for holding in holdings {
        let name = holding.member?.description ?? "house"
        context.output.say(
          "  \(name)  \(holding.before) → \(holding.after) ppb  "
            + "(\(Recipe.percent(holding.before)) → \(Recipe.percent(holding.after)) %)")
      }
    }
    context.output.json(document(diff, holdings))
  }

  private static func document(_ diff: RecipeDiff, _ holdings: [CompareRecipes.Holding]?) -> JSON {
    var document = JSONObject()
    document["diff"] = diff.json
    document["holdings"] = holdings.map { .array($0.map(\.json)) }
    return .object(document)
  }
}
