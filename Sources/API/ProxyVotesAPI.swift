import Coinvent
import HTTPServer
import JSON

/// Votes that curators record for named persons, and that these confirm.
enum ProxyVotesRoute: FeatureRoute {
  case list(IdeaID)
  case cast(IdeaID)
  case rescind(IdeaID, ProxyVoteID)
  case confirm(IdeaID, ProxyVoteID)
  case waiting

  static func at(_ path: Path) -> [(method: Method, route: ProxyVotesRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("me", "proxy-votes", nil, nil, nil): [(.get, .waiting)]
    case ("ideas", let idea?, "proxy-votes", nil, nil):
      with(idea) { [(.get, .list($0)), (.post, .cast($0))] }
    case ("ideas", let idea?, "proxy-votes", let id?, let part):
      with(idea) { idea in
        with(id) { id in
          switch part {
          case nil: [(.delete, .rescind(idea, id))]
          case "confirmation": path.count == 5 ? [(.post, .confirm(idea, id))] : []
          default: []
          }
        }
      }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list: .everybody
    case .cast, .rescind: .members(.curator, .curation)
    case .confirm: .members(.member, .votes)
    case .waiting: .members(.member, .read)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let idea): try await ProxyVotesAPI.list(idea, call)
    case .cast(let idea): try await ProxyVotesAPI.cast(idea, call)
    case .rescind(let idea, let id): try await ProxyVotesAPI.rescind(id, of: idea, call)
    case .confirm(let idea, let id): try await ProxyVotesAPI.confirm(id, of: idea, call)
    case .waiting: try await ProxyVotesAPI.waiting(call)
    }
  }

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ProxyVote",
      .object([
        .required("id", .id(ProxyVoteID.self)), .required("idea_id", .id(IdeaID.self)),
        .required("person", .text), .required("email", .text),
        .required("note", .nullable(.text)),
        .required("state", .words(ProxyVote.State.allCases.map(\.rawValue))),
        .required("cast_by", .id(MemberID.self), "The curator"), .required("cast_at", .time),
        .required("rescinded_at", .nullable(.time)),
        .required("confirmed_by", .nullable(.id(MemberID.self))),
        .required("confirmed_at", .nullable(.time)),
      ])
    )
  ]

  static let operations = [
    Operation(
      .get, "/v1/ideas/{idea_id}/proxy-votes", "listProxyVotes",
      "How many votes wait for the persons they were recorded for; curators see whose",
      answers: [
        .json(
          200, "The count, and for curators the votes",
          .object([
            .required("votes_on_behalf", .count),
            .optional("proxy_votes", .list(.named("ProxyVote")), "Only for curators"),
          ]))
      ]),
    Operation(
      .post, "/v1/ideas/{idea_id}/proxy-votes", "castProxyVote",
      "Record a vote for a named person; it counts once the person confirms",
      body: .json(
        .object([
          .required("person", .length(1...60)), .required("email", .length(3...254)),
          .optional("note", .length(1...500), "How it is known"),
        ])),
      answers: [.json(201, "The vote, now or as it was first recorded", .named("ProxyVote"))],
      problems: [(409, "own-idea"), (409, "votes-already"), (409, "idea-closed")]),
    Operation(
      .delete, "/v1/ideas/{idea_id}/proxy-votes/{proxy_vote_id}", "rescindProxyVote",
      "Take a proxy vote back that is not confirmed",
      answers: [.json(200, "Rescinded, now or already", .named("ProxyVote"))],
      problems: [(409, "confirmed-already")]),
    Operation(
      .post, "/v1/ideas/{idea_id}/proxy-votes/{proxy_vote_id}/confirmation", "confirmProxyVote",
      "Make a vote that was recorded for you your own",
      detail: "Only for the member with the e-mail address that it names. Where the idea was "
        + "merged into another, the vote is for that one.",
      answers: [
        .json(
          200, "The vote stands",
          .object([
            .required("idea_id", .id(IdeaID.self)), .required("votes", .count),
            .required("voted", .flag),
          ]))
      ],
      problems: [
        (403, "own-idea"), (409, "confirmed-already"), (409, "rescinded"), (409, "idea-closed"),
      ]),
    Operation(
      .get, "/v1/me/proxy-votes", "listOwnProxyVotes", "Votes that wait for one's confirmation",
      answers: [
        .json(
          200, "The newest first",
          .object([.required("proxy_votes", .list(.named("ProxyVote")))]))
      ]),
  ]
}

enum ProxyVotesAPI {
  static func list(_ idea: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(idea, call)
    let count = try await ListProxyVotes.count(of: idea, in: call.pool)
    let isCurator = call.principal?.role.includes(.curator) ?? false
    let votes = isCurator ? try await ListProxyVotes.of(idea, in: call.pool) : nil
    return Response.json(
      JSONWriter.object {
        $0.field("votes_on_behalf", count)
        if let votes { write(votes, &$0) }
      }
    ).tagged(for: call.request)
  }

  static func waiting(_ call: Call) async throws -> Response {
    let votes = try await ListProxyVotes.waiting(for: call.member.member, in: call.pool)
    return Response.json(JSONWriter.object { write(votes, &$0) }).tagged(for: call.request)
  }

  static func cast(_ idea: IdeaID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let draft = CastProxyVote.Draft(
      person: fields.text("person"), email: fields.text("email"),
      note: fields.optionalText("note"))
    try fields.finish(and: draft.faults)
    return try await call.write { tx in
      switch try await CastProxyVote.run(draft, idea: idea, by: call.member.member, in: tx) {
      case .recorded(let vote), .alreadyThere(let vote):
        return .created(
          JSONWriter.object { write(vote, &$0) },
          at: "/v1/ideas/\(idea)/proxy-votes")
      case .votesAlready:
        throw Problem.conflict("votes-already", "That person votes for the idea already.")
      case .ownIdea:
        throw Problem.conflict("own-idea", "That person is the idea's author.")
      case .closed(let state):
        throw Problem.conflict("idea-closed", "The idea is \(state.rawValue); votes are over.")
      case .unknown: throw Problem.notFound("such idea")
      }
    }
  }

  static func rescind(_ id: ProxyVoteID, of idea: IdeaID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      switch try await RescindProxyVote.run(id, of: idea, by: call.member.member, in: tx) {
      case .alreadyRescinded(let vote), .rescinded(let vote):
        return .json(JSONWriter.object { write(vote, &$0) })
      case .confirmed:
        throw Problem.conflict(
          "confirmed-already", "The person has confirmed it; it is their own vote now.")
      case .unknown: throw Problem.notFound("such proxy vote")
      }
    }
  }

  static func confirm(_ id: ProxyVoteID, of idea: IdeaID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      switch try await ConfirmProxyVote.run(id, of: idea, by: call.member.member, in: tx) {
      case .confirmed(let target, let answer):
        return .json(
          JSONWriter.object {
            $0.field("idea_id", target)
            $0.field("votes", answer.votes)
            $0.field("voted", answer.voted)
          })
      case .alreadyConfirmed:
        throw Problem.conflict("confirmed-already", "You have confirmed it already.")
      case .rescinded: throw Problem.conflict("rescinded", "The vote was taken back.")
      case .refused(let outcome): throw VotesAPI.refusal(outcome)
      case .unknown: throw Problem.notFound("such vote for you to confirm")
      }
    }
  }

  private static func write(_ votes: [ProxyVote], _ writer: inout JSONWriter) {
    writer.array("proxy_votes", votes) { writer, vote in writer.object { write(vote, &$0) } }
  }

  private static func write(_ vote: ProxyVote, _ writer: inout JSONWriter) {
    writer.field("id", vote.id)
    writer.field("idea_id", vote.idea)
    writer.field("person", vote.person)
    writer.field("email", vote.email)
    writer.field("note", vote.note)
    writer.field("state", vote.state.rawValue)
    writer.field("cast_by", vote.castBy)
    writer.field("cast_at", vote.castAt)
    writer.field("rescinded_at", vote.rescindedAt)
    writer.field("confirmed_by", vote.confirmedBy?.description)
    writer.field("confirmed_at", vote.confirmedAt)
  }
}
