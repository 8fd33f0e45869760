import Coinvent
import JSON

/// `coinvent books sum`
enum BooksSumCommand: Command {
  static let again = Option.flag("again", "Forget the sums that there are, and make all anew.")

  static let spec = CommandSpec(
    "books sum", summary: "Add up the days that are over, so that later questions need not.",
    examples: [
      Example("coinvent books sum", "Workers do it by themselves."),
      Example("coinvent books sum --again", "When verify says that a sum is wrong."),
    ],
    options: [again])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let day = try await SumDays.run(again: context.has(again), in: pool)
      context.output.say(day.map { "Summed through \($0)." } ?? "Nothing to sum.")
      context.output.json(["through": day.map { .string("\($0)") } ?? .null])
      return day == nil ? .nothingToDo : .ok
    }
  }
}
