import Coinvent
import HTTPServer
import JSON

/// Following ideas.
enum FollowsRoute: FeatureRoute {
  case follow(IdeaID), unfollow(IdeaID), list

  static func at(_ path: Path) -> [(method: Method, route: FollowsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas", let id?, "follow", nil):
      with(id) { [(.put, .follow($0)), (.delete, .unfollow($0))] }
    case ("me", "follows", nil, nil): [(.get, .list)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .follow, .unfollow: .members(.member, .ideas)
    case .list: .members(.member, .read)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .follow(let id): try await FollowsAPI.follow(id, call)
    case .unfollow(let id): try await FollowsAPI.unfollow(id, call)
    case .list: try await FollowsAPI.list(call)
    }
  }

  static let operations = [
    Operation(
      .put, "/v1/ideas/{idea_id}/follow", "followIdea", "Follow an idea",
      detail: "Authors and commenters follow by themselves.",
      answers: [.empty(204, "It is followed, now or already")]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/follow", "unfollowIdea", "Stop following an idea",
      answers: [.empty(204, "It is not followed, now or already")]),
    Operation(
      .get, "/v1/me/follows", "listFollows", "The ideas that I follow, the last followed first",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .page(
            "follows",
            of: .object([
              .required("idea_id", .id(IdeaID.self)),
              .required("title", .text),
              .required("state", .words(Idea.State.allCases.map(\.rawValue))),
              .required("followed_at", .time),
            ])))
      ]),
  ]
}

/// Following ideas: `PUT` and `DELETE /v1/ideas/{id}/follow`, `GET /v1/me/follows`.
enum FollowsAPI {
  static func follow(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    switch try await FollowIdea.run(id, by: call.member.member, in: call.pool) {
    case .followed: return Response(status: 204)
    case .unknown: throw Problem.notFound("such idea")
    }
  }

  static func unfollow(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await FollowIdea.stop(id, by: call.member.member, in: call.pool)
    return Response(status: 204)
  }

  static func list(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let (follows, next) = try await ListFollows.run(
      of: call.member.member, limit: page.limit, after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("follows", follows) { writer, follow in
          writer.object {
            $0.field("idea_id", follow.idea)
            $0.field("title", follow.title)
            $0.field("state", follow.state.rawValue)
            $0.field("followed_at", follow.followedAt)
          }
        }
        $0.field("next_cursor", next?.text)
      })
  }
}

/// The page of a list by time that a query asks for.
struct PageQuery {
  var limit = 20
  var cursor: TimeCursor?

  init(_ query: QueryItems) throws {
    var invalid = Invalid()
    if let text = query["limit"], !text.isEmpty {
      if let limit = Int(text), (1...100).contains(limit) {
        self.limit = limit
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 100")
      }
    }
    if let text = query["cursor"], !text.isEmpty {
      cursor = TimeCursor(text)
      if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
  }
}
