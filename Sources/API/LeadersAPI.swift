import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// Who leads in a project, and what a curator picks among them.
enum LeadersAPI {
  typealias Round = ChoosingRoute.Round

  static func read(_ round: Round, _ call: Call) async throws -> Response {
    let isCurator = call.principal?.role.includes(.curator) ?? false
    let outcome = try await call.pool.transaction { tx in
      try await Leaders.run(
        of: round.project, of: round.product, isCurator: isCurator, in: tx)
    }
    switch outcome {
    case .leaders(let found): return .json(json(found)).tagged(for: call.request)
    case .hidden(let until):
      throw Problem.forbidden(
        "This project hides its tallies until it closes at \(until).", as: "tallies-hidden")
    case .notClosed:
      throw Problem.conflict("project-not-closed", "Answers and guesses are told at the end.")
    case .unknown: throw ChoosingAPI.unknown
    }
  }

  private static func json(_ found: Leaders) -> [UInt8] {
    JSONWriter.object {
      $0.field("choosing", found.project.choosing.rawValue)
      $0.field("final", found.isSealed)
      $0.field("entries", found.entries)
      $0.field("choosers", found.choosers)
      $0.array("leaders", found.leaders) { writer, leader in
        writer.object {
          $0.field("entry_id", leader.entry)
          $0.field("rank", leader.rank)
          $0.field("score", leader.score)
          $0.field("count", leader.count)
        }
      }
    }
  }

  private enum Choice: String, CaseIterable { case adopt, none }

  static func decide(_ round: Round, _ call: Call) async throws -> Response {
    let wish = try wish(call)
    return try await call.write { tx in
      let outcome = try await DecideProject.run(
        wish, project: round.project, of: round.product, by: call.member.member, in: tx)
      if let problem = problem(outcome) { throw problem }
      let found = try await ProjectDecision.find(round.project, of: round.product, in: tx)
      guard let found else { throw Problem.ours }
      return .created(json(found))
    }
  }

  private static func wish(_ call: Call) throws -> DecideProject.Wish {
    var fields = try call.fields()
    let choice = fields.choice("decision", of: Choice.self)
    var picks: [DecideProject.Pick] = []
    if fields.json("picks") != nil {
      picks = fields.list("picks", 0...100) { (pick: inout Fields) throws(Invalid) in
        DecideProject.Pick(
          entry: pick.id("entry_id", as: EntryID.self),
          weight: pick.optionalWhole("weight", in: DecideProject.Pick.weights) ?? 1)
      }
    }
    let wish = DecideProject.Wish(
      adopts: choice == .adopt, picks: picks, reason: fields.text("reason"),
      overrideReason: fields.optionalText("override_reason"),
      finalPrice: fields.optionalPrice("final_price"))
    try fields.finish()
    return wish
  }

  /// Nil when it is decided.
  private static func problem(_ outcome: DecideProject.Outcome) -> Problem? {
    switch outcome {
    case .decided: nil
    case .unknown: ChoosingAPI.unknown
    case .alreadyDecided: .conflict("already-decided", "A decision about a project stays.")
    case .cancelled: .conflict("project-cancelled", "The project was cancelled.")
    case .notClosed(let until):
      .conflict("project-not-closed", "Members choose until \(until); decide after that.")
    case .takesNoPicks:
      .unprocessable(Invalid("/picks", "must be left out: nothing is picked here"))
    case .picksMissing: .unprocessable(Invalid("/picks", "must name what is taken"))
    case .priceMissing: .unprocessable(Invalid("/final_price", "is what the guesses are held to"))
    case .takesNoPrice:
      .unprocessable(Invalid("/final_price", "is only for guesses that are adopted"))
    case .notTakingPart(let places):
      .unprocessable(invalid(places, "takes no part in the project"))
    case .notLeading(let places):
      problem(
        places,
        .conflict(
          "not-a-leader", "Something is picked that does not lead; say why in override_reason."),
        "does not lead")
    case .ownEntry(let places):
      problem(
        places, .forbidden("Somebody else has to pick what you made yourself.", as: "own-entry"),
        "is your own")
    }
  }

  private static func invalid(_ places: [Int], _ message: String) -> Invalid {
    var invalid = Invalid()
    for place in places { invalid.add("/picks/\(place)/entry_id", message) }
    return invalid
  }

  private static func problem(_ places: [Int], _ problem: Problem, _ message: String) -> Problem {
    places.reduce(problem) { $0.at("/picks/\($1)/entry_id", message) }
  }

  static func decision(_ round: Round, _ call: Call) async throws -> Response {
    let found = try await ProjectDecision.find(round.project, of: round.product, in: call.pool)
    guard let found else { throw Problem.notFound("decision about such a project") }
    return Response.json(json(found)).tagged(for: call.request)
  }

  private static func json(_ decision: ProjectDecision) -> [UInt8] {
    JSONWriter.object {
      $0.field("project_id", decision.project.id)
      $0.field("decision", (decision.adopted ? Choice.adopt : Choice.none).rawValue)
      $0.array("picks", decision.picks) { writer, pick in
        writer.object {
          $0.field("entry_id", pick.entry)
          $0.field("weight", pick.weight)
        }
      }
      $0.field("reason", decision.project.reason)
      $0.field("override_reason", decision.overrideReason)
      $0.field("final_price", decision.finalPrice?.decimal)
      $0.field("currency", decision.finalPrice?.currency.code)
      $0.field("decided_at", decision.project.endedAt)
    }
  }
}
