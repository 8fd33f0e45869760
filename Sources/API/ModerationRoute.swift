import Coinvent
import HTTPServer
import JSON

/// Bans, roles and the record of who did what.
enum ModerationRoute: FeatureRoute {
  case ban(MemberID), lift(MemberID), bans(MemberID), setRole(MemberID), audit

  static func at(_ path: Path) -> [(method: Method, route: ModerationRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("members", let id?, "ban", nil): with(id) { [(.put, .ban($0)), (.delete, .lift($0))] }
    case ("members", let id?, "bans", nil): with(id) { [(.get, .bans($0))] }
    case ("members", let id?, "role", nil): with(id) { [(.put, .setRole($0))] }
    case ("audit", nil, nil, nil): [(.get, .audit)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .ban, .lift: .members(.curator, .curation)
    case .bans: .members(.member, .read)
    case .setRole: .members(.admin, .account)
    case .audit: .members(.admin, .read)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .ban(let id): try await BansAPI.ban(id, call)
    case .lift(let id): try await BansAPI.lift(id, call)
    case .bans(let id): try await BansAPI.list(id, call)
    case .setRole(let id): try await RolesAPI.set(id, call)
    case .audit: try await AuditAPI.list(call)
    }
  }

  static let operations = [
    Operation(
      .put, "/v1/members/{member_id}/ban", "banMember", "Ban a member from a part of what there is",
      detail: "It takes the place of a ban before it, and ends by itself.",
      body: .json(
        .object([
          .required("scope", .words(Ban.Scope.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
          .optional("until", .nullable(.time), "Null: until it is lifted"),
        ])),
      answers: [.json(200, "The ban", .named("Ban"))],
      problems: [(403, "protected-member")]),
    Operation(
      .delete, "/v1/members/{member_id}/ban", "liftBan", "End a ban by hand",
      query: [.init("reason", .length(1...2000), "Why", required: true)],
      answers: [.json(200, "The end, as its history tells it", .named("Ban"))],
      problems: [(403, "protected-member"), (409, "not-banned")]),
    Operation(
      .get, "/v1/members/{member_id}/bans", "listBans",
      "A member's bans, for the member and curators; the last 100, newest first",
      answers: [
        .json(200, "The history", .object([.required("bans", .list(.named("Ban")))]))
      ]),
    Operation(
      .put, "/v1/members/{member_id}/role", "setRole", "Give a member another role",
      body: .json(
        .object([
          .required("role", .words(Role.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
        ])),
      answers: [
        .json(
          200, "The role",
          .object([
            .required("id", .id(MemberID.self)), .required("handle", .text),
            .required("role", .words(Role.allCases.map(\.rawValue))),
          ]))
      ],
      problems: [(409, "last-admin")]),
    Operation(
      .get, "/v1/audit", "readAudit", "What curators and admins have done, the last first",
      query: Operation.Parameter.paging + [
        .init("actor", .id(MemberID.self), "Who did it"),
        .init("action", .text, "Such as `idea_moved`, `member_banned` or `role_changed`"),
        .init("kind", .text, "What its id begins with, such as `idea`, `mem` or `comment`"),
        .init("id", .text, "What it was done to"),
        .init("since", .time, "From this time on"),
        .init("until", .time, "Before this time"),
      ],
      answers: [.json(200, "A page", .page("entries", of: .named("AuditEntry")))]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Ban",
      .object([
        .required("member_id", .id(MemberID.self)),
        .required("number", .whole(1...2_147_483_647)),
        .required(
          "scope", .nullable(.words(Ban.Scope.allCases.map(\.rawValue))),
          "Null: the ban before was lifted"),
        .required("until", .nullable(.time), "Null: until it is lifted"),
        .required("reason", .text),
        .required("by", .id(MemberID.self)),
        .required("made_at", .time),
        .required("in_force", .flag),
      ])
    ),
    (
      "AuditEntry",
      .object([
        .required("number", .count),
        .required("actor_id", .nullable(.id(MemberID.self)), "Null: at the command line"),
        .required("actor_handle", .nullable(.text)),
        .required("action", .text),
        .required("thing", .text, "The id of what it was done to, or a word such as `gates`"),
        .required("reason", .nullable(.text)),
        .required("before", .anything),
        .required("after", .anything),
        .required("happened_at", .time),
      ])
    ),
  ]
}
