import Coinvent
import HTTPServer
import JSON
import Postgres

/// From a vote to a line on a bank's statement, and back.
enum TraceRoute: FeatureRoute {
  case payout(PayoutID)
  case share(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: TraceRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("payouts", let id?, "trace", nil): with(id) { [(.get, .payout($0))] }
    case ("products", let id?, "trace", nil): with(id) { [(.get, .share($0))] }
    default: []
    }
  }

  /// Other members' money is for finance; the handlers look.
  var policy: Policy { .members(.member, .read) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .payout(let id): try await TraceAPI.payout(id, call)
    case .share(let id): try await TraceAPI.share(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/payouts/{payout_id}/trace", "tracePayout",
      "From a payout back to the sales that it came from",
      detail: "For the member and finance. What was credited first is paid first. A payout that "
        + "failed or came back has no parts.",
      answers: [
        .json(
          200, "The payout, part by part",
          .object([
            .required("payout_id", .id(PayoutID.self)), .required("member_id", .id(MemberID.self)),
            .required("amount", .decimal), .required("currency", .currency),
            .required("state", .words(PayoutState.allCases.map(\.rawValue))),
            .required("rail", .words(PayoutRail.allCases.map(\.rawValue))),
            .required("provider_id", .nullable(.text), "The provider's own id"),
            .required("batch_id", .nullable(.text), "The file that it was paid from"),
            .required("paid_at", .nullable(.time)),
            .required(
              "parts",
              .list(
                .object([
                  .required("amount", .decimal), .required("credit", .named("TracedCredit")),
                ]))),
          ]))
      ]),
    Operation(
      .get, "/v1/products/{product_id}/trace", "traceShare",
      "From votes and entries for a product to the payouts that they became",
      detail: "For the member and finance: the share with its events, every credit with the sales "
        + "that made it, and where each part of it went.",
      query: [
        .init("member_id", .id(MemberID.self), "Who asks, unless given"),
        .init(
          "version", .whole(1...Int64(Int32.max)),
          "Of the product's shares; the newest unless given"),
      ],
      answers: [
        .json(
          200, "The share and its credits",
          .object([
            .required("share", .named("ExplainedShare")),
            .required(
              "credits",
              .list(
                .object([
                  .required("credit", .named("TracedCredit")),
                  .required(
                    "went_to",
                    .list(
                      .object([
                        .required("kind", .words(Taking.Kind.allCases.map(\.rawValue))),
                        .required("payout_id", .nullable(.id(PayoutID.self))),
                        .required("at", .time), .required("amount", .decimal),
                      ]))),
                  .required("in_balance", .decimal, "What has not gone anywhere yet"),
                ])), "The first first"),
          ]))
      ], problems: [(403, "forbidden"), (429, "too-many-requests")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "TracedCredit",
      .object([
        .required("settlement_id", .id(SettlementID.self)), .required("settled_at", .time),
        .required("product_id", .id(ProductID.self)), .required("contract_version", .count),
        .required("share_version", .count), .required("currency", .currency),
        .required("amount", .decimal, "Below zero after returns"),
        .required("is_referral", .flag, "For sales by the member's link, and not for a share"),
        .required("share_ppb", .nullable(.whole(0...Recipe.whole))),
        .required("pool_before", .decimal), .required("pool_after", .decimal),
        .required(
          "lines",
          .list(
            .object([
              .required("channel", .text), .required("territory", .text),
              .required("format", .text), .required("rate_ppm", .whole(0...1_000_000)),
              .required("units", .whole(Int64.min...Int64.max)), .required("base", .decimal),
              .required("earned", .decimal),
            ])), "What sales of each kind brought to the pool"),
        .required(
          "terms",
          .nullable(
            .object([
              .required("reserved", .decimal, "Held back against returns, less what was released"),
              .required("released", .decimal), .required("recouped", .decimal),
              .required("advanced", .decimal), .required("guaranteed", .decimal),
            ])), "What a contract's terms put between what was earned and the pool"),
        .required(
          "sales",
          .list(
            .object([
              .required("source", .text), .required("external_id", .text),
              .required("channel", .text), .required("quantity", .whole(Int64.min...Int64.max)),
              .required("unit_price", .decimal), .required("sold_at", .time),
              .required("territory", .nullable(.text)),
              .required("discount", .decimal, "With the allowance"),
              .required("deductions", .decimal, "Others that the line names"),
              .required("list_price", .nullable(.decimal)),
              .required("return_of", .nullable(.text), "The key of the sale that came back"),
            ])), "The first \(TracedSales.salesShown) of the sale lines behind it"),
        .required("sale_count", .count),
        .required("in_words", .list(.text), "The arithmetic, in sentences"),
      ])
    )
  ]
}

enum TraceAPI {
  static func payout(_ id: PayoutID, _ call: Call) async throws -> Response {
    let trace = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      try await TracePayout.run(id, in: tx)
    }
    guard let trace,
      trace.payout.member == call.member.member || call.member.role.includes(.finance)
    else { throw Problem.notFound("such payout") }
    return Response.json(trace.json.bytes()).unstored
  }

  static func share(_ id: ProductID, _ call: Call) async throws -> Response {
    let query = call.request.query
    var wrong = Invalid()
    let member = query["member_id"].map { MemberID($0) } ?? call.member.member
    if member == nil { wrong.add("/member_id", "must be an id that begins with mem_") }
    let version = query["version"].map { Int32($0) ?? 0 }
    if let version, version < 1 { wrong.add("/version", "must be a number from 1 on") }
    if !wrong.isEmpty { throw wrong }
    guard let member, member == call.member.member || call.member.role.includes(.finance) else {
      throw Problem.forbidden("A member's money is traced for the member and for finance.")
    }
    try InfluenceAPI.pay(call)
    let found = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      tx -> TraceShare.Outcome? in
      guard try await FindMember.by(id: member, in: tx) != nil else { return nil }
      return try await TraceShare.run(member, of: id, version: version.map { Int($0) }, in: tx)
    }
    switch found {
    case nil: throw Problem.notFound("such member")
    case .unknownProduct: throw Problem.notFound("such product")
    case .unknownVersion: throw Problem.notFound("such version of the product's shares")
    case .found(let trace): return Response.json(trace.json.bytes()).unstored
    }
  }
}
