import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST /v1/products/{id}/shares/propose` and `…/lock`.
enum SharesAPI {
  static func propose(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try Fields(call.request.body.isEmpty ? .object(JSONObject()) : call.json())
    let days = fields.optionalWhole("dispute_days", in: 0...365) ?? ProposeShares.defaultDays
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await ProposeShares.run(
        product: id, disputeDays: days, by: call.member.member, in: tx)
      switch outcome {
      case .proposed(let version, let until):
        return .created(
          JSONWriter.object {
            $0.field("product_id", id.description)
            $0.field("state", "proposed")
            $0.field("version", version)
            $0.field("dispute_until", until.description)
          }, at: "/v1/products/\(id)/influence")
      case .unknownProduct: throw Problem.notFound("such product")
      }
    }
  }

  static func lock(_ id: ProductID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      switch try await LockShares.run(product: id, by: call.member.member, in: tx) {
      case .alreadyLocked(let version), .locked(let version):
        return Response.json(
          JSONWriter.object {
            $0.field("product_id", id.description)
            $0.field("state", "locked")
            $0.field("version", version)
          })
      case .unknownProduct: throw Problem.notFound("such product")
      case .nothingProposed:
        throw Problem.conflict("nothing-proposed", "Propose the shares first.")
      case .disputeWindowOpen(let until):
        throw Problem.conflict(
          "dispute-window-open", "The shares may be disputed until \(until); lock them then.")
      case .recipeChanged(let version):
        throw Problem.conflict(
          "recipe-changed",
          "Recipe \(version) has come into force since they were proposed: propose them again."
        )
      case .disputeOpen(let id):
        throw Problem.conflict("dispute-open", "Answer \(id) first; then lock the shares.")
      case .disputeUpheld(let id):
        throw Problem.conflict(
          "dispute-upheld",
          "\(id) has shown these shares to be wrong: record what changes and propose them again.")
      }
    }
  }
}
