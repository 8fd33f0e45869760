import Coinvent
import JSON
import Postgres

/// The part of `coinvent worker` that erases members whose time has come.
enum WorkerErasures {
  /// Until it is cancelled, through restarts of the database.
  static func keep(_ pool: Pool, _ context: Context) async {
    while !Task.isCancelled {
      do {
        let report = try await DueErasures.run(in: pool)
        if !report.didNothing {
          if context.settings.logLevel <= .warning { context.output.remark(sentence(report)) }
          continue
        }
        // Days are what matters here; a minute is often enough.
        try await Task.sleep(for: max(context.settings.workerInterval, .seconds(60)))
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("erasures: \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(2)) } catch { return }
      }
    }
  }

  static func drain(_ pool: Pool) async throws -> DueErasures.Report {
    var report = DueErasures.Report()
    while true {
      let part = try await DueErasures.run(in: pool)
      if part.didNothing { return report }
      report += part
    }
  }

  static func sentence(_ report: DueErasures.Report) -> String {
    "Erasures: \(report.erased) done, \(report.waiting) wait for money, "
      + "\(report.given) gave to the house."
  }

  static func json(_ report: DueErasures.Report) -> JSON {
    [
      "erased": .int(Int64(report.erased)), "waiting": .int(Int64(report.waiting)),
      "given": .int(Int64(report.given)),
    ]
  }
}
