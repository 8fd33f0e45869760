import Coinvent
import HTTPServer
import JSON

/// What is asked of votes, and a member's own.
enum VotingRoute: FeatureRoute {
  case readPolicy, makePolicy, mine

  static func at(_ path: Path) -> [(method: Method, route: VotingRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("votes", "policy", nil): [(.get, .readPolicy), (.put, .makePolicy)]
    case ("me", "votes", nil): [(.get, .mine)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .readPolicy: .everybody
    case .makePolicy: .members(.admin, .curation)
    case .mine: .members(.member, .read)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .readPolicy: try await VotingAPI.read(call)
    case .makePolicy: try await VotingAPI.make(call)
    case .mine: try await VotingAPI.mine(call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/votes/policy", "readVotePolicy", "What is asked of votes now, and what was before",
      answers: [
        .json(
          200, "The policy, and the last hundred, the newest first",
          .object([
            .required("policy", .named("VotePolicy")),
            .required("history", .list(.named("VotePolicy"))),
          ]))
      ]),
    Operation(
      .put, "/v1/votes/policy", "makeVotePolicy", "Change what is asked of votes from now on",
      body: .json(
        .object([
          .required("budget", .words(budgets)),
          .optional("votes", .whole(1...100_000), "With a budget: how many"),
          .optional("period", .words(periods), "Only per_period; in UTC, weeks begin on Mondays"),
          .optional("hold_score", .nullable(.whole(1...1000))),
          .required("reason", .length(1...2000)),
        ])),
      answers: [.json(200, "The policy", .named("VotePolicy"))]),
    Operation(
      .get, "/v1/me/votes", "listOwnVotes", "One's own votes, the newest first",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page, and what is left of the budget",
          .all([
            .page("votes", of: ownVote),
            .object([
              .required("budget", .words(budgets)),
              .required("votes_left", .nullable(.count), "Null without a budget"),
            ]),
          ]))
      ]),
  ]

  private static let budgets = ["none", "per_period", "outstanding"]
  private static let periods = VotePolicy.Period.allCases.map(\.rawValue)

  private static let ownVote = Shape.object([
    .required("idea_id", .id(IdeaID.self)), .required("title", .text),
    .required("state", .words(Idea.State.allCases.map(\.rawValue)), "Of the idea"),
    .required("cast_at", .time),
    .required("standing", .words(["counted", "held", "upheld"])),
    .required("reason", .nullable(.text), "Why it is held or stays out"),
  ])

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "VotePolicy",
      .object([
        .required("number", .count), .required("budget", .words(budgets)),
        .required("votes", .nullable(.count)), .required("period", .nullable(.words(periods))),
        .required(
          "hold_score", .nullable(.whole(1...1000)),
          "Signals from this score on hold their votes at once; null: a curator decides"),
        .required("reason", .text),
        .required("made_by", .nullable(.id(MemberID.self))), .required("made_at", .time),
      ])
    )
  ]
}

/// `GET`, `PUT /v1/votes/policy` and `GET /v1/me/votes`.
enum VotingAPI {
  static func read(_ call: Call) async throws -> Response {
    let history = try await VotePolicy.history(in: call.pool)
    return Response.json(
      JSONWriter.object {
        if let current = history.first {
          $0.object("policy") { write(current, &$0) }
        }
        $0.array("history", history) { writer, policy in writer.object { write(policy, &$0) } }
      }
    ).tagged(for: call.request)
  }

  private enum BudgetWord: String, CaseIterable {
    case none
    case perPeriod = "per_period"
    case outstanding
  }

  static func make(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let word = fields.choice("budget", of: BudgetWord.self)
    let range: ClosedRange<Int64> = 1...100_000
    let budget: VotePolicy.Budget
    switch word {
    case .none: budget = .none
    case .perPeriod:
      budget = .perPeriod(
        fields.whole("votes", in: range), fields.choice("period", of: VotePolicy.Period.self))
    case .outstanding: budget = .outstanding(fields.whole("votes", in: range))
    }
    let holdScore = fields.optionalWhole("hold_score", in: 1...1000)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let policy = try await VotePolicy.make(
        budget, holdScore: holdScore, reason: reason, by: call.member.member,
        in: tx)
      return .json(JSONWriter.object { write(policy, &$0) })
    }
  }

  private static func write(_ policy: VotePolicy, _ writer: inout JSONWriter) {
    writer.field("number", policy.number)
    writer.field("budget", policy.budget.word)
    writer.field("votes", policy.budget.votes)
    writer.field("period", policy.budget.period?.rawValue)
    writer.field("hold_score", policy.holdScore)
    writer.field("reason", policy.reason)
    writer.field("made_by", policy.madeBy?.description)
    writer.field("made_at", policy.madeAt)
  }

  static func mine(_ call: Call) async throws -> Response {
    let (limit, cursor) = try call.paging(VoteCursor.init)
    let page = try await ListOwnVotes.run(
      of: call.member.member, limit: limit, after: cursor, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("votes", page.votes) { writer, vote in
          writer.object {
            $0.field("idea_id", vote.idea)
            $0.field("title", vote.title)
            $0.field("state", vote.state.rawValue)
            $0.field("cast_at", vote.castAt)
            $0.field("standing", vote.standing.rawValue)
            $0.field("reason", vote.reason)
          }
        }
        $0.field("next_cursor", page.next?.text)
        $0.field("budget", page.policy.budget.word)
        $0.field("votes_left", page.left)
      }
    ).tagged(for: call.request)
  }
}

extension Call {
  /// `limit` and `cursor` of a list.
  /// - Parameter read: nil for a text that is no cursor of this list.
  func paging<Cursor>(_ read: (String) -> Cursor?) throws -> (limit: Int, cursor: Cursor?) {
    var invalid = Invalid()
    var limit = 20
    if let text = request.query["limit"], !text.isEmpty {
      if let number = Int(text), (1...100).contains(number) {
        limit = number
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 100")
      }
    }
    var cursor: Cursor?
    if let text = request.query["cursor"], !text.isEmpty {
      cursor = read(text)
      if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    return (limit, cursor)
  }
}
