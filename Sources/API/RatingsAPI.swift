import Coinvent
import EventLoop
import HTTPServer
import JSON

/// What members do in an evaluation session, and what it comes to.
enum RatingsAPI {
  static func mine(_ id: EvaluationID, _ call: Call) async throws -> Response {
    guard try await Evaluation.find(id, in: call.pool) != nil else {
      throw EvaluationsAPI.unknown
    }
    let ratings = try await RateIdea.ratings(of: call.member.member, in: id, db: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("ratings", ratings) { writer, rating in
          writer.object { write(rating.scores, of: rating.idea, in: id, &$0) }
        }
      })
  }

  static func rate(_ idea: IdeaID, in id: EvaluationID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let scores = fields.list("scores", 1...10) { (score: inout Fields) throws(Invalid) in
      RateIdea.Score(criterion: score.text("criterion"), score: score.whole("score", in: 1...10))
    }
    try fields.finish()
    try await set(scores, of: idea, in: id, call)
    return .json(JSONWriter.object { write(scores, of: idea, in: id, &$0) })
  }

  static func unrate(_ idea: IdeaID, in id: EvaluationID, _ call: Call) async throws -> Response {
    try await set([], of: idea, in: id, call)
    return Response(status: 204)
  }

  private static func set(
    _ scores: [RateIdea.Score], of idea: IdeaID, in id: EvaluationID, _ call: Call
  ) async throws {
    let outcome = try await call.pool.transaction { tx in
      try await RateIdea.run(scores, of: idea, by: call.member.member, in: id, tx: tx)
    }
    switch outcome {
    case .rated: return
    case .ownIdea: throw Problem.forbidden("Nobody rates an idea of their own.", as: "own-idea")
    case .notLive(let state): throw EvaluationsAPI.notLive(state)
    case .notOnAgenda: throw Problem.notFound("such idea on the agenda")
    case .unknown: throw EvaluationsAPI.unknown
    }
  }

  static func tally(_ id: EvaluationID, _ call: Call) async throws -> Response {
    guard let tally = try await EvaluationTally.read(id, in: call.pool) else {
      throw EvaluationsAPI.unknown
    }
    return Response.json(json(tally, tally.entries)).tagged(for: call.request)
  }

  /// Each client has the pieces that it has not seen, as of now: one that falls behind misses what
  /// came between, and nothing is kept for it.
  static func live(_ id: EvaluationID, _ call: Call) async throws -> Response {
    guard try await EvaluationTally.read(id, in: call.pool) != nil else {
      throw EvaluationsAPI.unknown
    }
    let (watched, limit) = (call.application.liveTallies, call.application.streams)
    let address = call.request.remoteAddress
    try limit.demandPlace(address)
    return .events { writer in
      guard limit.take(address) else { return }
      defer { limit.giveBack(address) }
      let seen = Locked<EvaluationTally?>(nil)
      do {
        try await watched.watch([id]) { new, _ in
          guard let tally = new[id] else { return }
          let changed = seen.withLock { old in
            defer { old = tally }
            return tally.changes(since: old)
          }
          let data = String(decoding: json(tally, changed), as: UTF8.self)
          try await writer.send(ServerSentEvent(name: "tally", data: data))
          if tally.state == .closed { throw Closed() }
        }
      } catch is Closed {
        try await writer.send(ServerSentEvent(name: "end", data: "{}"))
      }
    }
  }

  /// Nothing more comes.
  private struct Closed: Error {}

  private static func write(
    _ scores: [RateIdea.Score], of idea: IdeaID, in id: EvaluationID, _ writer: inout JSONWriter
  ) {
    writer.field("evaluation_id", id)
    writer.field("idea_id", idea)
    writer.array("scores", scores) { writer, score in
      writer.object {
        $0.field("criterion", score.criterion)
        $0.field("score", score.score)
      }
    }
  }

  private static func json(_ tally: EvaluationTally, _ entries: [EvaluationTally.Entry])
    -> [UInt8]
  {
    JSONWriter.object(reserving: 1024) {
      $0.field("evaluation_id", tally.id)
      $0.field("state", tally.state.rawValue)
      $0.field("current_idea_id", tally.current?.description)
      $0.array("ideas", entries) { writer, entry in
        writer.object {
          $0.field("idea_id", entry.idea)
          $0.field("decision", entry.decision?.rawValue)
          $0.array("criteria", entry.marks) { writer, mark in
            writer.object { write(mark, &$0) }
          }
        }
      }
    }
  }

  private static func write(_ mark: EvaluationTally.Mark, _ writer: inout JSONWriter) {
    writer.field("criterion", mark.criterion)
    writer.field("count", mark.count)
    writer.array("counts", mark.counts) { $0.value($1) }
    writer.field("mean", mark.meanText)
  }
}
