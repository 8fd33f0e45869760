import Coinvent
import JSON
import Postgres

/// What a worker does with notices: it hands them out.
struct NoticeWork {
  let pool: Pool
  let context: Context

  struct Report: Equatable {
    var notices = 0
    var notifications = 0

    var didNothing: Bool { self == Report() }

    static func += (sum: inout Report, part: Report) {
      sum.notices += part.notices
      sum.notifications += part.notifications
    }

    var sentence: String { "Notices: \(notices) handed out, \(notifications) notifications." }

    var json: JSON {
      ["handed_out": .int(Int64(notices)), "notifications": .int(Int64(notifications))]
    }
  }

  /// Does what is due now.
  func pass() async throws -> Report {
    let handed = try await HandOutNotices.run(isMailing: false, in: pool)
    var report = Report()
    report.notices = handed.notices
    report.notifications = handed.notifications
    return report
  }

  /// Does all that is due.
  func drain() async throws -> Report {
    var report = Report()
    while true {
      let part = try await pass()
      if part.didNothing { return report }
      report += part
    }
  }

  /// Looks after notices until it is cancelled, through restarts of the database.
  func keep() async {
    while !Task.isCancelled {
      do {
        if try await pass().didNothing {
          try await Task.sleep(for: context.settings.workerInterval)
        }
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("notices: \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(2)) } catch { return }
      }
    }
  }
}
