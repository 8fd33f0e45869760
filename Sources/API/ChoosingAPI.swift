import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// Votes, stars, jurors' scores and guesses.
enum ChoosingAPI {
  typealias Round = ChoosingRoute.Round

  /// The one place that says why a choice was not looked at.
  static func problem(_ refusal: ChoosingGate.Refusal) -> Problem {
    switch refusal {
    case .unknownProject: unknown
    case .otherWay(let way):
      .conflict("other-way-of-choosing", "This project chooses by \(way.rawValue).")
    case .notYet(let from): .conflict("not-yet-choosing", "Members choose from \(from) on.")
    case .closed: .conflict("project-closed", "The project is closed; choices stay as they are.")
    }
  }

  static let unknown = Problem.notFound("such project")
  static let unknownEntry = Problem.notFound("such entry in the project")
  static let ownEntry = Problem.forbidden("Nobody chooses an entry of their own.", as: "own-entry")
  static let notTakingPart = Problem.conflict(
    "entry-not-taking-part", "The entry was withdrawn or removed, or its team has not agreed.")

  static func vote(_ wished: Bool, _ entry: EntryID, _ round: Round, _ call: Call) async throws
    -> Response
  {
    let outcome = try await call.pool.transaction { tx in
      try await CastEntryVote.run(
        wished, for: entry, by: call.member.member, in: round.project, of: round.product, tx: tx)
    }
    switch outcome {
    case .standing(let standing):
      return .json(
        JSONWriter.object {
          $0.field("entry_id", entry)
          $0.field("voted", standing.isVoted)
          $0.field("remaining", standing.remaining)
          $0.field("votes", standing.votes)
        })
    case .noVotesLeft(let limit):
      throw Problem.conflict(
        "no-votes-left", "All \(limit) votes are given; take one back to give it to another entry.")
    case .ownEntry: throw ownEntry
    case .notTakingPart: throw notTakingPart
    case .unknownEntry: throw unknownEntry
    case .refused(let refusal): throw problem(refusal)
    }
  }

  static func rate(_ entry: EntryID, _ round: Round, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let stars = fields.list("stars", 1...10) { (one: inout Fields) throws(Invalid) in
      (criterion: one.text("criterion"), stars: one.whole("stars", in: 1...5))
    }
    try fields.finish()
    return try await set(stars, entry, round, call)
  }

  static func unrate(_ entry: EntryID, _ round: Round, _ call: Call) async throws -> Response {
    try await set([], entry, round, call)
  }

  private static func set(
    _ stars: [(criterion: String, stars: Int64)], _ entry: EntryID, _ round: Round, _ call: Call
  ) async throws -> Response {
    let outcome = try await call.pool.transaction { tx in
      try await RateEntry.run(
        stars, of: entry, by: call.member.member, in: round.project, of: round.product, tx: tx)
    }
    switch outcome {
    case .rated(let progress):
      return .json(
        JSONWriter.object {
          $0.field("entry_id", entry)
          OwnChoicesAPI.write(progress, &$0)
        })
    case .ownEntry: throw ownEntry
    case .notTakingPart: throw notTakingPart
    case .unknownEntry: throw unknownEntry
    case .refused(let refusal): throw problem(refusal)
    }
  }

  static func score(_ entry: EntryID, _ round: Round, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let score = fields.whole("score", in: ScoreEntry.scores)
    let comment = fields.optionalText("comment") ?? ""
    try fields.finish()
    let outcome = try await call.pool.transaction { tx in
      try await ScoreEntry.run(
        score, comment: comment, of: entry, by: call.member.member, in: round.project,
        of: round.product, tx: tx)
    }
    switch outcome {
    case .scored(let left):
      return .json(
        JSONWriter.object {
          $0.field("entry_id", entry)
          $0.field("score", score)
          $0.field("left", left)
        })
    case .notJuror:
      throw Problem.forbidden("Only the project's jurors score its entries.", as: "not-a-juror")
    case .ownEntry: throw ownEntry
    case .notTakingPart: throw notTakingPart
    case .unknownEntry: throw unknownEntry
    case .refused(let refusal): throw problem(refusal)
    }
  }

  static func guess(_ round: Round, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let nanos = fields.price("price")
    try fields.finish()
    switch try await guess(nanos ?? 0, round, call) {
    case .guessed(let guess):
      return .json(JSONWriter.object { OwnChoicesAPI.write(guess, &$0) })
    case .takenBack: return Response(status: 204)
    case .refused(let refusal): throw problem(refusal)
    }
  }

  static func unguess(_ round: Round, _ call: Call) async throws -> Response {
    switch try await guess(nil, round, call) {
    case .guessed, .takenBack: return Response(status: 204)
    case .refused(let refusal): throw problem(refusal)
    }
  }

  private static func guess(_ nanos: Int64?, _ round: Round, _ call: Call) async throws
    -> GuessPrice.Outcome
  {
    try await call.pool.transaction { tx in
      try await GuessPrice.run(
        nanos, by: call.member.member, in: round.project, of: round.product, tx: tx)
    }
  }
}

extension Fields {
  /// The nanos of a decimal that is above 0; nil when it is absent or wrong.
  mutating func optionalPrice(_ name: String) -> Int64? {
    guard let digits = optionalText(name) else { return nil }
    do throws(AmountError) {
      let nanos = try Amount.nanos(decimal: digits)
      if nanos > 0 { return nanos }
      note(name, "must be more than 0")
    } catch {
      note(name, "\(error)")
    }
    return nil
  }

  fileprivate mutating func price(_ name: String) -> Int64? {
    if json(name) == nil { note(name, "is required") }
    return optionalPrice(name)
  }
}
