import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST /v1/settlements` {through?, ahead?, dry_run?}.
enum SettlementsAPI {
  static func settle(_ call: Call) async throws -> Response {
    var fields = try Fields(call.request.body.isEmpty ? .object(JSONObject()) : call.json())
    let through = day("through", in: &fields)
    let dryRun = fields.optionalFlag("dry_run") ?? false
    let isMeant = fields.optionalFlag("ahead") ?? false
    try fields.finish()
    if let through, !isMeant { try await refuse(through, ahead: call) }
    if dryRun {
      let preview = try await PreviewSettlement.run(through: through, pool: call.pool)
      return .json(preview.json.bytes())
    }
    // Settlement is idempotent by itself: a repeat finds nothing left to do.
    let outcome = try await Settle.run(
      through: through, limits: call.application.settings.approveAbove, by: call.member.member,
      pool: call.pool)
    switch outcome {
    case .nothingToDo(let waiting, let ahead):
      return .json(SettleOutcome.nothingJSON(waiting, ahead).bytes())
    case .settled(let summary):
      try await PayoutBell.ring(in: call.pool)
      return .created(summary.json.bytes())
    case .needsApproval(let period, let preview):
      return .json(SettleOutcome.waitingJSON(period, preview).bytes(), status: 202)
    case .busy:
      throw Problem.conflict(
        "settlement-running", "Another settlement is running; it does the same work.")
    }
  }

  private static func refuse(_ day: Day, ahead call: Call) async throws {
    let now = try await DatabaseClock.now(in: call.pool)
    guard Foresight.isAhead(day, at: now) else { return }
    throw Problem.unprocessable(
      Invalid(
        "/through",
        "is after tomorrow, \(Foresight.lastDay(at: now)): all up to it would count now, and a "
          + "cut-off never moves back; say \"ahead\": true if that is meant"))
  }

  /// An optional date such as 2026-01-31.
  static func day(_ name: String, in fields: inout Fields) -> Day? {
    guard let text = fields.optionalText(name) else { return nil }
    let day = Day(text)
    if day == nil { fields.note(name, "must be a date such as 2026-01-31") }
    return day
  }
}
