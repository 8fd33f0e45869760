import EventLoop
import Glibc

/// The one executable: finds the command, reads the settings, runs it on an event loop.
///
/// The main thread only waits for signals. The command is a task on a loop of its own, so that
/// neither Swift's shared threads nor the main thread is ever blocked by it.
@main
enum Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    // Before the first thread starts, so that all inherit it: signals come to this thread alone.
    let signals = Signals.block()
    let words = Array(CommandLine.arguments.dropFirst())
    let output = Output(asJSON: words.prefix { $0 != "--" }.contains("--json"))
    do throws(Failure) {
      try start(words, output, signals)
    } catch {
      output.complain(error)
      exit(error.code.rawValue)
    }
  }

  private static func start(_ words: [String], _ output: Output, _ signals: Signals)
    throws(Failure)
  {
    switch try Parser.parse(words, commands: allCommands.map { $0.spec }) {
    case .help(let path): try HelpCommand.show(path, output)
    case .version: VersionCommand.show(output)
    case .run(let spec, let invocation):
      guard let command = allCommands.first(where: { $0.spec.path == spec.path }) else { return }
      let context = try context(spec, invocation, output)
      let task = launch(command, context)
      signals.forward(to: task, context)
    }
  }

  private static func context(_ spec: CommandSpec, _ invocation: Invocation, _ output: Output)
    throws(Failure) -> Context
  {
    var settings = Settings()
    switch spec.needs {
    case .nothing: break
    case .settings:
      let (read, mistakes) = SettingsReader.read(invocation, environment: processEnvironment())
      if !mistakes.isEmpty {
        throw Failure(
          .usage, mistakes.count == 1 ? "A setting is wrong:" : "Some settings are wrong:",
          details: mistakes)
      }
      settings = read
    }
    return Context(
      spec: spec, invocation: invocation, settings: settings, output: output,
      stop: StopRequest(), loop: EventLoop(name: "command"))
  }

  private static func launch(_ command: any Command.Type, _ context: Context)
    -> Task<Void, Never>
  {
    Task(executorPreference: context.loop) {
      let code: ExitCode
      do {
        code = try await command.run(context)
      } catch {
        let failure = Failure.from(error)
        context.output.complain(failure)
        code = failure.code
      }
      exit(code.rawValue)
    }
  }
}
