import Coinvent
import HTTPServer
import JSON

/// Lines that cannot be counted yet: `/v1/sales/suspense`.
enum SuspenseAPI {
  static func list(_ call: Call) async throws -> Response {
    let query = call.request.query
    var invalid = Invalid()
    let limit = query.limit(&invalid)
    var cursor: Suspense.Cursor?
    if let text = query["cursor"], !text.isEmpty {
      cursor = Suspense.Cursor(text)
      if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if let reason = query["reason"], SuspenseReason(rawValue: reason) == nil {
      let words = SuspenseReason.allCases.map(\.rawValue).joined(separator: ", ")
      invalid.add("/reason", "must be one of \(words)")
    }
    if !invalid.isEmpty { throw invalid }
    let source = query["source"]
    let counts = try await Suspense.counts(source: source, in: call.pool)
    let found = try await Suspense.list(
      source: source, reason: query["reason"], limit: limit, after: cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("counts", counts) { writer, count in
          writer.object {
            $0.field("source", count.source)
            $0.field("reason", count.reason)
            $0.field("lines", count.lines)
          }
        }
        $0.array("lines", found.lines) { $0.value($1.json) }
        $0.field("next_cursor", found.next?.text)
      })
  }

  static func repair(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let (source, id, reason) = named(&fields)
    let changes = fields.json("changes")?.object
    if changes?.isEmpty ?? true { fields.note("changes", "must be an object of the line's fields") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await RepairSuspense.run(
        id, of: source, changes: changes ?? JSONObject(), reason: reason, by: call.member.member,
        at: .now, in: tx)
      switch outcome {
      case .unknown: throw Problem.notFound("such line in suspense")
      case .repaired(let became):
        return .json(
          JSONWriter.object {
            $0.field("external_id", id)
            SalesAPI.write(became, &$0)
          })
      }
    }
  }

  static func reject(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let (source, id, reason) = named(&fields)
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await RepairSuspense.reject(
        id, of: source, reason: reason, by: call.member.member, at: .now, in: tx)
      switch outcome {
      case .unknown: throw Problem.notFound("such line in suspense")
      case .rejected, .repeated:
        return .json(
          JSONWriter.object {
            $0.field("external_id", id)
            $0.field("outcome", outcome == .rejected ? "rejected" : "repeated")
          })
      }
    }
  }

  static func replay(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let source = fields.optionalText("source")
    try fields.finish()
    let report = try await ReplaySuspense.run(source: source, pool: call.pool)
    return .json(
      JSONWriter.object {
        $0.field("recorded", report.recorded)
        $0.field("known", report.known)
        $0.field("waiting", report.waiting)
      })
  }

  private static func named(_ fields: inout Fields) -> (source: String, id: String, reason: String)
  {
    let (source, id) = (fields.text("source"), fields.text("external_id"))
    let reason = fields.text("reason")
    if !(1...2_000).contains(reason.count) {
      fields.note("reason", "must have 1 to 2000 characters")
    }
    return (source, id, reason)
  }
}
