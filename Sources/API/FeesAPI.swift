import Coinvent
import HTTPServer
import JSON
import Ledger

/// The fee for submitting an idea.
enum FeesRoute: FeatureRoute {
  case read, set, ofIdea(IdeaID), pay(IdeaID), waive(IdeaID)

  static func at(_ path: Path) -> [(method: Method, route: FeesRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("fee", nil, nil, nil, nil): [(.get, .read), (.put, .set)]
    case ("ideas", let id?, "fee", nil, nil): with(id) { [(.get, .ofIdea($0))] }
    case ("ideas", let id?, "fee", "payment", nil): with(id) { [(.post, .pay($0))] }
    case ("ideas", let id?, "fee", "waiver", nil): with(id) { [(.post, .waive($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .read: .everybody
    case .set: .members(.finance, .finance)
    case .ofIdea: .members(.member, .read)
    // What was received outside is for finance only: the handler asks for the role.
    case .pay: .members(.member, .finance)
    case .waive: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read: try await FeesAPI.read(call)
    case .set: try await FeesAPI.set(call)
    case .ofIdea(let id): try await FeesAPI.ofIdea(id, call)
    case .pay(let id): try await FeesAPI.pay(id, call)
    case .waive(let id): try await FeesAPI.waive(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/fee", "readFee", "What submitting an idea costs",
      answers: [.json(200, "0 when it is free", .named("Fee"))]),
    Operation(
      .put, "/v1/fee", "setFee", "Set what submitting an idea costs from now on, or from a day on",
      detail: "What is due already stays as it is. An amount of 0 makes it free.",
      body: .json(
        .object([
          .required("amount", .decimal), .required("currency", .currency),
          .optional("effective_from", .time, "Now unless given; not in the past"),
        ])),
      answers: [.json(200, "The fee now", .named("Fee"))]),
    Operation(
      .get, "/v1/ideas/{idea_id}/fee", "readFeeOfIdea", "The fee of an idea, and what became of it",
      detail: "For its author, curators and finance.",
      answers: [.json(200, "The fee", .named("IdeaFee"))]),
    Operation(
      .post, "/v1/ideas/{idea_id}/fee/payment", "payFee", "Pay the fee of an idea",
      detail: "Its author pays from the balance; finance records money that was received outside, "
        + "by the name that it has there. The same again changes nothing.",
      body: .json(
        .object([
          .optional("from", .words(["balance"])),
          .optional("source", .length(1...100), "Where it was received"),
          .optional("external_id", .length(1...200), "Its name there"),
        ])),
      answers: [.json(200, "The fee", .named("IdeaFee"))],
      problems: [
        (403, "not-author"), (403, "forbidden"), (409, "nothing-due"), (409, "paid-already"),
        (409, "other-receipt"), (409, "balance-too-small"), (409, "payout-in-the-way"),
      ]),
    Operation(
      .post, "/v1/ideas/{idea_id}/fee/waiver", "waiveFee", "Let an idea pass without its fee",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "The fee", .named("IdeaFee"))], problems: [(409, "nothing-due")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Fee",
      .object([
        .required("amount", .decimal), .required("currency", .nullable(.currency)),
        .required("effective_from", .nullable(.time), "Null: none was ever set"),
        .required(
          "coming",
          .list(
            .object([
              .required("amount", .decimal), .required("currency", .currency),
              .required("effective_from", .time),
            ]))),
      ])
    ),
    (
      "IdeaFee",
      .object([
        .required("idea_id", .id(IdeaID.self)),
        .required(
          "state", .words(["none"] + IdeaFee.State.allCases.map(\.rawValue)),
          "`none`: none was asked for"),
        .optional("amount", .decimal), .optional("currency", .currency),
        .optional("paid_from", .nullable(.words(IdeaFee.Source.allCases.map(\.rawValue)))),
        .required(
          "events",
          .list(
            .object([
              .required("state", .words(IdeaFee.State.allCases.map(\.rawValue))),
              .required("reason", .text),
              .required("changed_by", .nullable(.id(MemberID.self)), "Null: the rules did"),
              .required("changed_at", .time),
            ]))),
      ])
    ),
  ]
}
