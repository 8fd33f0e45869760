import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/audit`.
enum AuditAPI {
  static func list(_ call: Call) async throws -> Response {
    let query = call.request.query
    let page = try PageQuery(query)
    var invalid = Invalid()
    var filter = ReadAudit.Filter()
    if let actor = query["actor"] {
      filter.actor = MemberID(actor)
      if filter.actor == nil { invalid.add("/actor", "must be an id that begins with mem_") }
    }
    filter.action = query["action"]
    filter.kind = query["kind"]
    filter.thing = query["id"]
    filter.since = time(query["since"], "/since", &invalid)
    filter.until = time(query["until"], "/until", &invalid)
    if !invalid.isEmpty { throw invalid }
    let found = try await ReadAudit.run(
      filter, before: page.cursor?.number ?? .max, limit: page.limit + 1, in: call.pool)
    let shown = found.prefix(page.limit)
    let last = found.count > page.limit ? shown.last?.number : nil
    return .json(
      JSONWriter.object {
        $0.array("entries", Array(shown)) { writer, entry in
          writer.object { write(entry, &$0) }
        }
        $0.field("next_cursor", last.map { TimeCursor(number: $0).text })
      })
  }

  private static func time(_ text: String?, _ pointer: String, _ invalid: inout Invalid)
    -> Timestamp?
  {
    guard let text else { return nil }
    let time = Timestamp(rfc3339: text)
    if time == nil { invalid.add(pointer, "must be a time like 2026-01-31T12:00:00Z") }
    return time
  }

  private static func write(_ entry: Audit.Entry, _ writer: inout JSONWriter) {
    writer.field("number", entry.number)
    writer.field("actor_id", entry.actor?.description)
    writer.field("actor_handle", entry.actorHandle)
    writer.field("action", entry.action)
    writer.field("thing", entry.thing)
    writer.field("reason", entry.reason)
    write("before", entry.before, &writer)
    write("after", entry.after, &writer)
    writer.field("happened_at", entry.happenedAt)
  }

  private static func write(_ key: StaticString, _ json: StoredText?, _ writer: inout JSONWriter) {
    if let json { writer.field(key, json: json) } else { writer.field(key, nil as String?) }
  }
}
