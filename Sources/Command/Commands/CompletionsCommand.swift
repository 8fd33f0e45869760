/// `coinvent completions bash|zsh|fish`
enum CompletionsCommand: Command {
  static let shell = Argument(
    "SHELL", "bash, zsh or fish.", completes: .words(["bash", "zsh", "fish"]))

  static let spec = CommandSpec(
    "completions", summary: "Print a shell's completions.",
    examples: [
      Example(
        "coinvent completions bash > ~/.local/share/bash-completion/completions/coinvent",
        "For bash."),
      Example("coinvent completions zsh > ~/.zfunc/_coinvent", "For zsh (fpath+=~/.zfunc)."),
      Example(
        "coinvent completions fish > ~/.config/fish/completions/coinvent.fish", "For fish."),
    ],
    arguments: [shell], needs: .nothing)

  static func run(_ context: Context) async throws -> ExitCode {
    let specs = allCommands.map { $0.spec }
    switch context.argument(shell) {
    case "bash": context.output.put(BashCompletions.script(specs))
    case "zsh": context.output.put(ZshCompletions.script(specs))
    case "fish": context.output.put(FishCompletions.script(specs))
    case let other:
      throw Failure.usage("“\(other)” is not a shell coinvent knows.", mend: "bash, zsh or fish.")
    }
    return .ok
  }
}
