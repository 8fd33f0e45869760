import Coinvent
import JSON
import Postgres

/// `coinvent recipe show [VERSION]`
enum RecipeShowCommand: Command {
  static let version = Argument(
    "VERSION", "The one in force unless given; 0 is the shipped default.", required: false)

  static let spec = CommandSpec(
    "recipe show", summary: "Show how influence is divided: the default, or a product's recipe.",
    examples: [
      Example("coinvent recipe show", "The default that is in force."),
      Example("coinvent recipe show 2 --product prod_01h455vb4pex5vsknk084sn02q", "Its second."),
      Example("coinvent recipe show --json > recipe.json", "To change it and add it again."),
    ],
    arguments: [version], options: [RecipeSource.product],
    notes: ["With --json it prints the recipe alone, as recipe add reads it."])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try RecipeSource.productID(context)
    let wanted = try context.optional(version).map { text in
      guard let number = Int(text), number >= 0 else {
        throw Failure.usage("VERSION: “\(text)” is not a number from 0 on.")
      }
      return number
    }
    return try await context.withPool { pool in
      if let product {
        try await show(product, wanted, context, pool)
      } else {
        try await showDefault(wanted, context, pool)
      }
      return .ok
    }
  }

  private static func show(
    _ product: ProductID, _ wanted: Int?, _ context: Context, _ pool: Pool
  ) async throws {
    let found =
      if let wanted {
        try await DatedRecipe.find(wanted, of: product, in: pool)
      } else {
        try await DatedRecipe.governing(product, at: .now, in: pool)
      }
    guard let found else {
      throw Failure(.error, "\(product) has no \(wanted.map { "recipe \($0)" } ?? "recipe").")
    }
    let since = found.startsAt.map { "from \($0)" } ?? "from the beginning"
    show("Recipe \(found.version) of \(product), \(since)", found.reason, found.recipe, context)
  }

  private static func showDefault(_ wanted: Int?, _ context: Context, _ pool: Pool) async throws {
    let found =
      if let wanted {
        try await DefaultRecipe.find(wanted, in: pool)
      } else {
        try await DefaultRecipe.inForce(at: .now, in: pool)
      }
    guard let found else {
      throw Failure(.error, "There is no default recipe \(wanted ?? 0).")
    }
    let since = found.startsAt.map { "for ideas that open from \($0)" } ?? "from the beginning"
    show("Default recipe \(found.version), \(since)", found.reason, found.recipe, context)
  }

  private static func show(
    _ title: String, _ reason: String, _ recipe: Recipe, _ context: Context
  ) {
    context.output.say(title + (reason.isEmpty ? "" : ": \(reason)"))
    for line in RecipeText.lines(recipe) { context.output.say(line) }
    context.output.json(recipe.json)
  }
}
