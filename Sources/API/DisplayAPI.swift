import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// How members are shown as holders, and the leaderboard of those who want to be on it.
enum DisplayRoute: FeatureRoute {
  case read, choose, leaderboard

  static func at(_ path: Path) -> [(method: Method, route: DisplayRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("me", "display", nil): [(.get, .read), (.put, .choose)]
    case ("leaderboard", nil, nil): [(.get, .leaderboard)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .read, .choose: .members(.member, .account)
    case .leaderboard: .everybody
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read:
      DisplayAPI.answer(try await DisplayChoice.of(call.member.member, in: call.pool))
    case .choose: try await DisplayAPI.choose(call)
    case .leaderboard: try await DisplayAPI.leaderboard(call)
    }
  }

  private static let choice = Shape.object([
    .required("anonymous", .flag, "Shown as “a member” to all but staff and oneself"),
    .required("holdings", .flag, "On the leaderboard by holdings"),
    .required("earnings", .flag, "On the leaderboard by credited amounts"),
  ])

  static let operations = [
    Operation(
      .get, "/v1/me/display", "readDisplay", "How one is shown as a holder of shares",
      answers: [.json(200, "The choice", choice)]),
    Operation(
      .put, "/v1/me/display", "chooseDisplay", "Choose how one is shown as a holder of shares",
      body: .json(choice), answers: [.json(200, "The choice", choice)]),
    Operation(
      .get, "/v1/leaderboard", "readLeaderboard",
      "Members who chose to be ranked, the greatest first",
      query: Operation.Parameter.paging + [
        .init("by", .words(DisplayAPI.Order.allCases.map(\.rawValue)), "`holdings` unless given"),
        .init("currency", .currency, "With `earnings`"),
      ],
      answers: [
        .json(
          200, "A page",
          .page(
            "entries",
            of: .object([
              .required("member_id", .id(MemberID.self)), .required("handle", .text),
              .required("display_name", .text),
              .optional("ppb", .count, "Over all products with locked shares, a product is 10⁹"),
              .optional("products", .count), .optional("credited", .decimal),
              .optional("currency", .currency),
            ])))
      ]),
  ]
}

enum DisplayAPI {
  enum Order: String, CaseIterable { case holdings, earnings }

  static func answer(_ choice: DisplayChoice) -> Response {
    .json(
      JSONWriter.object {
        $0.field("anonymous", choice.isAnonymous)
        $0.field("holdings", choice.ranksHoldings)
        $0.field("earnings", choice.ranksEarnings)
      })
  }

  static func choose(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let anonymous = flag("anonymous", &fields)
    let holdings = flag("holdings", &fields)
    let earnings = flag("earnings", &fields)
    try fields.finish()
    let choice = DisplayChoice(
      isAnonymous: anonymous, ranksHoldings: holdings, ranksEarnings: earnings)
    return try await call.write { tx in
      try await choice.keep(for: call.member.member, in: tx)
      return answer(choice)
    }
  }

  private static func flag(_ name: String, _ fields: inout Fields) -> Bool {
    if fields.json(name) == nil { fields.note(name, "is required") }
    return fields.optionalFlag(name) ?? false
  }

  static func leaderboard(_ call: Call) async throws -> Response {
    let query = call.request.query
    let page = try PageQuery(query)
    let order = Order(rawValue: query["by"] ?? "holdings")
    guard let order else { throw Invalid("/by", "must be one of holdings, earnings") }
    switch order {
    case .holdings:
      let found = try await Leaderboard.byHoldings(
        limit: page.limit, after: page.cursor, in: call.pool)
      return entries(found) { writer, entry in
        writer.field("ppb", entry.amount)
        if let products = entry.products { writer.field("products", products) }
      }
    case .earnings:
      guard let currency = Currency(query["currency"] ?? "") else {
        throw Invalid("/currency", "must be a currency such as USD")
      }
      let found = try await Leaderboard.byEarnings(
        in: currency, limit: page.limit, after: page.cursor, in: call.pool)
      return entries(found) { writer, entry in
        writer.field("credited", Amount(nanos: entry.amount, currency: currency).decimal)
        writer.field("currency", currency.code)
      }
    }
  }

  private static func entries(
    _ page: Leaderboard.Page, _ write: (inout JSONWriter, Leaderboard.Entry) -> Void
  ) -> Response {
    .json(
      JSONWriter.object {
        $0.array("entries", page.entries) { writer, entry in
          writer.object {
            $0.field("member_id", entry.member)
            $0.field("handle", entry.handle)
            $0.field("display_name", entry.displayName)
            write(&$0, entry)
          }
        }
        $0.field("next_cursor", page.next?.text)
      })
  }
}
