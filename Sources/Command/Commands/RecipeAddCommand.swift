import Coinvent
import JSON
import Postgres

/// `coinvent recipe add FILE`
enum RecipeAddCommand: Command {
  static let file = Argument("FILE", "A recipe as JSON.", completes: .file)
  static let from = Option.value(
    "from", "TIME", "When it comes into force, such as 2027-01-01T00:00:00Z; now unless given.")
  static let reason = Option.value(
    "reason", "TEXT", "Why; everybody can read it.", required: true)

  static let spec = CommandSpec(
    "recipe add", summary: "Put another recipe into force from a date on; none acts backwards.",
    examples: [
      Example(
        "coinvent recipe add recipe.json --reason agreed", "The default for ideas that open now."),
      Example(
        "coinvent recipe add recipe.json --from 2027-01-01T00:00:00Z --reason agreed "
          + "--product prod_01h455vb4pex5vsknk084sn02q", "For a product's later shares."),
    ],
    arguments: [file], options: [RecipeSource.product, from, reason],
    notes: [
      "An idea keeps the default that was in force when it opened for voting. A product's first "
        + "shares are governed by its first recipe, later ones by the recipe that is in force when "
        + "they start.",
      "Exit codes: 1 the file has mistakes or there is no such product, 3 another version starts "
        + "at that very moment, 4 the time has passed.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let product = try RecipeSource.productID(context)
    let startsAt = try context.value(from, expecting: "a time like 2027-01-01T00:00:00Z") {
      Timestamp(rfc3339: $0)
    }
    let why = context[reason] ?? ""
    if let fault = AddRecipe.fault(reason: why) { throw Failure.usage("--reason \(fault).") }
    let recipe = try RecipeSource.read(context.argument(file))
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        if let product {
          try await AddRecipe.run(
            recipe, of: product, startsAt: startsAt, reason: why, by: nil, in: tx)
        } else {
          try await AddRecipe.toDefault(recipe, startsAt: startsAt, reason: why, by: nil, in: tx)
        }
      }
      switch outcome {
      case .added(let version, let startsAt, let before):
        show(version, startsAt, RecipeDiff(from: before, to: recipe), context)
        return .ok
      case .unknownProduct: throw Failure(.error, "There is no such product.")
      case .startsInThePast(let now):
        throw Failure(.notAllowed, "It is \(now) already, and recipes never act backwards.")
      case .startTaken:
        throw Failure(.busy, "Another version starts at that very moment; choose another one.")
      }
    }
  }

  private static func show(
    _ version: Int, _ startsAt: Timestamp, _ diff: RecipeDiff, _ context: Context
  ) {
    context.output.say("Recipe \(version) is in force from \(startsAt). What changes:")
    for line in RecipeText.lines(diff) { context.output.say(line) }
    context.output.json([
      "version": .int(Int64(version)), "starts_at": .string(startsAt.description),
      "diff": diff.json,
    ])
  }
}
