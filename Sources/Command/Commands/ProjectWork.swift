import Coinvent
import JSON
import Postgres

/// What a worker does with projects: it closes those that are due, and deletes files that no entry
/// uses.
enum ProjectWork {
  struct Report: Equatable {
    var closed = 0
    var forgotten = 0

    var didNothing: Bool { self == Report() }

    var sentence: String {
      "Projects: \(closed) closed, \(forgotten) unused files deleted."
    }

    var json: JSON { ["closed": .int(Int64(closed)), "files": .int(Int64(forgotten))] }
  }

  static func pass(_ pool: Pool) async throws -> Report {
    var report = Report()
    report.closed = try await CloseProjects.run(in: pool)
    report.forgotten = try await ForgetFiles.run(in: pool)
    return report
  }

  /// Does all that is due.
  static func drain(_ pool: Pool) async throws -> Report {
    var report = Report()
    while true {
      let part = try await pass(pool)
      if part.didNothing { return report }
      report.closed += part.closed
      report.forgotten += part.forgotten
    }
  }

  /// Looks after projects until it is cancelled, through restarts of the database.
  static func keep(_ pool: Pool, _ context: Context) async {
    while !Task.isCancelled {
      do {
        let report = try await pass(pool)
        if report.didNothing {
          try await Task.sleep(for: context.settings.workerInterval)
        } else if context.settings.logLevel <= .warning {
          context.output.remark(report.sentence)
        }
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("projects: \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(2)) } catch { return }
      }
    }
  }
}
