import Coinvent
import HTTPServer
import JSON
import Postgres

/// What curators do with evaluation sessions, and what everybody reads of them.
enum EvaluationsAPI {
  static func list(_ call: Call) async throws -> Response {
    var invalid = Invalid()
    var last: EvaluationID?
    if let text = call.request.query["cursor"], !text.isEmpty {
      last = EvaluationID(text)
      if last == nil { invalid.add("/cursor", "must be one that this list has given") }
    }
    let limit = call.request.query.limit(&invalid)
    try Invalid.refuse(invalid.fields)
    let page = try await Evaluation.list(after: last, limit: limit, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("evaluations", page) { writer, head in writer.object { write(head, &$0) } }
        $0.field("next_cursor", page.count == limit ? page.last?.id.description : nil)
      }
    ).tagged(for: call.request)
  }

  static func read(_ id: EvaluationID, _ call: Call) async throws -> Response {
    guard let found = try await Evaluation.find(id, in: call.pool) else { throw unknown }
    return answer(found).tagged(for: call.request)
  }

  static func make(_ call: Call) async throws -> Response {
    let plan = try plan(call)
    return try await call.write { tx in
      let made = try await PlanEvaluation.make(plan, by: call.member.member, in: tx)
      return .created(json(made), at: "/v1/evaluations/\(made.id)")
    }
  }

  static func change(_ id: EvaluationID, _ call: Call) async throws -> Response {
    let plan = try plan(call)
    return try await call.write { tx in
      switch try await PlanEvaluation.change(id, to: plan, by: call.member.member, in: tx) {
      case .changed(let changed): return answer(changed)
      case .notPlanned(let state): throw notPlanned(state)
      case .unknown: throw unknown
      }
    }
  }

  static func start(_ id: EvaluationID, _ call: Call) async throws -> Response {
    var fields = try optionalFields(call)
    let reason = fields.optionalText("reason") ?? "On the agenda of an evaluation session."
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await StartEvaluation.run(
        id, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .started(let started): return answer(started)
      case .notPlanned(let state): throw notPlanned(state)
      case .unfit(let ideas):
        throw ideas.reduce(
          Problem.conflict(
            "agenda-unfit", "Some ideas cannot be evaluated now: plan another agenda.")
        ) { problem, idea in
          let why =
            idea.isElsewhere ? "is on the agenda of another live session" : idea.state.rawValue
          return problem.at("/agenda/\(idea.place)", "\(idea.idea): \(why)")
        }
      case .unknown: throw unknown
      }
    }
  }

  static func present(_ id: EvaluationID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let idea = fields.optionalID("idea_id", as: IdeaID.self)
    try fields.finish()
    return try await call.write { tx in
      switch try await PresentIdea.run(idea, in: id, tx: tx) {
      case .presented(let now): return answer(now)
      case .notLive(let state): throw notLive(state)
      case .notOnAgenda: throw Invalid("/idea_id", "must be on the agenda")
      case .unknown: throw unknown
      }
    }
  }

  static func decide(_ id: EvaluationID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let idea = fields.id("idea_id", as: IdeaID.self)
    let choice = fields.choice("decision", of: DecideEvaluated.Choice.self)
    let reason = fields.text("reason")
    let recipe = fields.part("recipe") { json throws(Invalid) in
      try Recipe(json: json, at: "/recipe")
    }
    let contract = fields.part("contract") { json throws(Invalid) in
      try ContractTerms(json: json, at: "/contract")
    }
    if choice != .accept && (recipe != nil || contract != nil) {
      fields.note("decision", "must be accept when there is a recipe or a contract")
    }
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await DecideEvaluated.run(
        choice, idea: idea, in: id, reason: reason, recipe: recipe,
        contract: contract ?? .standard, by: call.member.member, tx: tx)
      switch outcome {
      case .decided(let decided, let product):
        return .created(json(choice, about: decided, in: id, reason, product))
      case .alreadyDecided(let decision):
        throw Problem.conflict("already-decided", "The decision is recorded: \(decision).")
      case .elsewhere(let state):
        throw Problem.conflict(
          "decided-elsewhere", "The idea is \(state.rawValue) by a decision outside the session.")
      case .notLive(let state): throw notLive(state)
      case .notOnAgenda: throw Invalid("/idea_id", "must be on the agenda")
      case .unknown: throw unknown
      }
    }
  }

  static func close(_ id: EvaluationID, _ call: Call) async throws -> Response {
    var fields = try optionalFields(call)
    let carrying = fields.optionalFlag("carry_rest") ?? false
    let reason = fields.optionalText("reason") ?? "The evaluation session ended undecided."
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await CloseEvaluation.run(
        id, carrying: carrying, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .closed(let closed): return answer(closed)
      case .alreadyClosed: throw Problem.conflict("evaluation-closed", "It is closed already.")
      case .undecided(let ideas):
        throw ideas.reduce(
          Problem.conflict(
            "undecided", "Record a decision for each idea, or send carry_rest with true.")
        ) { $0.at("/agenda/\($1.place)", "\($1.idea) has no decision") }
      case .unknown: throw unknown
      }
    }
  }

  static let unknown = Problem.notFound("such evaluation session")

  static func notLive(_ state: Evaluation.State) -> Problem {
    .conflict("evaluation-not-live", "The session is \(state.rawValue), not live.")
  }

  private static func notPlanned(_ state: Evaluation.State) -> Problem {
    .conflict("evaluation-not-planned", "The session is \(state.rawValue) already.")
  }

  private static func optionalFields(_ call: Call) throws -> Fields {
    try Fields(call.request.body.isEmpty ? .object(JSONObject()) : call.json())
  }

  private static func plan(_ call: Call) throws -> PlanEvaluation.Plan {
    var fields = try call.fields()
    let plan = PlanEvaluation.Plan(
      title: fields.text("title"), startsAt: fields.time("starts_at"),
      endsAt: fields.time("ends_at"),
      criteria: fields.list("criteria", 1...10) { (criterion: inout Fields) throws(Invalid) in
        Evaluation.Criterion(
          name: criterion.text("name"), scale: criterion.whole("scale", in: 2...10),
          description: criterion.text("description"))
      },
      agenda: fields.ids("agenda", 1...100, as: IdeaID.self))
    try fields.finish(and: plan.faults)
    return plan
  }

  private static func answer(_ evaluation: Evaluation) -> Response { .json(json(evaluation)) }

  private static func json(_ evaluation: Evaluation) -> [UInt8] {
    JSONWriter.object(reserving: 1024) {
      write(evaluation.head, &$0)
      $0.array("criteria", evaluation.criteria) { writer, criterion in
        writer.object {
          $0.field("name", criterion.name)
          $0.field("scale", criterion.scale)
          $0.field("description", criterion.description)
        }
      }
      $0.array("agenda", evaluation.agenda) { writer, entry in
        writer.object {
          $0.field("idea_id", entry.idea)
          $0.field("title", entry.title)
          $0.field("decision", entry.decision?.rawValue)
          $0.field("reason", entry.reason)
          $0.field("decided_at", entry.decidedAt)
        }
      }
    }
  }

  private static func write(_ head: Evaluation.Head, _ writer: inout JSONWriter) {
    writer.field("id", head.id)
    writer.field("title", head.title)
    writer.field("starts_at", head.startsAt)
    writer.field("ends_at", head.endsAt)
    writer.field("state", head.state.rawValue)
    writer.field("current_idea_id", head.current?.description)
    writer.field("started_at", head.startedAt)
    writer.field("closed_at", head.closedAt)
  }

  private static func json(
    _ choice: DecideEvaluated.Choice, about idea: Idea, in id: EvaluationID, _ reason: String,
    _ product: ProductID?
  ) -> [UInt8] {
    JSONWriter.object {
      $0.field("evaluation_id", id)
      $0.field("idea_id", idea.id)
      $0.field("decision", choice.rawValue)
      $0.field("state", idea.state.rawValue)
      $0.field("reason", reason)
      if let product { $0.field("product_id", product) }
    }
  }
}
