import Coinvent
import HTTPServer
import JSON
import Ledger

/// A member's own referral link for a product.
enum ReferralsRoute: FeatureRoute {
  case read(ProductID), make(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: ReferralsRoute)] {
    guard path.count == 3, path[0] == "products", let id = path[1], path[2] == "referrals" else {
      return []
    }
    return with(id) { [(.get, .read($0)), (.post, .make($0))] }
  }

  var policy: Policy {
    switch self {
    case .read: .members(.member, .read)
    case .make: .members(.member, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read(let product): try await ReferralsAPI.read(product, call)
    case .make(let product): try await ReferralsAPI.make(product, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/products/{product_id}/referrals", "readReferral",
      "The own referral link for a product, and what it has brought",
      answers: [
        .json(
          200, "None, or one",
          .object([.required("referrals", .list(.named("Referral"), 0...1))]))
      ]),
    Operation(
      .post, "/v1/products/{product_id}/referrals", "makeReferral",
      "Make the own referral link for a product",
      detail: "The contract's `referral_ppm` says which part of the pool of a sale with this code "
        + "its member gets; the rest is divided as ever. Nobody refers themselves.",
      answers: [
        .json(200, "It was made before", .named("Referral")),
        .json(201, "The link", .named("Referral")),
      ]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Referral",
      .object([
        .required("product_id", .id(ProductID.self)), .required("code", .text),
        .required("url", .text, "To share"), .required("made_at", .time),
        .required("units", .count, "In presales, committed to with this code"),
        .required(
          "credited",
          .list(.object([.required("amount", .decimal), .required("currency", .currency)]))),
      ])
    )
  ]
}

enum ReferralsAPI {
  static func read(_ product: ProductID, _ call: Call) async throws -> Response {
    guard let referral = try await Referral.of(call.member.member, product, in: call.pool) else {
      return .json(JSONWriter.object { $0.array("referrals", [Int]()) { _, _ in } })
    }
    let figures = try await referral.figures(in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("referrals", [referral]) { writer, referral in
          writer.object { write(referral, figures, call, &$0) }
        }
      })
  }

  static func make(_ product: ProductID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      switch try await MakeReferral.run(product, by: call.member.member, in: tx) {
      case .made(let referral):
        return .created(
          JSONWriter.object { write(referral, (0, []), call, &$0) },
          at: "/v1/products/\(product)/referrals")
      case .repeated(let referral):
        let figures = try await referral.figures(in: tx)
        return .json(JSONWriter.object { write(referral, figures, call, &$0) })
      case .unknownProduct: throw Problem.notFound("such product")
      }
    }
  }

  private static func write(
    _ referral: Referral, _ figures: (units: Int64, credited: [Amount]), _ call: Call,
    _ writer: inout JSONWriter
  ) {
    writer.field("product_id", referral.product)
    writer.field("code", referral.code)
    writer.field("url", "\(call.publicURL)/products/\(referral.product)?ref=\(referral.code)")
    writer.field("made_at", referral.madeAt)
    writer.field("units", figures.units)
    writer.array("credited", figures.credited) { writer, amount in
      writer.object {
        $0.field("amount", amount.decimal)
        $0.field("currency", amount.currency.code)
      }
    }
  }
}
