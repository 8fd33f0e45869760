import Coinvent
import JSON

/// `coinvent export ideas|votes|comments`
enum ExportCommand: Command {
  static let kinds = Export.Kind.allCases.map(\.rawValue)
  static let formats = Export.Format.allCases.map(\.rawValue)
  static let what = Argument(
    "WHAT", "One of \(kinds.joined(separator: ", ")).", completes: .words(kinds))
  static let format = Option.value(
    "format", "FORMAT", "csv or jsonl.", standard: "csv", completes: .words(formats))
  static let to = Option.value(
    "to", "FILE", "Where to write; standard output if not given.", completes: .file)

  static let spec = CommandSpec(
    "export", summary: "Write all ideas, votes or comments as CSV or JSON Lines.",
    examples: [
      Example("coinvent export ideas --to ideas.csv", "The file appears when it is whole."),
      Example("coinvent export votes --format jsonl | zstd > votes.jsonl.zst", "As it comes."),
    ],
    arguments: [what], options: [format, to],
    notes: [
      "Everything is as it was when the command began, in memory that does not grow with it.",
      "Voters are pseudonyms that are the same in every export of this community. In CSV a text "
        + "that a spreadsheet would take for a formula has a ' in front.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let kind = try context.value(what, expecting: "one of \(kinds.joined(separator: ", "))") {
      Export.Kind(rawValue: $0)
    }
    let format = try context.value(format, expecting: "csv or jsonl") {
      Export.Format(rawValue: $0)
    }
    if context.asJSON && context[to] == nil {
      throw Failure.usage("--json reports about a file: name one with --to.")
    }
    let output = context.output
    return try await context.withPool { pool in
      var steps = Steps()
      let progress: (Int) -> Void = { count in
        if steps.isNext(count) { output.note("\(count) \(kind).") }
      }
      guard let path = context[to] else {
        _ = try await Export.run(kind, as: format ?? .csv, from: pool, progress: progress) {
          // Whoever reads no longer (`| head`) wants no more.
          guard output.isRead else { throw CancellationError() }
          output.put($0)
        }
        return .ok
      }
      let file = try WholeFile(path)
      let count = try await Export.run(kind, as: format ?? .csv, from: pool, progress: progress) {
        try file.write($0)
      }
      try file.finish()
      output.say("\(count) \(kind) in \(path)")
      output.json(["records": .int(Int64(count)), "path": .string(path)])
      return .ok
    }
  }

  /// Tells when the next line of progress is due: each hundred thousand rows.
  private struct Steps {
    private var next = 100_000

    mutating func isNext(_ count: Int) -> Bool {
      guard count >= next else { return false }
      next = (count / 100_000 + 1) * 100_000
      return true
    }
  }
}
