import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// What members commit to buy.
enum CommitmentsRoute: FeatureRoute {
  case make(ProductID), listOfProduct(ProductID), listOwn
  case read(ProductID, CommitmentID), cancel(ProductID, CommitmentID)
  case changeMethod(ProductID, CommitmentID), settle(ProductID, CommitmentID)

  static func at(_ path: Path) -> [(method: Method, route: CommitmentsRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("me", "commitments", nil, nil, nil): [(.get, .listOwn)]
    case ("products", let id?, "commitments", nil, nil):
      with(id) { [(.post, .make($0)), (.get, .listOfProduct($0))] }
    case ("products", let id?, "commitments", let commitment?, let part):
      path.count > 5 ? [] : with(id) { product in with(commitment) { of($0, product, part) } }
    default: []
    }
  }

  private static func of(_ id: CommitmentID, _ product: ProductID, _ part: String?)
    -> [(method: Method, route: CommitmentsRoute)]
  {
    switch part {
    case nil: [(.get, .read(product, id)), (.delete, .cancel(product, id))]
    case "method": [(.put, .changeMethod(product, id))]
    case "outcome": [(.post, .settle(product, id))]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .make, .cancel, .changeMethod: .members(.member, .finance)
    case .listOwn, .read: .members(.member, .read)
    case .listOfProduct: .members(.finance, .read)
    case .settle: .members(.finance, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .make(let product): try await CommitmentsAPI.make(product, call)
    case .listOfProduct(let product): try await CommitmentsAPI.list(of: product, call)
    case .listOwn: try await CommitmentsAPI.list(of: nil, call)
    case .read(let product, let id): try await CommitmentsAPI.read(id, product, call)
    case .cancel(let product, let id): try await CommitmentsAPI.cancel(id, product, call)
    case .changeMethod(let product, let id):
      try await CommitmentsAPI.changeMethod(id, product, call)
    case .settle(let product, let id): try await CommitmentsAPI.settle(id, product, call)
    }
  }

  private static let method = Shape.matching("^[!-~]{1,200}$")
  private static let one = [Operation.Answer.json(200, "The commitment", .named("Commitment"))]
  private static let words = Shape.words(CommitmentState.allCases.map(\.rawValue))
  private static let listed = Operation.Parameter(
    "state", words, "Only those that stand there")

  static let operations = [
    Operation(
      .post, "/v1/products/{product_id}/commitments", "makeCommitment",
      "Commit to buy units of a product in presale",
      detail: "Nothing is charged before the target is reached and the presale has ended. The "
        + "price is the first that still has so many units, and stays.",
      body: .json(
        .object([
          .required("units", .whole(Commitment.units)),
          .required("method", method, "What the payment provider calls the payment method"),
          .optional("max_unit_price", .decimal, "The highest price that is accepted"),
          .optional("referral", .text, "The code of the link that led here"),
        ])),
      answers: [.json(201, "The commitment", .named("Commitment"))],
      problems: [(409, "presale-ended"), (409, "price-too-high"), (409, "presale-full")]),
    Operation(
      .get, "/v1/products/{product_id}/commitments", "listCommitmentsOfProduct",
      "All commitments to a product, for finance",
      query: Operation.Parameter.paging + [listed],
      answers: [.json(200, "The newest first", .page("commitments", of: .named("Commitment")))]),
    Operation(
      .get, "/v1/me/commitments", "listOwnCommitments", "The own commitments",
      query: Operation.Parameter.paging + [listed],
      answers: [.json(200, "The newest first", .page("commitments", of: .named("Commitment")))]),
    Operation(
      .get, "/v1/products/{product_id}/commitments/{commitment_id}", "readCommitment",
      "A commitment and what happened to it, for its member and finance", answers: one),
    Operation(
      .delete, "/v1/products/{product_id}/commitments/{commitment_id}", "cancelCommitment",
      "Take the own commitment back before it is charged", answers: one,
      problems: [(409, "too-late")]),
    Operation(
      .put, "/v1/products/{product_id}/commitments/{commitment_id}/method", "changeMethod",
      "Give another payment method: before the charge, or in time after a decline",
      body: .json(.object([.required("method", method)])), answers: one,
      problems: [(409, "too-late")]),
    Operation(
      .post, "/v1/products/{product_id}/commitments/{commitment_id}/outcome", "settleCommitment",
      "Record what a person found out at the provider about a charge or a refund",
      detail: "For a charge that the provider has no answer for any more.",
      body: .json(
        .object([
          .required("outcome", .words(CommitmentOutcome.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
        ])), answers: one, problems: [(409, "not-possible")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Commitment",
      .object([
        .required("id", .id(CommitmentID.self)), .required("product_id", .id(ProductID.self)),
        .required("member_id", .id(MemberID.self)),
        .required("presale", .whole(1...Int64(Int32.max))),
        .required("tier", .whole(1...20)), .required("units", .whole(Commitment.units)),
        .required("unit_price", .decimal), .required("amount", .decimal),
        .required("currency", .currency), .required("state", words),
        .required("referral", .nullable(.text)), .required("problem", .nullable(.text)),
        .required("method_until", .nullable(.time), "Until when another method may be given"),
        .required("made_at", .time), .required("changed_at", .time),
        .optional(
          "events",
          .list(
            .object([
              .required("state", words), .required("actor", .text),
              .required("note", .nullable(.text)), .required("at", .time),
            ]))),
      ])
    )
  ]
}

/// What a person may find out at the provider.
enum CommitmentOutcome: String, CaseIterable {
  case captured, declined, refunded
}
