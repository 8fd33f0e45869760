import JSON

/// `coinvent version`
enum VersionCommand: Command {
  static let number = "0.1.0"

  static let spec = CommandSpec(
    "version", summary: "Show the version.",
    examples: [
      Example("coinvent version", "The version, one line."),
      Example("coinvent version --json", "The same for programs."),
    ],
    needs: .nothing)

  static func run(_ context: Context) async throws -> ExitCode {
    show(context.output)
    return .ok
  }

  static func show(_ output: Output) {
    output.say("coinvent \(number)")
    output.json(["version": .string(number)])
  }
}
