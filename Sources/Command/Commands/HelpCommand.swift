import JSON

/// `coinvent help [COMMAND…]`
enum HelpCommand: Command {
  static let topic = Argument(
    "COMMAND", "A command, or exit-codes.", required: false, many: true)

  static let spec = CommandSpec(
    "help", summary: "Show help for a command, or what the exit codes mean.",
    examples: [
      Example("coinvent help settle", "Examples and options of one command."),
      Example("coinvent help payouts", "The commands of a group."),
      Example("coinvent help exit-codes", "What each exit code means."),
    ],
    arguments: [topic], needs: .nothing)

  static func run(_ context: Context) async throws -> ExitCode {
    try show(context.all(topic), context.output)
    return .ok
  }

  static func show(_ path: [String], _ output: Output) throws(Failure) {
    let page = try page(for: path)
    output.say(page)
    output.json(path == ["exit-codes"] ? exitCodes : commands(path))
  }

  static func page(for path: [String]) throws(Failure) -> String {
    let specs = allCommands.map { $0.spec }
    if path.isEmpty { return HelpPage.overview(specs) }
    if path == ["exit-codes"] { return HelpPage.exitCodes() }
    if let spec = specs.first(where: { $0.path == path }) { return HelpPage.page(spec) }
    guard specs.contains(where: { $0.path.starts(with: path) }) else {
      let name = path.joined(separator: " ")
      let meant = nearest(to: name, among: specs.map(\.name) + ["exit-codes"])
      throw .usage(
        "There is no command “\(name)”.",
        mend: meant.map { "Did you mean “\($0)”?" } ?? "See: coinvent help")
    }
    return HelpPage.group(path, specs)
  }

  private static func commands(_ path: [String]) -> JSON {
    let specs = allCommands.map { $0.spec }.filter { $0.path.starts(with: path) }
    return ["commands": .array(specs.map(\.json))]
  }

  private static var exitCodes: JSON {
    let codes = ExitCode.allCases.map { code -> JSON in
      [
        "exit": .int(Int64(code.rawValue)), "code": .string(code.word),
        "meaning": .string(code.meaning),
      ]
    }
    return ["exit_codes": .array(codes)]
  }
}
