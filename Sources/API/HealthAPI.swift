import Coinvent
import HTTPServer

/// `GET /healthz` and `GET /readyz`.
enum HealthAPI {
  /// The process answers; nothing else is looked at.
  static func health() -> Response { .json(Array(#"{"status":"ok"}"#.utf8)) }

  /// The database answers too, within a short time.
  static func readiness(_ call: Call) async throws -> Response {
    let pool = call.pool
    let wait = call.application.settings.readinessWait
    let answered = try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        do {
          try await CheckDatabase.run(in: pool)
          return true
        } catch {
          return false
        }
      }
      group.addTask {
        try await Task.sleep(for: wait)
        return false
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
    guard answered else { throw Problem.unavailable("The database does not answer.") }
    return .json(Array(#"{"status":"ready"}"#.utf8))
  }
}
