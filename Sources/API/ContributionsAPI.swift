import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST /v1/products/{id}/contributions`.
enum ContributionsAPI {
  static func record(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let member = fields.id("member_id", as: MemberID.self)
    let slice = fields.choice("slice", of: Slice.self)
    let weight = fields.optionalWhole("weight", in: InfluenceEvent.weights) ?? 1
    let evidence = fields.optionalText("evidence") ?? ""
    if evidence.count > 500 { fields.note("evidence", "must have at most 500 characters") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await RecordContribution.run(
        product: id, member: member, slice: slice, weight: weight, evidence: evidence,
        by: call.member.member, at: .now, in: tx)
      switch outcome {
      case .recorded(let event):
        return .created(
          JSONWriter.object {
            $0.field("id", ContributionID(uuid: event).description)
            $0.field("product_id", id.description)
            $0.field("member_id", member.description)
            $0.field("slice", slice.rawValue)
            $0.field("weight", weight)
            $0.field("evidence", evidence)
          })
      case .unknownProduct: throw Problem.notFound("such product")
      case .unknownMember:
        throw Problem.unprocessable(Invalid("/member_id", "there is no such member"))
      case .sliceNotInRecipe:
        throw Problem.unprocessable(
          Invalid("/slice", "the product's recipe has no such slice, so it could never earn"))
      }
    }
  }
}
