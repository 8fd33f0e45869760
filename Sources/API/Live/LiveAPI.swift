import Coinvent
import HTTPServer
import JSON

/// Votes and states of ideas as they change, by server-sent events.
///
/// <https://html.spec.whatwg.org/multipage/server-sent-events.html>
enum LiveRoute: FeatureRoute {
  case one(IdeaID)
  case many

  static func at(_ path: Path) -> [(method: Method, route: LiveRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas", "live", nil, nil): [(.get, .many)]
    case ("ideas", let id?, "live", nil): with(id) { [(.get, .one($0))] }
    default: []
    }
  }

  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .one(let id): try await LiveAPI.stream([id], call)
    case .many: try await LiveAPI.stream(LiveAPI.ids(call.request.query), call)
    }
  }

  private static let about = """
    First an event `hello`, with how long to wait before another try. An event `count` with `{"idea_id", "state", "votes"}` comes at once and after each change, at \
    most twice a second, and always with the newest figures; an event `gone` when the idea is not \
    for everybody any more. A comment comes every 15 seconds. A client that reads slowly misses \
    figures in between, never the last.
    """

  static let operations = [
    Operation(
      .get, "/v1/ideas/{idea_id}/live", "watchIdea", "An idea's votes, live", detail: about,
      answers: [.bytes(200, "Events, until either side ends", type: "text/event-stream")],
      problems: [(429, "too-many-requests"), (503, "unavailable")]),
    Operation(
      .get, "/v1/ideas/live", "watchIdeas", "The votes of many ideas, live", detail: about,
      query: [
        .init("ids", .text, "Ids with commas between them, at most 100", required: true)
      ],
      answers: [.bytes(200, "Events, until either side ends", type: "text/event-stream")],
      problems: [(404, "not-found"), (429, "too-many-requests"), (503, "unavailable")]),
  ]
}

enum LiveAPI {
  static let most = 100

  static func ids(_ query: QueryItems) throws -> Set<IdeaID> {
    let texts = (query["ids"] ?? "").split(separator: ",")
    let ids = texts.compactMap { IdeaID(String($0)) }
    guard !ids.isEmpty, ids.count == texts.count, ids.count <= most else {
      throw Invalid("/ids", "must be 1 to \(most) ids of ideas with commas between them")
    }
    return Set(ids)
  }

  static func stream(_ ids: Set<IdeaID>, _ call: Call) async throws -> Response {
    let (counts, limit) = (call.application.liveCounts, call.application.streams)
    let address = call.request.remoteAddress
    let known = try await LiveCounts.of(Array(ids), in: call.pool)
    guard !known.isEmpty else { throw Problem.notFound("such idea") }
    try limit.demandPlace(address)
    return .events { events in
      guard limit.take(address) else { return }
      defer { limit.giveBack(address) }
      try await events.send(ServerSentEvent(name: "hello", data: "{}", retry: .seconds(3)))
      try await counts.watch(Set(known.keys)) { new, gone in
        for (id, count) in new.sorted(by: { $0.key < $1.key }) {
          try await events.send(ServerSentEvent(name: "count", data: data(id, count)))
        }
        for id in gone.sorted() {
          try await events.send(ServerSentEvent(name: "gone", data: data(id, nil)))
        }
      }
    }
  }

  private static func data(_ id: IdeaID, _ count: LiveCounts.Count?) -> String {
    let bytes = JSONWriter.object {
      $0.field("idea_id", id)
      if let count {
        $0.field("state", count.state.rawValue)
        $0.field("votes", count.votes)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
