import Coinvent
import HTTPServer
import JSON

/// What an author and the curators do with an idea between its draft and its decision:
/// `PATCH /v1/ideas/{id}`, `POST …/submission`, `…/withdrawal` and `…/moves`.
enum IdeaLifeAPI {
  static func edit(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let change = EditIdea.Change(
      title: fields.optionalText("title"), pitch: fields.optionalText("pitch"),
      problem: fields.optionalText("problem"), solution: fields.optionalText("solution"),
      category: fields.optionalText("category"), features: fields.optionalText("features"),
      similarProducts: fields.optionalText("similar_products"), tags: IdeasAPI.tags(&fields),
      links: IdeasAPI.links(&fields))
    let version = fields.optionalWhole("version", in: 1...2_000_000_000)
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await EditIdea.run(
        change, idea: id, version: version, by: call.member.member, in: tx)
      switch outcome {
      case .edited(let idea): return answer(idea)
      case .unknown: throw Problem.notFound("such idea")
      case .notAuthor: throw Problem.forbidden("Only its author changes an idea.", as: "not-author")
      case .frozen(let state):
        throw Problem.conflict(
          "idea-frozen", "The idea is \(state.rawValue); its texts stay as they are.")
      case .otherVersion(let now):
        throw Problem.conflict(
          "other-version", "The idea is at version \(now) now; read it again, then edit.")
      }
    }
  }

  static func submit(_ id: IdeaID, _ call: Call) async throws -> Response {
    let wish = try SubmissionAPI.wish(call)
    return try await call.write { tx in
      let outcome = try await OpenDraft.run(
        id, as: call.application.settings.submissions, wish: wish, by: call.member.member, in: tx)
      switch outcome {
      case .opened(let idea):
        let waits =
          idea.state == .submitted ? try await SubmissionWaits.of(id, in: tx) : nil
        return .json(
          JSONWriter.object(reserving: 1024) { writer in
            IdeasAPI.write(idea, &writer)
            if let waits { SubmissionAPI.write(waits, &writer) }
          })
      case .unknown: throw Problem.notFound("such idea")
      case .noDraft(let state):
        throw Problem.conflict("no-draft", "The idea is \(state.rawValue) already.")
      case .refused(let refusal): throw SubmissionAPI.problem(refusal)
      }
    }
  }

  static func withdraw(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await WithdrawIdea.run(id, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .withdrawn(let idea, let terms):
        return .json(
          JSONWriter.object(reserving: 1024) { writer in
            IdeasAPI.write(idea, &writer)
            if let terms { writer.object("terms") { TermsAPI.write(terms, &$0) } }
          })
      case .unknown: throw Problem.notFound("such idea")
      case .notAuthor: throw Problem.forbidden("Only its author takes it back.", as: "not-author")
      case .notAllowed(let state):
        throw Problem.conflict(
          "wrong-state", "An idea that is \(state.rawValue) is not taken back any more.")
      }
    }
  }

  /// The states a curator moves an idea to without deciding it.
  enum Target: String, CaseIterable {
    case open, qualified
    case inReview = "in_review"
    case inEvaluation = "in_evaluation"

    var state: Idea.State {
      switch self {
      case .open: .open
      case .qualified: .qualified
      case .inReview: .inReview
      case .inEvaluation: .inEvaluation
      }
    }
  }

  static func move(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let target = fields.choice("to", of: Target.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      // A draft opens by its author's hand, and a duplicate by taking the merge back.
      let origins = Set(Idea.State.allCases).subtracting([.draft, .duplicate])
      let outcome = try await MoveIdea.run(
        id, to: target.state, reason: reason, by: call.member.member, from: origins, in: tx)
      switch outcome {
      case .moved(let idea, _): return answer(idea)
      case .unknown, .notAllowed(.draft): throw Problem.notFound("such idea")
      case .notAllowed(.submitted) where target == .open:
        if let until = try await SubmissionWaits.of(id, in: tx).briefUntil {
          throw Problem.conflict("brief-open", "Its brief hides its ideas until \(until).")
        }
        throw Problem.conflict("fee-due", "Its fee is due: it is paid, or waived, first.")
      case .notAllowed(let from):
        throw Problem.conflict(
          "wrong-state",
          "An idea that is \(from.rawValue) does not go to \(target.rawValue).")
      }
    }
  }

  private static func answer(_ idea: Idea) -> Response {
    .json(JSONWriter.object(reserving: 1024) { IdeasAPI.write(idea, &$0) })
  }
}
