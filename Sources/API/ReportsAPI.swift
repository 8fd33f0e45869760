import Coinvent
import HTTPServer
import JSON

/// `POST /v1/ideas/{id}/reports`, and the same for members and comments.
enum ReportsAPI {
  static func report(_ thing: ReportedThing, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let reason = fields.choice("reason", of: Report.Reason.self)
    let text = fields.optionalText("text")
    try fields.finish(and: Report.fault(text: text).map { [("/text", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await ReportThing.run(
        thing, for: reason, text: text, by: call.member.member, in: tx)
      switch outcome {
      case .reported(let id): return .created(JSONWriter.object { $0.field("case_id", id) })
      case .alreadyReported:
        throw Problem.conflict(
          "already-reported", "You have reported this, and the curators have not decided yet.")
      case .ownThing: throw Problem.conflict("own-thing", "Nobody reports what is their own.")
      case .unknown: throw Problem.notFound("such \(thing.kind.rawValue)")
      case .tooMany:
        throw Problem(
          429, "too-many-reports", "Too many reports",
          "A member reports at most \(Report.dailyLimit) things in 24 hours.")
      }
    }
  }
}
