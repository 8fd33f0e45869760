import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/members/{id}/earnings?product=&since=&until=`: for the member and for finance.
enum EarningsAPI {
  static func read(_ id: MemberID, _ call: Call) async throws -> Response {
    guard call.member.member == id || call.member.role.includes(.finance) else {
      throw Problem.forbidden("Earnings are for the member and for finance.")
    }
    let filter = try filter(call.request.query)
    let policy = call.application.settings.payouts
    let json = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      tx -> JSON in
      guard try await FindMember.by(id: id, in: tx) != nil else {
        throw Problem.notFound("such member")
      }
      let earnings = try await Earnings.of(id, filter: filter, in: tx)
      return earnings.json(
        reasons: try await WhyNotPaid.explain(member: id, policy: policy, in: tx))
    }
    return Response.json(json.bytes()).unstored
  }

  private static func filter(_ query: QueryItems) throws -> Earnings.Filter {
    var filter = Earnings.Filter()
    var wrong = Invalid()
    if let text = query["product"] {
      filter.product = ProductID(text)
      if filter.product == nil { wrong.add("/product", "must be an id that begins with prod_") }
    }
    filter.since = day("since", query, &wrong)
    filter.until = day("until", query, &wrong)
    if !wrong.isEmpty { throw wrong }
    return filter
  }

  private static func day(_ name: String, _ query: QueryItems, _ wrong: inout Invalid) -> Day? {
    guard let text = query[name] else { return nil }
    let day = Day(text)
    if day == nil { wrong.add("/\(name)", "must be a date such as 2026-01-31") }
    return day
  }
}
