import Coinvent
import JSON

/// `coinvent proof seal`
enum ProofSealCommand: Command {
  static let spec = CommandSpec(
    "proof seal", summary: "Chain, seal and sign whatever is final and is not yet.",
    examples: [
      Example("coinvent proof seal", "Also everything from before there was a chain.")
    ],
    options: [Setting.proofKeyFile.option],
    notes: [
      "Settlements and workers do this by themselves; run it once on a database from before "
        + "there was a chain. Safe to kill and to start again.",
      "Exit codes: 0 done, 6 nothing to do.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let key = try ProofWork.key(context)
    return try await context.withPool { pool in
      let report = try await ProofWork.run(pool, key: key, everything: true, context)
      context.output.say(ProofWork.sentence(report))
      if key == nil { context.output.note(ProofWork.noKey) }
      context.output.json(ProofWork.json(report))
      return report.didNothing ? .nothingToDo : .ok
    }
  }
}
