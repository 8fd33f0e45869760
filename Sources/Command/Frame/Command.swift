/// One command of `coinvent`: one file in `Commands/`, one line in `CommandList.swift`.
protocol Command: SendableMetatype {
  static var spec: CommandSpec { get }

  /// Does the work and says how it ended. Throws `Failure` for an expected end with a sentence of
  /// its own; any other error becomes exit code 1 with its description.
  static func run(_ context: Context) async throws -> ExitCode
}
