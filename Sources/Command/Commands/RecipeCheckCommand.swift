import Coinvent
import JSON

/// `coinvent recipe check FILE`
enum RecipeCheckCommand: Command {
  static let file = Argument("FILE", "A recipe as JSON.", completes: .file)

  static let spec = CommandSpec(
    "recipe check", summary: "Check a recipe, and name every mistake with its place.",
    examples: [
      Example("coinvent recipe check recipe.json", "Exit code 0 when it can be used, 1 when not.")
    ],
    arguments: [file], needs: .nothing)

  static func run(_ context: Context) async throws -> ExitCode {
    let path = context.argument(file)
    let recipe = try RecipeSource.read(path)
    context.output.say("\(path) is a recipe of \(recipe.parts.count) parts:")
    for line in RecipeText.lines(recipe) { context.output.say(line) }
    context.output.json(recipe.json)
    return .ok
  }
}
