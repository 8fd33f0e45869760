import Coinvent
import HTTPServer

/// Disputes about proposed shares, and taking back what they show to be wrong.
enum DisputesRoute: FeatureRoute {
  case list(ProductID), open(ProductID)
  case read(ProductID, DisputeID), answer(ProductID, DisputeID), withdraw(ProductID, DisputeID)
  case revoke(ProductID, ContributionID)

  static func at(_ path: Path) -> [(method: Method, route: DisputesRoute)] {
    guard path[0] == "products", let id = path[1] else { return [] }
    return with(id) { product in
      switch (path[2], path[3], path[4], path[5]) {
      case ("disputes", nil, nil, nil): [(.get, .list(product)), (.post, .open(product))]
      case ("disputes", let id?, nil, nil): with(id) { [(.get, .read(product, $0))] }
      case ("disputes", let id?, "answer", nil): with(id) { [(.post, .answer(product, $0))] }
      case ("disputes", let id?, "withdrawal", nil): with(id) { [(.post, .withdraw(product, $0))] }
      case ("contributions", let id?, "revoke", nil): with(id) { [(.post, .revoke(product, $0))] }
      default: []
      }
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read: .members(.member, .read)
    case .open, .withdraw: .members(.member, .comments)
    case .answer, .revoke: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let product): try await DisputesAPI.list(product, call)
    case .open(let product): try await DisputesAPI.open(product, call)
    case .read(let product, let id): try await DisputesAPI.read(id, of: product, call)
    case .answer(let product, let id): try await DisputesAPI.answer(id, of: product, call)
    case .withdraw(let product, let id): try await DisputesAPI.withdraw(id, of: product, call)
    case .revoke(let product, let id): try await DisputesAPI.revoke(id, of: product, call)
    }
  }

  private static let readers =
    "For the inventor, those who hold influence in any version, staff, and whoever opened it."

  static let operations = reading + ending

  private static let reading = [
    Operation(
      .get, "/v1/products/{product_id}/disputes", "listDisputes",
      "Disputes about a product's shares, the newest first", detail: readers,
      query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("disputes", of: .named("Dispute")))],
      problems: [(403, "not-a-holder")]),
    Operation(
      .post, "/v1/products/{product_id}/disputes", "openDispute",
      "Dispute proposed shares, as one who holds some or claims to",
      body: .json(
        .object([
          .required("version", .whole(1...2_147_483_647), "The proposal that was read"),
          .required("text", .length(1...5000)),
          .optional("evidence", .list(.length(1...500), 0...20), "Links and ids that show it"),
        ])),
      answers: [
        .json(
          201, "The dispute; the shares are not locked while it is open",
          .named("Dispute"))
      ],
      problems: [
        (403, "banned"), (409, "dispute-open"), (409, "nothing-proposed"),
        (409, "other-version"), (409, "dispute-window-closed"),
      ]),
    Operation(
      .get, "/v1/products/{product_id}/disputes/{dispute_id}", "readDispute",
      "A dispute and its answer", detail: readers,
      answers: [.json(200, "The dispute", .named("Dispute"))]),
  ]

  private static let ending = [
    Operation(
      .post, "/v1/products/{product_id}/disputes/{dispute_id}/answer", "answerDispute",
      "Answer a dispute",
      detail: "After `upheld`, record what changes, then propose the shares again.",
      body: .json(
        .object([
          .required("outcome", .words(DisputesAPI.Finding.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
          .optional("changes", .length(1...2000), "What will be different; with `upheld` only"),
        ])),
      answers: [.json(200, "The dispute", .named("Dispute"))],
      problems: [(403, "own-dispute"), (409, "dispute-ended")]),
    Operation(
      .post, "/v1/products/{product_id}/disputes/{dispute_id}/withdrawal", "withdrawDispute",
      "Take one's own dispute back",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "The dispute", .named("Dispute"))],
      problems: [(409, "dispute-ended")]),
    Operation(
      .post, "/v1/products/{product_id}/contributions/{contrib_id}/revoke", "revokeContribution",
      "Take a contribution back by an event of its own",
      detail: "Shares that are proposed afterwards go without it; earlier versions keep it.",
      body: .json(.object([.required("reason", .length(1...500))])),
      answers: [
        .json(200, "It was taken back before", revocation),
        .json(201, "The event that takes it back", revocation),
      ],
      problems: [(409, "is-revocation")]),
  ]

  private static let revocation = Shape.object([
    .required("id", .id(ContributionID.self)), .required("product_id", .id(ProductID.self)),
    .required("revokes", .id(ContributionID.self)),
  ])

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Dispute",
      .object([
        .required("id", .id(DisputeID.self)), .required("product_id", .id(ProductID.self)),
        .required("version", .count, "Of the shares"),
        .required("member_id", .id(MemberID.self)),
        .required("text", .text), .required("evidence", .list(.text)),
        .required("state", .words(Dispute.State.allCases.map(\.rawValue))),
        .required("opened_at", .time),
        .required(
          "end",
          .nullable(
            .object([
              .required("reason", .text), .required("changes", .nullable(.text)),
              .required("by", .id(MemberID.self)), .required("at", .time),
            ])), "Null while it is open"),
      ])
    )
  ]
}
