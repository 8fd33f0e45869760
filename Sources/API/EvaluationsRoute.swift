import Coinvent
import HTTPServer

/// The routes of evaluation sessions.
enum EvaluationsRoute: FeatureRoute {
  case list, make
  case read(EvaluationID)
  case change(EvaluationID)
  case start(EvaluationID)
  case present(EvaluationID)
  case ratings(EvaluationID)
  case rate(EvaluationID, IdeaID)
  case unrate(EvaluationID, IdeaID)
  case tally(EvaluationID)
  case live(EvaluationID)
  case decide(EvaluationID)
  case close(EvaluationID)

  static func at(_ path: Path) -> [(method: Method, route: EvaluationsRoute)] {
    guard path[0] == "evaluations" else { return [] }
    return switch (path[1], path[2], path[3], path[4]) {
    case (nil, nil, nil, nil): [(.get, .list), (.post, .make)]
    case (let id?, nil, nil, nil): with(id) { [(.get, .read($0)), (.put, .change($0))] }
    case (let id?, let part?, nil, nil): with(id) { at($0, part) }
    case (let id?, "ratings", let idea?, nil):
      with(id) { id in with(idea) { [(.put, .rate(id, $0)), (.delete, .unrate(id, $0))] } }
    default: []
    }
  }

  private static func at(_ id: EvaluationID, _ part: String)
    -> [(method: Method, route: EvaluationsRoute)]
  {
    switch part {
    case "start": [(.post, .start(id))]
    case "current": [(.put, .present(id))]
    case "ratings": [(.get, .ratings(id))]
    case "tally": [(.get, .tally(id))]
    case "live": [(.get, .live(id))]
    case "decisions": [(.post, .decide(id))]
    case "close": [(.post, .close(id))]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read, .tally, .live: .everybody
    case .make, .change, .start, .present, .decide, .close: .members(.curator, .curation)
    case .ratings: .members(.member, .read)
    case .rate, .unrate: .members(.member, .votes)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await EvaluationsAPI.list(call)
    case .make: try await EvaluationsAPI.make(call)
    case .read(let id): try await EvaluationsAPI.read(id, call)
    case .change(let id): try await EvaluationsAPI.change(id, call)
    case .start(let id): try await EvaluationsAPI.start(id, call)
    case .present(let id): try await EvaluationsAPI.present(id, call)
    case .ratings(let id): try await RatingsAPI.mine(id, call)
    case .rate(let id, let idea): try await RatingsAPI.rate(idea, in: id, call)
    case .unrate(let id, let idea): try await RatingsAPI.unrate(idea, in: id, call)
    case .tally(let id): try await RatingsAPI.tally(id, call)
    case .live(let id): try await RatingsAPI.live(id, call)
    case .decide(let id): try await EvaluationsAPI.decide(id, call)
    case .close(let id): try await EvaluationsAPI.close(id, call)
    }
  }

  static let operations = sessions + ratings

  private static let reason = Shape.Field.optional(
    "reason", .length(1...2000), "For the history of the ideas")
  private static let whole = Operation.Answer.json(200, "The session", .named("Evaluation"))

  private static let sessions = [
    Operation(
      .get, "/v1/evaluations", "listEvaluations", "Evaluation sessions, the newest first",
      query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("evaluations", of: .named("EvaluationHead")))]),
    Operation(
      .post, "/v1/evaluations", "planEvaluation", "Plan an evaluation session",
      body: .json(.named("EvaluationPlan")),
      answers: [.json(201, "The session", .named("Evaluation"))]),
    Operation(
      .get, "/v1/evaluations/{evaluation_id}", "readEvaluation",
      "A session with its criteria and agenda", answers: [whole]),
    Operation(
      .put, "/v1/evaluations/{evaluation_id}", "changeEvaluation",
      "Put another plan in place of a session's that has not started",
      body: .json(.named("EvaluationPlan")), answers: [whole],
      problems: [(409, "evaluation-not-planned")]),
    Operation(
      .post, "/v1/evaluations/{evaluation_id}/start", "startEvaluation",
      "Make a session live: its ideas are in evaluation from then on",
      body: .optionalJSON(.object([reason])), answers: [whole],
      problems: [(409, "evaluation-not-planned"), (409, "agenda-unfit")]),
    Operation(
      .put, "/v1/evaluations/{evaluation_id}/current", "presentIdea",
      "Say which idea is presented now",
      body: .json(.object([.optional("idea_id", .nullable(.id(IdeaID.self)), "Null: none")])),
      answers: [whole], problems: [(409, "evaluation-not-live")]),
    Operation(
      .post, "/v1/evaluations/{evaluation_id}/decisions", "decideEvaluated",
      "Record the decision about an idea on the agenda",
      body: .json(
        .object([
          .required("idea_id", .id(IdeaID.self)),
          .required("decision", .words(DecideEvaluated.Choice.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000), "For everybody who may read the idea"),
          .optional("recipe", .named("Recipe"), "Only for accept"),
          .optional("contract", .named("Contract"), "Only for accept"),
        ])),
      answers: [
        .json(
          201, "The decision",
          .object([
            .required("evaluation_id", .id(EvaluationID.self)),
            .required("idea_id", .id(IdeaID.self)), .required("decision", .text),
            .required("state", .text, "Of the idea"), .required("reason", .text),
            .optional("product_id", .id(ProductID.self)),
          ]))
      ],
      problems: [
        (409, "evaluation-not-live"), (409, "already-decided"), (409, "decided-elsewhere"),
      ]),
    Operation(
      .post, "/v1/evaluations/{evaluation_id}/close", "closeEvaluation",
      "End a session once each idea has its decision",
      detail: "A planned session is called off by it.",
      body: .optionalJSON(
        .object([
          .optional("carry_rest", .flag, "True: ideas without a decision go back to review"),
          reason,
        ])),
      answers: [whole], problems: [(409, "undecided"), (409, "evaluation-closed")]),
  ]

  private static let scores = Shape.Field.required(
    "scores",
    .list(
      .object([
        .required("criterion", .text, "Its name"),
        .required("score", .whole(1...10), "From 1 to the criterion's scale"),
      ]), 1...10))

  private static let rating = Shape.object([
    .required("evaluation_id", .id(EvaluationID.self)), .required("idea_id", .id(IdeaID.self)),
    .required(
      "scores",
      .list(.object([.required("criterion", .text), .required("score", .whole(1...10))]))),
  ])

  private static let ratings = [
    Operation(
      .get, "/v1/evaluations/{evaluation_id}/ratings", "listOwnRatings", "One's own ratings",
      answers: [
        .json(
          200, "In the order of the agenda", .object([.required("ratings", .list(rating))]))
      ]),
    Operation(
      .put, "/v1/evaluations/{evaluation_id}/ratings/{idea_id}", "rateIdea",
      "Rate an idea of a live session, in place of one's former rating",
      body: .json(.object([scores])),
      answers: [.json(200, "The rating", rating)],
      problems: [(403, "own-idea"), (409, "evaluation-not-live")]),
    Operation(
      .delete, "/v1/evaluations/{evaluation_id}/ratings/{idea_id}", "unrateIdea",
      "Take one's rating of an idea back", answers: [.empty(204, "There is none")],
      problems: [(403, "own-idea"), (409, "evaluation-not-live")]),
    Operation(
      .get, "/v1/evaluations/{evaluation_id}/tally", "readEvaluationTally",
      "What the ratings come to", answers: [.json(200, "Now", .named("EvaluationTally"))]),
    Operation(
      .get, "/v1/evaluations/{evaluation_id}/live", "watchEvaluation",
      "The tally, whenever it changes, as server-sent events until the session closes",
      detail: "The first event `tally` holds all ideas, later ones only those that have changed; "
        + "`end` is the last event. Data is an EvaluationTally.",
      answers: [.bytes(200, "Events", type: "text/event-stream")],
      problems: [(429, "too-many-requests"), (503, "unavailable")]),
  ]

  private static let head: [Shape.Field] = [
    .required("id", .id(EvaluationID.self)), .required("title", .text),
    .required("starts_at", .time, "As announced; a curator starts and ends it"),
    .required("ends_at", .time),
    .required("state", .words(Evaluation.State.allCases.map(\.rawValue))),
    .required("current_idea_id", .nullable(.id(IdeaID.self)), "Presented now"),
    .required("started_at", .nullable(.time)), .required("closed_at", .nullable(.time)),
  ]

  private static let criteria = Shape.Field.required(
    "criteria",
    .list(
      .object([
        .required("name", .length(1...40)),
        .required("scale", .whole(2...10), "Scores go from 1 to this"),
        .required("description", .length(1...300)),
      ]), 1...10))

  private static let decision = Shape.Field.required(
    "decision", .nullable(.words(Evaluation.Decision.allCases.map(\.rawValue))))

  static let schemas: [(name: String, shape: Shape)] = [
    ("EvaluationHead", .object(head)),
    (
      "EvaluationPlan",
      .object([
        .required("title", .length(1...100)), .required("starts_at", .time),
        .required("ends_at", .time), criteria,
        .required(
          "agenda", .list(.id(IdeaID.self), 1...100), "Qualified or in review, in their order"),
      ])
    ),
    (
      "Evaluation",
      .object(
        head + [
          criteria,
          .required(
            "agenda",
            .list(
              .object([
                .required("idea_id", .id(IdeaID.self)),
                .required("title", .nullable(.text), "Null: the idea has been removed"),
                decision, .required("reason", .nullable(.text)),
                .required("decided_at", .nullable(.time)),
              ]))),
        ])
    ),
    (
      "EvaluationTally",
      .object([
        .required("evaluation_id", .id(EvaluationID.self)),
        .required("state", .words(Evaluation.State.allCases.map(\.rawValue))),
        .required("current_idea_id", .nullable(.id(IdeaID.self))),
        .required(
          "ideas",
          .list(
            .object([
              .required("idea_id", .id(IdeaID.self)), decision,
              .required(
                "criteria",
                .list(
                  .object([
                    .required("criterion", .text), .required("count", .count, "Of ratings"),
                    .required("counts", .list(.count), "How many gave each score, 1 first"),
                    .required("mean", .nullable(.decimal), "To a thousandth; null: no rating"),
                  ]))),
            ]))),
      ])
    ),
  ]
}
