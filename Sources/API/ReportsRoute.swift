import Coinvent
import HTTPServer
import JSON

/// Reports by members, and the cases that curators make of them.
enum ReportsRoute: FeatureRoute {
  case reportIdea(IdeaID), reportMember(MemberID), reportComment(CommentID)
  case list, read(CaseID), claim(CaseID), release(CaseID), resolve(CaseID)

  static func at(_ path: Path) -> [(method: Method, route: ReportsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas", let id?, "reports", nil): with(id) { [(.post, .reportIdea($0))] }
    case ("members", let id?, "reports", nil): with(id) { [(.post, .reportMember($0))] }
    case ("comments", let id?, "reports", nil): with(id) { [(.post, .reportComment($0))] }
    case ("moderation", nil, nil, nil): [(.get, .list)]
    case ("moderation", let id?, nil, nil): with(id) { [(.get, .read($0))] }
    case ("moderation", let id?, "claim", nil):
      with(id) { [(.put, .claim($0)), (.delete, .release($0))] }
    case ("moderation", let id?, "resolution", nil): with(id) { [(.post, .resolve($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .reportIdea, .reportMember, .reportComment: .members(.member, .comments)
    case .list, .read, .claim, .release, .resolve: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .reportIdea(let id): try await ReportsAPI.report(.idea(id), call)
    case .reportMember(let id): try await ReportsAPI.report(.member(id), call)
    case .reportComment(let id): try await ReportsAPI.report(.comment(id), call)
    case .list: try await CasesAPI.list(call)
    case .read(let id): try await CasesAPI.read(id, call)
    case .claim(let id): try await CasesAPI.claim(id, true, call)
    case .release(let id): try await CasesAPI.claim(id, false, call)
    case .resolve(let id): try await CasesAPI.resolve(id, call)
    }
  }

  static let operations = reporting + curating

  private static let reporting = [
    reporting("/v1/ideas/{idea_id}/reports", "reportIdea", "Report an idea to the curators"),
    reporting("/v1/members/{member_id}/reports", "reportMember", "Report a member to the curators"),
    reporting(
      "/v1/comments/{comment_id}/reports", "reportComment", "Report a comment to the curators"),
  ]

  private static func reporting(_ path: String, _ id: String, _ summary: String) -> Operation {
    Operation(
      .post, path, id, summary,
      body: .json(
        .object([
          .required("reason", .words(Report.Reason.allCases.map(\.rawValue))),
          .optional("text", .nullable(.length(1...1000))),
        ])),
      answers: [
        .json(201, "It is with the curators", .object([.required("case_id", .id(CaseID.self))]))
      ],
      problems: [
        (403, "banned"), (409, "already-reported"), (409, "own-thing"), (429, "too-many-reports"),
      ])
  }

  private static let curating = [
    Operation(
      .get, "/v1/moderation", "listCases", "The open cases",
      query: Operation.Parameter.paging + [
        .init("order", .words(ListCases.Order.allCases.map(\.rawValue)), "`oldest` unless given"),
        .init("kind", .words(ReportedThing.Kind.allCases.map(\.rawValue)), "Only these"),
      ],
      answers: [.json(200, "A page", .page("cases", of: .named("Case")))]),
    Operation(
      .get, "/v1/moderation/{case_id}", "readCase", "A case with its reports, at most 100",
      answers: [
        .json(
          200, "The case",
          .all([
            .named("Case"),
            .object([
              .required(
                "all_reports",
                .list(
                  .object([
                    .required("reporter_id", .id(MemberID.self)),
                    .required("reason", .words(Report.Reason.allCases.map(\.rawValue))),
                    .required("text", .nullable(.text)),
                    .required("reported_at", .time),
                  ])))
            ]),
          ]))
      ]),
    Operation(
      .put, "/v1/moderation/{case_id}/claim", "claimCase",
      "Take a case for 24 hours, so that nobody else works on it",
      answers: [.json(200, "It is yours", .named("Case"))],
      problems: [(409, "case-resolved"), (409, "case-claimed")]),
    Operation(
      .delete, "/v1/moderation/{case_id}/claim", "releaseCase", "Give a case back",
      answers: [.json(200, "It is anybody's", .named("Case"))],
      problems: [(409, "case-resolved"), (409, "case-claimed")]),
    Operation(
      .post, "/v1/moderation/{case_id}/resolution", "resolveCase", "Decide a case",
      detail: "The same again by the same curator gets the same answer.",
      body: .json(
        .object([
          .required("action", .words(Case.Action.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
          .optional(
            "scope", .nullable(.words(Ban.Scope.allCases.map(\.rawValue))),
            "What a ban is from; with `ban` only, and then `all` unless given"),
          .optional("until", .nullable(.time), "The end of a ban; null: until it is lifted"),
        ])),
      answers: [.json(200, "The case", .named("Case"))],
      problems: [
        (403, "protected-member"), (409, "case-resolved"), (409, "case-claimed"),
        (409, "action-does-not-fit"), (409, "not-removable"),
      ]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Case",
      .object([
        .required("id", .id(CaseID.self)),
        .required("kind", .words(ReportedThing.Kind.allCases.map(\.rawValue))),
        .required("thing", .text, "The id of what was reported"),
        .required("member_id", .id(MemberID.self), "Who answers for it"),
        .required("idea_id", .nullable(.id(IdeaID.self)), "Null: a member was reported"),
        .required("reports", .count),
        .required("reasons", .anything, "How many reports there are for each reason"),
        .required("opened_at", .time),
        .required("claimed_by", .nullable(.id(MemberID.self))),
        .required(
          "resolution",
          .nullable(
            .object([
              .required("action", .words(Case.Action.allCases.map(\.rawValue))),
              .required("reason", .text),
              .required("by", .id(MemberID.self)),
              .required("at", .time),
            ])), "Null while it is open"),
      ])
    )
  ]
}
