import Coinvent
import HTTPServer
import JSON
import Postgres

/// `GET /v1/products/{id}/influence?member_id=`.
public enum InfluenceAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    let member = try member(call.request.query)
    let influence = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await Influence.of(id, in: $0)
    }
    guard let influence else { throw Problem.notFound("such product") }
    return Response.json(document(influence, of: member)).tagged(for: call.request)
  }

  private static func member(_ query: QueryItems) throws -> MemberID? {
    guard let text = query["member_id"] else { return nil }
    guard let id = MemberID(text) else {
      throw Invalid("/member_id", "must be an id that begins with mem_")
    }
    return id
  }

  /// - Parameter member: whose shares alone are told; nil for all.
  public static func document(_ influence: Influence, of member: MemberID? = nil) -> [UInt8] {
    let shares =
      member == nil ? influence.shares : influence.shares.filter { $0.member == member }
    return JSONWriter.object {
      $0.field("product_id", influence.product.description)
      $0.field("state", influence.state.rawValue)
      if let version = influence.version { $0.field("version", version) }
      if let until = influence.disputeUntil { $0.field("dispute_until", until.description) }
      $0.field("total_ppb", shares.reduce(0) { $0 + $1.ppb })
      $0.field("sha256", Digest.hex(influence.sha256))
      $0.array("shares", shares) { writer, share in
        writer.object { write(share, &$0) }
      }
    }
  }

  private static func write(_ share: Share, _ writer: inout JSONWriter) {
    writer.field("member_id", share.member?.description)
    writer.field("slice", share.slice)
    if share.role != .any { writer.field("role", share.role.rawValue) }
    writer.field("ppb", share.ppb)
    writer.field("reason", share.reason)
  }
}
