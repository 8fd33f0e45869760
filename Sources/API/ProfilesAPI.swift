import Coinvent
import HTTPServer
import JSON

/// Who a member is, for everybody: `GET /v1/members/{member}`. Mentions link to it.
enum ProfilesRoute: FeatureRoute {
  /// By a handle or an id.
  case read(String)

  static func at(_ path: Path) -> [(method: Method, route: ProfilesRoute)] {
    guard path.count == 2, path[0] == "members", let who = path[1] else { return [] }
    return [(.get, .read(who))]
  }

  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read(let who): try await ProfilesAPI.read(who, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/members/{member}", "readMember", "Who a member is",
      detail: "What everybody may know. Who has left is `former_…`.",
      answers: [.json(200, "The member", .named("Profile"))])
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Profile",
      .object([
        .required("id", .id(MemberID.self)), .required("handle", .text),
        .required("display_name", .text),
        .required("joined_at", .time),
      ])
    )
  ]
}

enum ProfilesAPI {
  static func read(_ who: String, _ call: Call) async throws -> Response {
    guard let member = try await FindMember.by(handleOrID: who, in: call.pool) else {
      throw Problem.notFound("such member")
    }
    return .json(
      JSONWriter.object {
        $0.field("id", member.id)
        $0.field("handle", member.handle)
        $0.field("display_name", member.displayName)
        $0.field("joined_at", member.joinedAt)
      })
  }
}
