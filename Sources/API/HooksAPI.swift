import Coinvent
import HTTPServer
import JSON
import Postgres

/// Sales that shops send, signed: `POST /v1/hooks/sales/{source}`.
enum HooksRoute: FeatureRoute {
  case sales(String)

  static func at(_ path: Path) -> [(method: Method, route: HooksRoute)] {
    guard path.count == 3, path[0] == "hooks", path[1] == "sales", let source = path[2],
      (1...64).contains(source.count), SaleSource.fault(source) == nil
    else { return [] }
    return [(.post, .sales(source))]
  }

  /// Who sends it is told by the signature.
  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .sales(let source): try await HooksAPI.take(source, call)
    }
  }

  static let operations = [
    Operation(
      .post, "/v1/hooks/sales/{source}", "takeSalesHook",
      "Take sales that a shop sends, signed with a secret of the source",
      detail: "Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature) with "
        + "{\"lines\": […]} as in POST /v1/sales; orders and refunds of Shopify "
        + "(X-Shopify-Hmac-Sha256); orders of WooCommerce (X-WC-Webhook-Signature).",
      body: .json(.anything),
      answers: [
        .json(
          200, "What became of each line; none when the delivery was taken before",
          .object([
            .required("repeated", .flag), .required("lines", .list(.named("SaleOutcome"))),
          ]))
      ], problems: [(401, "wrong-signature"), (404, "not-found")])
  ]
}

enum HooksAPI {
  static func take(_ source: String, _ call: Call) async throws -> Response {
    let (body, signature) = (call.request.body, signature(call.request))
    return try await call.pool.transaction { tx in
      switch try await TakeHook.run(body, signature, source: source, at: .now, in: tx) {
      case .unknownSource: throw Problem.notFound("hook of this source")
      case .wrongSignature:
        throw Problem(
          401, "wrong-signature", "The signature is not right",
          "Sign the body as it is sent, with a secret of this source; clocks may be five minutes "
            + "apart.")
      case .repeated: return answer(true, [])
      case .taken(let lines): return answer(false, lines)
      }
    }
  }

  private static func signature(_ request: Request) -> HookSignature? {
    let headers = request.headers
    if let signature = headers["webhook-signature"] {
      return .standard(
        id: headers["webhook-id"] ?? "", timestamp: headers["webhook-timestamp"] ?? "",
        signature: signature)
    }
    if let signature = headers["X-Shopify-Hmac-Sha256"] {
      return .plain(.shopify, id: nil, signature: signature, body: request.body)
    }
    guard let signature = headers["X-WC-Webhook-Signature"] else { return nil }
    return .plain(.woocommerce, id: nil, signature: signature, body: request.body)
  }

  private static func answer(
    _ repeated: Bool, _ lines: [(line: SaleLine, outcome: SaleOutcome)]
  ) -> Response {
    .json(
      JSONWriter.object {
        $0.field("repeated", repeated)
        $0.array("lines", lines) { writer, pair in
          writer.object {
            $0.field("external_id", pair.line.externalID)
            SalesAPI.write(pair.outcome, &$0)
          }
        }
      })
  }
}
