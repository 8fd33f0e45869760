import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST /v1/sales`.
enum SalesAPI {
  static func record(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let source = fields.text("source")
    if !(1...64).contains(source.count) { fields.note("source", "must have 1 to 64 characters") }
    if let fault = SaleSource.fault(source) { fields.note("source", fault) }
    let lines = fields.part("lines") { json throws(Invalid) in try SalesAPI.lines(json) }
    if lines == nil { fields.note("lines", "must be an array of 1 to \(RecordSales.limit) lines") }
    try fields.finish()
    return try await call.write { tx in
      let outcomes = try await RecordSales.run(lines ?? [], source: source, at: .now, in: tx)
      return Response.json(
        JSONWriter.object {
          $0.array("lines", zip(lines ?? [], outcomes)) { writer, pair in
            writer.object { write(pair.0, pair.1, &$0) }
          }
        })
    }
  }

  private static func lines(_ json: JSON) throws(Invalid) -> [SaleLine] {
    guard let array = json.array, (1...RecordSales.limit).contains(array.count) else {
      throw Invalid("/lines", "must be an array of 1 to \(RecordSales.limit) lines")
    }
    var wrong = Invalid()
    var lines: [SaleLine] = []
    for (index, item) in array.enumerated() {
      do { lines.append(try SaleLine(json: item, at: "/lines/\(index)")) } catch {
        wrong.add(error)
        if wrong.fields.count >= 100 { break }
      }
    }
    if !wrong.isEmpty { throw wrong }
    return lines
  }

  private static func write(_ line: SaleLine, _ outcome: SaleOutcome, _ writer: inout JSONWriter) {
    writer.field("external_id", line.externalID)
    switch outcome {
    case .repeated:
      writer.field("outcome", "repeated")
      writer.field("reason", nil as String?)
    case .recorded:
      writer.field("outcome", "recorded")
      writer.field("reason", nil as String?)
    case .conflict(let reason):
      writer.field("outcome", "conflict")
      writer.field("reason", reason)
    case .suspended(let reason):
      writer.field("outcome", "suspended")
      writer.field("reason", reason.rawValue)
    }
  }
}
