import Coinvent
import HTTPServer
import JSON
import Postgres

/// Entering a project, and what becomes of entries: `POST …/entries`, `PATCH …/entries/{id}` and
/// the parts of an entry.
enum EnterAPI {
  static func enter(_ place: EntriesRoute.Place, _ call: Call) async throws -> Response {
    let wish = try wish(call)
    return try await call.write { tx in
      let outcome = try await EnterProject.run(wish, in: place.project, of: place.product, tx: tx)
      switch outcome {
      case .entered(let ids): return try await created(ids, place, call, tx)
      case .unknown: throw Problem.notFound("such project")
      case .notTaken(let project): throw notTaken(project)
      case .limitReached(_, let limit):
        throw Problem.conflict(
          "too-many-entries",
          "A member has at most \(limit) entries in this project; take one back first.")
      case .textTaken(_, let field): throw taken(field)
      case .unknownFile(_, let field): throw noFile(field)
      case .unknownMember(_, let member):
        throw Invalid("/makers", "names \(member), who is no member")
      }
    }
  }

  private static func created(
    _ ids: [EntryID], _ place: EntriesRoute.Place, _ call: Call, _ tx: Transaction
  ) async throws -> Response {
    guard let id = ids.first,
      let entry = try await ProjectEntry.find(id, of: place.product, in: tx)
    else { preconditionFailure("an entry that was just entered is there") }
    let details = try await EntryDetails(of: [entry], for: call, in: tx)
    return .created(
      details.json(entry),
      at: "/v1/products/\(place.product)/projects/\(place.project)/entries/\(id)")
  }

  private static func wish(_ call: Call) throws -> EnterProject.Wish {
    var fields = try call.fields()
    let answers = fields.json("answers")
    if answers == nil { fields.note("answers", "is required") }
    var team: EntryTeam?
    if fields.json("makers") != nil {
      team = EntryTeam(
        fields.list("makers", 1...EntryMaker.most) { part throws(Invalid) in
          EntryTeam.Part(
            part.id("member_id", as: MemberID.self),
            ppm: part.whole("ppm", in: 1...EntryMaker.whole))
        })
    }
    try fields.finish()
    return EnterProject.Wish(call.member.member, answers ?? [:], team: team)
  }

  static func edit(_ id: EntryID, _ place: EntriesRoute.Place, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let answers = fields.json("answers")
    if answers == nil { fields.note("answers", "is required") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await EditEntry.run(
        id, answers: answers ?? [:], in: place.project, of: place.product,
        by: call.member.member, tx: tx)
      switch outcome {
      case .edited(let entry): return try await shown(entry, call, tx)
      case .unknown: throw Problem.notFound("such entry")
      case .notAuthor: throw notAuthor
      case .notTaken(let project): throw notTaken(project)
      case .ended(let state): throw ended(state)
      case .textTaken(let field): throw taken(field)
      case .unknownFile(let field): throw noFile(field)
      }
    }
  }

  static func withdraw(_ id: EntryID, _ place: EntriesRoute.Place, _ call: Call) async throws
    -> Response
  {
    try await call.write { tx in
      let outcome = try await EndEntry.withdraw(
        id, in: place.project, of: place.product, by: call.member.member, tx: tx)
      return try await end(outcome, call, tx)
    }
  }

  static func remove(_ id: EntryID, _ place: EntriesRoute.Place, _ call: Call) async throws
    -> Response
  {
    let reason = try CurateCommentsAPI.reason(call)
    return try await call.write { tx in
      let outcome = try await EndEntry.remove(
        id, in: place.project, of: place.product, reason: reason, by: call.member.member, tx: tx)
      return try await end(outcome, call, tx)
    }
  }

  private static func end(_ outcome: EndEntry.Outcome, _ call: Call, _ tx: Transaction)
    async throws -> Response
  {
    switch outcome {
    case .ended(let entry): return try await shown(entry, call, tx)
    case .unknown: throw Problem.notFound("such entry")
    case .notAuthor: throw notAuthor
    case .endedBefore(let state): throw ended(state)
    case .notOpen(let state): throw ProjectsAPI.ended(state)
    }
  }

  static func answer(_ id: EntryID, _ place: EntriesRoute.Place, _ call: Call) async throws
    -> Response
  {
    var fields = try call.fields()
    let accepts = fields.optionalFlag("accept")
    if fields.json("accept") == nil { fields.note("accept", "is required") }
    try fields.finish()
    return try await call.write { tx in
      let outcome = try await AnswerSplit.run(
        id, accepts: accepts ?? false, in: place.project, of: place.product,
        by: call.member.member, tx: tx)
      switch outcome {
      case .answered(let entry): return try await shown(entry, call, tx)
      case .unknown: throw Problem.notFound("such entry")
      case .answeredBefore(let accepted):
        throw Problem.conflict(
          "answered-before", "You have \(accepted ? "accepted" : "declined") already; that stays.")
      case .notTaken(let project): throw notTaken(project)
      case .ended(let state): throw ended(state)
      }
    }
  }

  private static func shown(_ entry: ProjectEntry, _ call: Call, _ tx: Transaction) async throws
    -> Response
  {
    .json(try await EntryDetails(of: [entry], for: call, in: tx).json(entry))
  }

  static func notTaken(_ project: Project) -> Problem {
    .conflict(
      "entries-closed",
      project.state == .open
        ? "Entries are taken from \(project.opensAt) until \(project.entriesUntil)."
        : "The project is \(project.state.rawValue); no entries are taken.")
  }

  private static func taken(_ field: String) -> Problem {
    Problem.conflict("text-taken", "Somebody has entered this already; say something else.")
      .at("/answers/\(field)", "was entered already")
  }

  private static func noFile(_ field: String) -> Problem {
    Problem.conflict(
      "file-not-there", "Upload a file for this field first; each is used in one entry."
    ).at("/answers/\(field)", "is no file of yours for this field that is free")
  }

  private static let notAuthor = Problem.forbidden(
    "Only its author changes an entry.", as: "not-author")

  private static func ended(_ state: ProjectEntry.State) -> Problem {
    .conflict(
      "entry-ended",
      state == .entered ? "The entry takes part already." : "The entry is \(state.rawValue).")
  }
}
