import Coinvent
import HTTPServer
import JSON

/// Signals of rings and sock puppets, for curators.
enum SignalsRoute: FeatureRoute {
  case list
  case read(SignalID)
  case decide(SignalID)

  static func at(_ path: Path) -> [(method: Method, route: SignalsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("signals", nil, nil, nil): [(.get, .list)]
    case ("signals", let id?, nil, nil): with(id) { [(.get, .read($0))] }
    case ("signals", let id?, "decision", nil): with(id) { [(.post, .decide($0))] }
    default: []
    }
  }

  var policy: Policy { .members(.curator, .curation) }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await SignalsAPI.list(call)
    case .read(let id): try await SignalsAPI.read(id, call)
    case .decide(let id): try await SignalsAPI.decide(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/signals", "listSignals", "Signals of rings and sock puppets, the newest first",
      query: [
        .init("idea_id", .id(IdeaID.self), "Only those that name votes for this idea"),
        .init("state", .words(states), "Only those in this state"),
      ] + Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("signals", of: .named("Signal")))]),
    Operation(
      .get, "/v1/signals/{signal_id}", "readSignal", "A signal with its votes and decisions",
      answers: [
        .json(
          200, "The signal",
          .all([
            .named("Signal"),
            .object([
              .required(
                "votes",
                .list(
                  .object([
                    .required("idea_id", .id(IdeaID.self)),
                    .required("member_id", .id(MemberID.self)),
                    .required(
                      "standing", .nullable(.words(["counted", "held", "upheld"])),
                      "Null: it was withdrawn"),
                  ])), "At most a thousand"),
              .required(
                "decisions",
                .list(
                  .object([
                    .required("decision", .words(decisions)), .required("reason", .text),
                    .required("decided_by", .nullable(.id(MemberID.self)), "Null: the rules"),
                    .required("decided_at", .time),
                    .required("votes", .count, "How many it concerned"),
                  ]))),
            ]),
          ]))
      ]),
    Operation(
      .post, "/v1/signals/{signal_id}/decision", "decideSignal",
      "Hold, release or uphold a signal's votes, or dismiss it",
      body: .json(
        .object([
          .required("decision", .words(decisions)), .required("reason", .length(1...2000)),
        ])),
      answers: [
        .json(
          201, "The decision",
          .object([
            .required("signal_id", .id(SignalID.self)), .required("decision", .words(decisions)),
            .required("votes", .count, "How many votes it concerned"),
          ]))
      ],
      problems: [(409, "wrong-state")]),
  ]

  private static let states = VoteSignal.State.allCases.map(\.rawValue)
  private static let decisions = DecideSignal.Decision.allCases.map(\.rawValue)

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Signal",
      .object([
        .required("id", .id(SignalID.self)),
        .required("kind", .words(VoteSignal.Kind.allCases.map(\.rawValue))),
        .required("method", .text, "How it was found, with the version"),
        .required("score", .whole(0...1000)), .required("state", .words(states)),
        .required("evidence", .object([]), "Counts, by the method"),
        .required("found_at", .time), .required("changed_at", .time),
      ])
    )
  ]
}

/// `GET /v1/signals`, `GET /v1/signals/{id}` and `POST /v1/signals/{id}/decision`.
enum SignalsAPI {
  static func list(_ call: Call) async throws -> Response {
    let (limit, before) = try call.paging { SignalID($0) }
    let query = call.request.query
    var invalid = Invalid()
    let state = query["state"].flatMap(VoteSignal.State.init)
    if query["state"] != nil, state == nil {
      let words = VoteSignal.State.allCases.map(\.rawValue).joined(separator: ", ")
      invalid.add("/state", "must be one of \(words)")
    }
    let idea = query["idea_id"].flatMap { IdeaID($0) }
    if query["idea_id"] != nil, idea == nil {
      invalid.add("/idea_id", "must be an id that begins with idea_")
    }
    if !invalid.isEmpty { throw invalid }
    let signals = try await VoteSignal.list(
      idea: idea, state: state, before: before, limit: limit, in: call.pool)
    let next = signals.count == limit ? signals.last?.id.description : nil
    return Response.json(
      try JSONWriter.object {
        try $0.array("signals", signals) { writer, signal in
          try writer.object { try write(signal, &$0) }
        }
        $0.field("next_cursor", next)
      }
    ).tagged(for: call.request)
  }

  static func read(_ id: SignalID, _ call: Call) async throws -> Response {
    guard let found = try await VoteSignal.find(id, in: call.pool) else {
      throw Problem.notFound("such signal")
    }
    return Response.json(
      try JSONWriter.object(reserving: 4096) {
        try write(found.signal, &$0)
        $0.array("votes", found.votes) { writer, vote in
          writer.object {
            $0.field("idea_id", vote.idea)
            $0.field("member_id", vote.member)
            $0.field("standing", vote.standing?.rawValue)
          }
        }
        $0.array("decisions", found.decisions) { writer, decision in
          writer.object {
            $0.field("decision", decision.decision.rawValue)
            $0.field("reason", decision.reason)
            $0.field("decided_by", decision.by?.description)
            $0.field("decided_at", decision.at)
            $0.field("votes", decision.votes)
          }
        }
      }
    ).tagged(for: call.request)
  }

  static func decide(_ id: SignalID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let decision = fields.choice("decision", of: DecideSignal.Decision.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await DecideSignal.run(
        decision, signal: id, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .decided(let votes):
        return .created(
          JSONWriter.object {
            $0.field("signal_id", id)
            $0.field("decision", decision.rawValue)
            $0.field("votes", votes)
          })
      case .wrongState(let state):
        throw Problem.conflict(
          "wrong-state", "The signal is \(state.rawValue); \(decision.rawValue) does not follow.")
      case .unknown: throw Problem.notFound("such signal")
      }
    }
  }

  private static func write(_ signal: VoteSignal, _ writer: inout JSONWriter) throws {
    writer.field("id", signal.id)
    writer.field("kind", signal.kind.rawValue)
    writer.field("method", signal.method)
    writer.field("score", signal.score)
    writer.field("state", signal.state.rawValue)
    writer.field("evidence", try JSON.parse(Array(signal.evidence.utf8)))
    writer.field("found_at", signal.foundAt)
    writer.field("changed_at", signal.changedAt)
  }
}
