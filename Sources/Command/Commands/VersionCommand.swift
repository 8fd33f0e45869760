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
    context.output.say("coinvent \(number)")
    context.output.json(text: "{\"version\":\(quoted(number))}")
    return .ok
  }
}
