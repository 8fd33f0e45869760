import Coinvent
import HTTPServer
import JSON
import Postgres

/// Parts of shares that members give to others, in two steps.
enum AssignmentsRoute: FeatureRoute {
  case list, offer(ProductID), accept(ProductID, OfferID), refuse(ProductID, OfferID)

  static func at(_ path: Path) -> [(method: Method, route: AssignmentsRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4], path[5]) {
    case ("me", "assignments", nil, nil, nil, nil): [(.get, .list)]
    case ("products", let id?, "assignments", nil, nil, nil): with(id) { [(.post, .offer($0))] }
    case ("products", let id?, "assignments", let offer?, "acceptance", nil):
      with(id) { product in with(offer) { [(.post, .accept(product, $0))] } }
    case ("products", let id?, "assignments", let offer?, "refusal", nil):
      with(id) { product in with(offer) { [(.post, .refuse(product, $0))] } }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list: .members(.member, .read)
    case .offer, .accept, .refuse: .members(.member, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await AssignmentsAPI.list(call)
    case .offer(let product): try await AssignmentsAPI.offer(product, call)
    case .accept(let product, let id):
      try await AssignmentsAPI.end(id, of: product, accepts: true, call)
    case .refuse(let product, let id):
      try await AssignmentsAPI.end(id, of: product, accepts: false, call)
    }
  }

  private static let refusals = [
    (422, "invalid-fields"), (409, "to-oneself"), (409, "account-not-active"),
    (409, "accounts-merging"), (409, "holds-nothing"), (409, "more-than-all"),
  ]

  static let operations = [
    Operation(
      .get, "/v1/me/assignments", "listAssignments",
      "Parts of shares that one has offered or been offered, the newest first",
      query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("assignments", of: .named("Assignment")))]),
    Operation(
      .post, "/v1/products/{product_id}/assignments", "offerAssignment",
      "Offer a part of what one holds of a product to another member",
      detail: "In force from the next version of the shares after it is accepted, for what one "
        + "holds then, later contributions to the product included; never backwards.",
      body: .json(
        .object([
          .required("to", .id(MemberID.self)),
          .required("ppm", .whole(1...1_000_000), "Of one's holding: 1 000 000 is all"),
          .optional("message", .length(0...500)),
        ])),
      answers: [.json(201, "The offer, open for 30 days", .named("Assignment"))],
      problems: refusals),
    Operation(
      .post, "/v1/products/{product_id}/assignments/{offer_id}/acceptance", "acceptAssignment",
      "Accept what is offered to one",
      answers: [.json(200, "It is accepted, now or already", .named("Assignment"))],
      problems: [(409, "offer-ended")] + refusals),
    Operation(
      .post, "/v1/products/{product_id}/assignments/{offer_id}/refusal", "refuseAssignment",
      "Decline what is offered to one, or withdraw what one has offered",
      answers: [.json(200, "It is refused, now or already", .named("Assignment"))],
      problems: [(409, "offer-ended")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Assignment",
      .object([
        .required("id", .id(OfferID.self)), .required("product_id", .id(ProductID.self)),
        .required("from", .id(MemberID.self)), .required("to", .id(MemberID.self)),
        .required("ppm", .whole(1...1_000_000)), .required("message", .text),
        .required("state", .words(ShareOffer.State.allCases.map(\.rawValue))),
        .required("offered_at", .time), .required("expires_at", .time),
        .required("ended_at", .nullable(.time)),
      ])
    )
  ]
}

enum AssignmentsAPI {
  static func list(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let found = try await ShareOffer.all(
      of: call.member.member, limit: page.limit, after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("assignments", found.offers) { writer, offer in
          writer.object { write(offer, &$0) }
        }
        $0.field("next_cursor", found.next?.text)
      })
  }

  static func offer(_ product: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let taker = fields.id("to", as: MemberID.self)
    let ppm = fields.whole("ppm", in: 1...1_000_000)
    let message = fields.optionalText("message") ?? ""
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await OfferShare.run(
        ppm, of: product, from: call.member.member, to: taker, message: message, in: tx)
      switch outcome {
      case .offered(let offer):
        return .created(JSONWriter.object { write(offer, &$0) }, at: "/v1/me/assignments")
      case .unknownProduct: throw Problem.notFound("such product")
      case .refused(let refusal): throw problem(refusal)
      }
    }
  }

  static func end(_ id: OfferID, of product: ProductID, accepts: Bool, _ call: Call) async throws
    -> Response
  {
    try await call.write { tx in
      let me = call.member.member
      let outcome =
        accepts
        ? try await AnswerOffer.accept(id, of: product, by: me, in: tx)
        : try await AnswerOffer.refuse(id, of: product, by: me, in: tx)
      switch outcome {
      case .done(let offer): return .json(JSONWriter.object { write(offer, &$0) })
      case .ended(let state):
        throw Problem.conflict("offer-ended", "The offer is \(state.rawValue).")
      case .unknown: throw Problem.notFound("such offer to you")
      case .refused(let refusal): throw problem(refusal)
      }
    }
  }

  private static func problem(_ refusal: OfferShare.Refusal) -> Problem {
    switch refusal {
    case .toOneself: .conflict("to-oneself", "What you hold is yours already.")
    case .unknownMember: .unprocessable(Invalid("/to", "there is no such member"))
    case .notActive(let member):
      .conflict("account-not-active", "\(member) is banned, has left, or is closed.")
    case .merging(let member):
      .conflict(
        "accounts-merging",
        "\(member) is one of two accounts that are to count as one, or do: settle that first.")
    case .holdsNothing: .conflict("holds-nothing", "You hold nothing of this product.")
    case .moreThanAll(let left):
      .conflict(
        "more-than-all", "Your open offers leave \(left) ppm of your holding: offer no more.")
    }
  }

  private static func write(_ offer: ShareOffer, _ writer: inout JSONWriter) {
    writer.field("id", offer.id)
    writer.field("product_id", offer.product)
    writer.field("from", offer.from)
    writer.field("to", offer.to)
    writer.field("ppm", offer.ppm)
    writer.field("message", offer.message)
    writer.field("state", offer.state(at: .now).rawValue)
    writer.field("offered_at", offer.offeredAt)
    writer.field("expires_at", offer.expiresAt)
    writer.field("ended_at", offer.endedAt)
  }
}
