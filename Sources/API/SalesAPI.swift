import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// `POST /v1/sales`.
enum SalesAPI {
  static func record(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let source = SalesNamesAPI.source(&fields)
    let lines = fields.part("lines") { json throws(Invalid) in try SalesAPI.lines(json) }
    if lines == nil { fields.note("lines", "must be an array of 1 to \(RecordSales.limit) lines") }
    let name = fields.optionalText("report")
    if let name, !(1...200).contains(name.count) {
      fields.note("report", "must have 1 to 200 characters")
    }
    let expected = fields.part("expect") { json throws(Invalid) in try expectations(json) } ?? []
    let facts = facts(source, name, lines ?? [])
    for fault in SaleExpectation.faults(expected, facts.totals) { fields.note("expect", fault) }
    try fields.finish()
    return try await call.write { tx in
      let now = Timestamp.now
      let report = name == nil ? nil : try await OpenReport(facts, at: now, in: tx)
      let outcomes = try await RecordSales.run(
        lines ?? [], source: source, report: report, at: now, in: tx)
      return Response.json(
        JSONWriter.object {
          if let report { $0.field("report_id", report.id) }
          $0.array("lines", zip(lines ?? [], outcomes)) { writer, pair in
            writer.object { write(pair.0, pair.1, &$0) }
          }
        })
    }
  }

  private static func facts(_ source: String, _ name: String?, _ lines: [SaleLine])
    -> OpenReport.Facts
  {
    var totals = SaleTotals()
    for line in lines { totals.add(line) }
    let text = JSON.array(lines.map(\.json)).bytes()
    return OpenReport.Facts(
      source: source, name: name ?? "", sha256: name == nil ? [] : Digest.sha256(text),
      totals: totals)
  }

  private static func expectations(_ json: JSON) throws(Invalid) -> [SaleExpectation] {
    var fields = try Fields(json, at: "/expect")
    var expected: [SaleExpectation] = []
    if let lines = fields.optionalWhole("lines", in: 0...Int64.max) {
      expected.append(.lines(lines))
    }
    if let units = fields.optionalWhole("units", in: Int64.min...Int64.max) {
      expected.append(.units(units))
    }
    for (code, value) in fields.json("gross")?.object ?? JSONObject() {
      guard let currency = Currency(code), let text = value.string,
        case .success(let nanos) = Result(catching: { try Amount.nanos(decimal: text) })
      else {
        fields.note("gross", "must have decimals by currency, such as {\"USD\": \"498.00\"}")
        continue
      }
      expected.append(.gross(nanos, currency))
    }
    try fields.finish()
    return expected
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
    write(outcome, &writer)
  }

  static func write(_ outcome: SaleOutcome, _ writer: inout JSONWriter) {
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
