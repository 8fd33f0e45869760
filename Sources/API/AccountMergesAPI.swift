import Coinvent
import HTTPServer
import JSON
import Postgres

/// Two accounts of one person.
enum AccountMergesRoute: FeatureRoute {
  case list, ask, confirm(MergeID), end(MergeID)
  case toUndo, undo(MergeID)

  static func at(_ path: Path) -> [(method: Method, route: AccountMergesRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("me", "merges", nil, nil, nil): [(.get, .list), (.post, .ask)]
    case ("me", "merges", let id?, "confirmation", nil): with(id) { [(.post, .confirm($0))] }
    case ("me", "merges", let id?, "end", nil): with(id) { [(.post, .end($0))] }
    case ("merges", nil, nil, nil, nil): [(.get, .toUndo)]
    case ("merges", let id?, "end", nil, nil): with(id) { [(.post, .undo($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .ask, .confirm, .end: .members(.member, .account)
    case .toUndo, .undo: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await AccountMergesAPI.list(call)
    case .ask: try await AccountMergesAPI.ask(call)
    case .confirm(let id): try await AccountMergesAPI.confirm(id, call)
    case .end(let id): try await AccountMergesAPI.end(id, isCurator: false, call)
    case .toUndo: try await AccountMergesAPI.toUndo(call)
    case .undo(let id): try await AccountMergesAPI.end(id, isCurator: true, call)
    }
  }

  private static let refusals = [
    (409, "one-account"), (409, "account-not-active"), (409, "already-merging"),
    (409, "merge-in-a-circle"), (409, "has-assigned"), (409, "merge-ended"),
  ]

  private static let merges = Shape.object([.required("merges", .list(.named("AccountMerge")))])

  static let operations = [
    Operation(
      .get, "/v1/me/merges", "listAccountMerges", "One's account as one of two, at most 100",
      answers: [.json(200, "The newest first", merges)]),
    Operation(
      .post, "/v1/me/merges", "askAccountMerge", "Say that another account is one's own too",
      detail: "Both accounts confirm, each signed in; the first by asking. From then on the "
        + "claims of `from` count as those of `to`; money that is credited stays where it is.",
      body: .json(
        .object([
          .required("from", .id(MemberID.self)), .required("to", .id(MemberID.self)),
          .required("reason", .length(1...2000)),
        ])),
      answers: [
        .json(200, "The other side had asked for it already", .named("AccountMerge")),
        .json(201, "It waits for the other account", .named("AccountMerge")),
      ],
      problems: [(403, "not-your-account")] + refusals),
    Operation(
      .post, "/v1/me/merges/{merge_id}/confirmation", "confirmAccountMerge",
      "Confirm that both accounts are one's own",
      answers: [.json(200, "As it is now", .named("AccountMerge"))], problems: refusals),
    Operation(
      .post, "/v1/me/merges/{merge_id}/end", "endAccountMerge",
      "Refuse a merge that is not confirmed, or ask to undo one that is",
      detail: "Undone when both sides ask, or a curator agrees with one.",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "As it is now", .named("AccountMerge"))]),
    Operation(
      .get, "/v1/merges", "listMergesToUndo", "Merges that one side wants undone, at most 100",
      answers: [.json(200, "The oldest first", merges)]),
    Operation(
      .post, "/v1/merges/{merge_id}/end", "undoAccountMerge",
      "Undo a merge that one side wants undone",
      detail: "Later shares are exactly what they would have been without it.",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "It is undone, now or already", .named("AccountMerge"))],
      problems: [(409, "undo-not-asked")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "AccountMerge",
      .object([
        .required("id", .id(MergeID.self)),
        .required("from", .id(MemberID.self), "Its claims count as the other's"),
        .required("to", .id(MemberID.self)), .required("asked_by", .id(MemberID.self)),
        .required("asked_at", .time), .required("reason", .text),
        .required("state", .words(IdentityMerge.State.allCases.map(\.rawValue))),
        .required("undo_asked", .flag), .required("ended_at", .nullable(.time)),
        .required("end_reason", .nullable(.text)),
      ])
    )
  ]
}

enum AccountMergesAPI {
  static func list(_ call: Call) async throws -> Response {
    answer(try await IdentityMerge.all(of: call.member.member, in: call.pool))
  }

  static func toUndo(_ call: Call) async throws -> Response {
    answer(try await IdentityMerge.toUndo(in: call.pool))
  }

  static func ask(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let from = fields.id("from", as: MemberID.self)
    let to = fields.id("to", as: MemberID.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    let me = call.member.member
    guard me == from || me == to else {
      throw Problem.forbidden("Sign in as one of the two accounts.", as: "not-your-account")
    }
    return try await call.write { tx in
      try answer(await AskMerge.ask(from, into: to, reason: reason, by: me, in: tx), isNew: true)
    }
  }

  static func confirm(_ id: MergeID, _ call: Call) async throws -> Response {
    try await call.write { tx in
      try answer(await AskMerge.confirm(id, by: call.member.member, in: tx), isNew: false)
    }
  }

  static func end(_ id: MergeID, isCurator: Bool, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let me = call.member.member
      let outcome =
        isCurator
        ? try await EndMerge.byCurator(id, reason: reason, by: me, in: tx)
        : try await EndMerge.bySide(id, reason: reason, by: me, in: tx)
      switch outcome {
      case .ended(let merge), .undoAsked(let merge): return .json(bytes(merge))
      case .notAsked:
        throw Problem.conflict("undo-not-asked", "Neither of the two has asked to undo it.")
      case .unknown: throw Problem.notFound("such merge")
      }
    }
  }

  private static func answer(_ outcome: AskMerge.Outcome, isNew: Bool) throws -> Response {
    switch outcome {
    case .asked(let merge):
      return isNew ? .created(bytes(merge), at: "/v1/me/merges") : .json(bytes(merge))
    case .merged(let merge): return .json(bytes(merge))
    case .unknown: throw Problem.notFound("such merge")
    case .unknownMember: throw Problem.notFound("such member")
    case .ended: throw Problem.conflict("merge-ended", "It has ended; ask for another.")
    case .refused(let refusal): throw problem(refusal)
    }
  }

  private static func problem(_ refusal: AskMerge.Refusal) -> Problem {
    switch refusal {
    case .oneAccount: .conflict("one-account", "Name two accounts.")
    case .notActive(let member):
      .conflict("account-not-active", "\(member) is banned, has left, or is closed.")
    case .alreadyMerging:
      .conflict("already-merging", "The account counts as another one, or that is asked for.")
    case .circle:
      .conflict("merge-in-a-circle", "The other account counts as this one already.")
    case .hasAssigned(let member):
      .conflict("has-assigned", "\(member) has given or offered a part of a share to another.")
    }
  }

  private static func answer(_ merges: [IdentityMerge]) -> Response {
    .json(
      JSONWriter.object {
        $0.array("merges", merges) { writer, merge in writer.object { write(merge, &$0) } }
      })
  }

  private static func bytes(_ merge: IdentityMerge) -> [UInt8] {
    JSONWriter.object { write(merge, &$0) }
  }

  private static func write(_ merge: IdentityMerge, _ writer: inout JSONWriter) {
    writer.field("id", merge.id)
    writer.field("from", merge.from)
    writer.field("to", merge.to)
    writer.field("asked_by", merge.askedBy)
    writer.field("asked_at", merge.askedAt)
    writer.field("reason", merge.reason)
    writer.field("state", merge.state.rawValue)
    writer.field("undo_asked", merge.isUndoAsked)
    writer.field("ended_at", merge.endedAt)
    writer.field("end_reason", merge.endReason)
  }
}
