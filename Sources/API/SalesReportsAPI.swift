import Coinvent
import HTTPServer
import JSON

/// `/v1/sales/reports`.
enum SalesReportsAPI {
  static func list(_ call: Call) async throws -> Response {
    let query = call.request.query
    let page = try PageQuery(query)
    let found = try await SaleReport.list(
      source: query["source"], limit: page.limit, after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("reports", found.reports) { $0.value($1.json) }
        $0.field("next_cursor", found.next?.text)
      })
  }

  static func read(_ id: SaleReportID, _ call: Call) async throws -> Response {
    guard let found = try await SaleReport.find(id, in: call.pool) else {
      throw Problem.notFound("such report")
    }
    return .json(found.json.bytes())
  }

  static func withdraw(_ id: SaleReportID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let reason = fields.text("reason")
    if !(1...2_000).contains(reason.count) {
      fields.note("reason", "must have 1 to 2000 characters")
    }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await WithdrawReport.run(
        id, reason: reason, by: call.member.member, at: .now, in: tx)
      switch outcome {
      case .unknown: throw Problem.notFound("such report")
      case .repeated, .withdrawn:
        return .json((try await SaleReport.find(id, in: tx))?.json.bytes() ?? [])
      }
    }
  }
}
