import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/products/{id}/influence`.
enum InfluenceAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    let influence = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await Influence.of(id, in: $0)
    }
    guard let influence else { throw Problem.notFound("such product") }
    return Response.json(JSONWriter.object { write(influence, &$0) }).tagged(for: call.request)
  }

  private static func write(_ influence: Influence, _ writer: inout JSONWriter) {
    writer.field("product_id", influence.product.description)
    writer.field("state", influence.state.rawValue)
    if let version = influence.version { writer.field("version", version) }
    if let until = influence.disputeUntil { writer.field("dispute_until", until.description) }
    writer.field("total_ppb", influence.shares.reduce(0) { $0 + $1.ppb })
    writer.field("sha256", Digest.hex(influence.sha256))
    writer.array("shares", influence.shares) { writer, share in
      writer.object {
        $0.field("member_id", share.member?.description)
        $0.field("slice", share.slice)
        if share.role != .any { $0.field("role", share.role.rawValue) }
        $0.field("ppb", share.ppb)
        $0.field("reason", share.reason)
      }
    }
  }
}
