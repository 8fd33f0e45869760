import Coinvent
import HTTPServer
import JSON

/// `POST /v1/ideas/{id}/decisions`.
enum DecisionsAPI {
  static func decide(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let decision = fields.choice("decision", of: DecideIdea.Decision.self)
    let reason = fields.text("reason")
    let recipe = fields.part("recipe") { json throws(Invalid) in
      try Recipe(json: json, at: "/recipe")
    }
    let contract = fields.part("contract") { json throws(Invalid) in
      try ContractTerms(json: json, at: "/contract")
    }
    if decision != .accept && (recipe != nil || contract != nil) {
      fields.note("decision", "must be accept when there is a recipe or a contract")
    }
    try fields.finish(and: DecideIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await DecideIdea.run(
        decision, idea: id, reason: reason, recipe: recipe,
        contract: contract ?? .standard, by: call.member.member, in: tx)
      switch outcome {
      case .decided(let idea, let product):
        return .created(
          json(idea, decision, reason, product), at: product.map { "/v1/products/\($0)" })
      case .alreadyDecided(let state):
        throw Problem.conflict("already-decided", "The idea is \(state.rawValue) already.")
      case .notYet(let state):
        throw Problem.conflict(
          "wrong-state", "An idea that is \(state.rawValue) is not decided that way.")
      case .unknown: throw Problem.notFound("such idea")
      }
    }
  }

  private static func json(
    _ idea: Idea, _ decision: DecideIdea.Decision, _ reason: String, _ product: ProductID?
  ) -> [UInt8] {
    JSONWriter.object {
      $0.field("idea_id", idea.id.description)
      $0.field("decision", decision.rawValue)
      $0.field("state", idea.state.rawValue)
      $0.field("reason", reason)
      $0.field("decided_at", idea.decidedAt?.description)
      if let product { $0.field("product_id", product.description) }
    }
  }
}
