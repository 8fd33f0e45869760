import Coinvent
import JSON
import Postgres
import Rails

/// `coinvent payouts export`
enum PayoutsExportCommand: Command {
  static let again = Option.value("again", "BATCH", "Write the file of an earlier batch again.")

  static let spec = CommandSpec(
    "payouts export", summary: "Write the payouts of the csv rail to a file to pay from.",
    examples: [
      Example("coinvent payouts export", "What waits, as payouts-batch_….csv."),
      Example("coinvent payouts export --again batch_01jd…", "The same file once more."),
    ],
    options: [again, Setting.csvFolder.option],
    notes: [
      "Each payout is in exactly one file. When they are paid: coinvent payouts mark --file FILE."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let batch = try context.value(again, expecting: "a batch's id like batch_01…") { BatchID($0) }
    return try await context.withPool { pool in
      let rails = PayoutSettings.rails(context)
      defer { rails.threads.stop() }
      let now = try await DatabaseClock.now(in: pool)
      var written: [CSVRail.Written] = []
      if let batch {
        guard let found = try await PayoutBatch.find(batch, in: pool) else {
          throw Failure(.error, "There is no batch \(batch).")
        }
        written = [try await rails.csv.write(found, now: now, pool: pool)]
      } else {
        written = try await rails.csv.export(actor: "command", now: now, pool: pool)
      }
      return report(written, context)
    }
  }

  private static func report(_ written: [CSVRail.Written], _ context: Context) -> ExitCode {
    for file in written { context.output.say("\(file.lines) payouts in \(file.path)") }
    if written.isEmpty { context.output.say("Nothing waits for a file.") }
    context.output.json([
      "files": .array(
        written.map {
          [
            "batch_id": .string($0.batch.description), "path": .string($0.path),
            "lines": .int(Int64($0.lines)),
          ]
        })
    ])
    return written.isEmpty ? .nothingToDo : .ok
  }
}
