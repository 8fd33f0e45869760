import Coinvent
import HTTPServer
import JSON

/// What voters like about an idea.
enum LikingsRoute: FeatureRoute {
  case read(IdeaID)
  case write(IdeaID)
  case remove(IdeaID)
  case all(IdeaID)

  static func at(_ path: Path) -> [(method: Method, route: LikingsRoute)] {
    guard path[0] == "ideas", let id = path[1] else { return [] }
    return switch (path[2], path[3]) {
    case ("liking", nil):
      with(id) { [(.get, .read($0)), (.put, .write($0)), (.delete, .remove($0))] }
    case ("likings", nil): with(id) { [(.get, .all($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .read: .members(.member, .read)
    case .write, .remove: .members(.member, .votes)
    case .all: .everybody
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read(let id): try await LikingsAPI.read(id, call)
    case .write(let id): try await LikingsAPI.write(id, call)
    case .remove(let id): try await LikingsAPI.remove(id, call)
    case .all(let id): try await LikingsAPI.all(id, call)
    }
  }

  private static let words = Shape.words(Liking.Word.allCases.map(\.rawValue))

  static let operations = [
    Operation(
      .get, "/v1/ideas/{idea_id}/liking", "readLiking", "What one likes about an idea",
      answers: [.json(200, "While one's vote stands", .named("Liking"))]),
    Operation(
      .put, "/v1/ideas/{idea_id}/liking", "writeLiking",
      "Say what one likes about an idea that one votes for",
      body: .json(
        .object([
          .optional("words", .list(words, 0...5)), .optional("note", .length(0...280)),
        ])),
      answers: [.json(200, "It stands while the vote does", .named("Liking"))],
      problems: [(409, "no-vote"), (409, "idea-closed")]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/liking", "removeLiking", "Take that back",
      answers: [.empty(204, "There is none, now or already")]),
    Operation(
      .get, "/v1/ideas/{idea_id}/likings", "readLikings", "What voters like about an idea",
      detail: "For its author, and for everybody once the idea has ended. Without names.",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "Words of all, and a page of notes in an order that tells nothing",
          .object([
            .required(
              "words",
              .list(.object([.required("word", words), .required("count", .count)])),
              "The most named first"),
            .required("notes", .list(.text)), .required("next_cursor", .nullable(.text)),
          ]))
      ],
      problems: [(403, "not-yet")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Liking",
      .object([
        .required("idea_id", .id(IdeaID.self)), .required("words", .list(words, 0...5)),
        .required("note", .text),
      ])
    )
  ]
}

/// `GET`, `PUT` and `DELETE /v1/ideas/{id}/liking`, and `GET …/likings`.
enum LikingsAPI {
  static func read(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    let liking = try await Liking.find(about: id, by: call.member.member, in: call.pool)
    guard let liking else { throw Problem.notFound("such note of yours") }
    return answer(liking, id)
  }

  static func write(_ id: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let words = fields.words("words", of: Liking.Word.self)
    let liking = Liking(words: words, note: fields.optionalText("note") ?? "")
    try fields.finish(and: liking.faults)
    try await IdeasAPI.demandReadable(id, call)
    let outcome = try await call.pool.transaction { tx in
      try await liking.write(about: id, by: call.member.member, in: tx)
    }
    switch outcome {
    case .written: return answer(liking, id)
    case .noVote: throw Problem.conflict("no-vote", "Vote for the idea first.")
    case .ended(let state):
      throw Problem.conflict("idea-closed", "The idea is \(state.rawValue).")
    case .unknownIdea: throw Problem.notFound("such idea")
    }
  }

  static func remove(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await call.pool.transaction { tx in
      try await Liking.remove(about: id, by: call.member.member, in: tx)
    }
    return Response(status: 204)
  }

  static func all(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    guard let idea = try await call.application.ideas.current.answer(id) else {
      throw Problem.notFound("such idea")
    }
    guard idea.state.isEnd || idea.authorID == call.principal?.member else {
      throw Problem.forbidden(
        "Only the author reads this before the idea has ended.", as: "not-yet")
    }
    var invalid = Invalid()
    var place: Int64 = 0
    if let text = call.request.query["cursor"], !text.isEmpty {
      if let known = Int64(text), known > 0 {
        place = known
      } else {
        invalid.add("/cursor", "must be one that this list has given")
      }
    }
    let limit = call.request.query.limit(&invalid)
    try Invalid.refuse(invalid.fields)
    let likings = try await Likings.read(of: id, after: place, limit: limit, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("words", likings.words) { writer, word in
          writer.object {
            $0.field("word", word.word)
            $0.field("count", word.count)
          }
        }
        $0.array("notes", likings.notes) { $0.value($1) }
        $0.field("next_cursor", likings.next.map(String.init))
      }
    ).tagged(for: call.request)
  }

  private static func answer(_ liking: Liking, _ id: IdeaID) -> Response {
    .json(
      JSONWriter.object {
        $0.field("idea_id", id)
        $0.array("words", liking.words) { $0.value($1.rawValue) }
        $0.field("note", liking.note)
      })
  }
}
