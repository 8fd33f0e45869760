import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// `POST /v1/products/{id}/contributions`.
enum ContributionsAPI {
  static func record(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let member = fields.id("member_id", as: MemberID.self)
    let slice = fields.choice("slice", of: Slice.self)
    let role = fields.optionalChoice("role", of: ContributionRole.Written.self)
    let spread = fields.optionalWhole("spread", in: InfluenceEvent.weights)
    let place = fields.optionalWhole("place", in: InfluenceEvent.weights)
    let guess = fields.part("guess", guess)
    let weight = fields.optionalWhole("weight", in: InfluenceEvent.weights) ?? 1
    let evidence = fields.optionalText("evidence") ?? ""
    if evidence.count > 500 { fields.note("evidence", "must have at most 500 characters") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await RecordContribution.run(
        product: id, member: member, slice: slice, role: role?.role ?? .any, weight: weight,
        spread: spread, place: place, guess: guess, evidence: evidence, by: call.member.member,
        at: .now,
        in: tx)
      switch outcome {
      case .recorded(let event):
        return .created(
          JSONWriter.object {
            $0.field("id", ContributionID(uuid: event).description)
            $0.field("product_id", id.description)
            $0.field("member_id", member.description)
            $0.field("slice", slice.rawValue)
            if let role { $0.field("role", role.rawValue) }
            $0.field("weight", weight)
            $0.field("evidence", evidence)
          })
      case .unknownProduct: throw Problem.notFound("such product")
      case .unknownMember:
        throw Problem.unprocessable(Invalid("/member_id", "there is no such member"))
      case .sliceNotInRecipe:
        throw Problem.unprocessable(
          Invalid(
            "/slice", "the product's recipe has no such slice and role, so it could never earn"))
      }
    }
  }

  private static func guess(_ json: JSON) throws(Invalid) -> InfluenceEvent.Guess {
    var fields = try Fields(json, at: "/guess")
    let guess = InfluenceEvent.Guess(
      value: nanos("value", 0, &fields), target: nanos("target", 1, &fields))
    try fields.finish()
    return guess
  }

  /// A decimal of at least `least` nanos.
  private static func nanos(_ name: String, _ least: Int64, _ fields: inout Fields) -> Int64 {
    guard let text = fields.optionalText(name) else {
      fields.note(name, "is required")
      return 1
    }
    do {
      let nanos = try Amount.nanos(decimal: text)
      if nanos >= least { return nanos }
      fields.note(name, least == 0 ? "must not be below 0" : "must be above 0")
    } catch {
      fields.note(name, "must be a decimal such as \"24.99\"")
    }
    return 1
  }
}
