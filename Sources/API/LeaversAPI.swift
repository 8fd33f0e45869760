import Coinvent
import HTTPServer
import JSON
import Postgres

/// What becomes of the holdings of those who leave or die.
enum LeaversRoute: FeatureRoute {
  case readRule, setRule
  case recordDeath(MemberID), takeBackDeath(MemberID)
  case list, accept(MemberID), decline(MemberID)

  static func at(_ path: Path) -> [(method: Method, route: LeaversRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("leaver-rule", nil, nil, nil, nil): [(.get, .readRule), (.put, .setRule)]
    case ("members", let id?, "death", nil, nil):
      with(id) { [(.put, .recordDeath($0)), (.delete, .takeBackDeath($0))] }
    case ("me", "inheritances", nil, nil, nil): [(.get, .list)]
    case ("me", "inheritances", let id?, "acceptance", nil): with(id) { [(.post, .accept($0))] }
    case ("me", "inheritances", let id?, "refusal", nil): with(id) { [(.post, .decline($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .readRule: .everybody
    case .setRule: .members(.admin, .curation)
    case .recordDeath, .takeBackDeath: .members(.curator, .curation)
    case .list: .members(.member, .read)
    case .accept, .decline: .members(.member, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .readRule: LeaversAPI.rule(try await LeaverRule.inForce(in: call.pool))
    case .setRule: try await LeaversAPI.setRule(call)
    case .recordDeath(let member): try await LeaversAPI.record(member, call)
    case .takeBackDeath(let member): try await LeaversAPI.takeBack(member, call)
    case .list: try await LeaversAPI.list(call)
    case .accept(let member): try await LeaversAPI.take(member, accepts: true, call)
    case .decline(let member): try await LeaversAPI.take(member, accepts: false, call)
    }
  }

  private static let rule = Shape.object([
    .required("rule", .words(LeaverRule.allCases.map(\.rawValue)))
  ])

  static let operations = [
    Operation(
      .get, "/v1/leaver-rule", "readLeaverRule",
      "Whether those who leave keep what they hold, or the house gets it",
      answers: [.json(200, "The rule", rule)]),
    Operation(
      .put, "/v1/leaver-rule", "setLeaverRule", "Set the rule for those who leave from now on",
      body: .json(
        .object([
          .required("rule", .words(LeaverRule.allCases.map(\.rawValue))),
          .required("reason", .length(1...2000)),
        ])),
      answers: [.json(200, "The rule, now or already", rule)]),
    Operation(
      .put, "/v1/members/{member_id}/death", "recordDeath",
      "Record that a member has died, and who is the heir",
      detail: "The account is closed at once; the holdings go over when the heir accepts.",
      body: .json(
        .object([
          .required("heir_id", .id(MemberID.self)),
          .required("evidence", .length(1...2000), "What shows it"),
        ])),
      answers: [.json(200, "It is recorded, now or already", .named("Death"))],
      problems: [
        (403, "heir-is-the-curator"), (409, "heir-named"), (409, "account-not-active"),
        (422, "invalid-fields"),
      ]),
    Operation(
      .delete, "/v1/members/{member_id}/death", "takeBackDeath",
      "Take a wrong record back; the account is open again",
      query: [.init("reason", .length(1...2000), "Why", required: true)],
      answers: [.json(200, "It is taken back, now or already", .named("Death"))],
      problems: [(409, "inheritance-accepted")]),
    Operation(
      .get, "/v1/me/inheritances", "listInheritances", "Of whom one was named the heir",
      answers: [
        .json(
          200, "The newest first, at most 100",
          .object([.required("inheritances", .list(.named("Death")))]))
      ]),
    Operation(
      .post, "/v1/me/inheritances/{member_id}/acceptance", "acceptInheritance",
      "Accept what a member held, in every product from its next shares on",
      answers: [.json(200, "It is accepted, now or already", .named("Death"))],
      problems: [(409, "inheritance-ended"), (409, "account-not-active")]),
    Operation(
      .post, "/v1/me/inheritances/{member_id}/refusal", "declineInheritance",
      "Decline it; a curator may name another heir",
      answers: [.json(200, "It is declined, now or already", .named("Death"))],
      problems: [(409, "inheritance-ended")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Death",
      .object([
        .required("member_id", .id(MemberID.self)), .required("heir_id", .id(MemberID.self)),
        .required("evidence", .text), .required("recorded_at", .time),
        .required("state", .words(Death.State.allCases.map(\.rawValue))),
      ])
    )
  ]
}

enum LeaversAPI {
  static func rule(_ rule: LeaverRule) -> Response {
    .json(JSONWriter.object { $0.field("rule", rule.rawValue) })
  }

  static func setRule(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let rule = fields.choice("rule", of: LeaverRule.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      try await LeaverRule.set(rule, reason: reason, by: call.member.member, in: tx)
      return Self.rule(rule)
    }
  }

  static func record(_ member: MemberID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let heir = fields.id("heir_id", as: MemberID.self)
    let evidence = fields.text("evidence")
    try fields.finish(and: MoveIdea.fault(reason: evidence).map { [("/evidence", $0)] } ?? [])
    return try await call.write { tx in
      try answer(
        await RecordDeath.run(
          member, heir: heir, evidence: evidence, by: call.member.member, in: tx))
    }
  }

  static func takeBack(_ member: MemberID, _ call: Call) async throws -> Response {
    let reason = call.request.query["reason"] ?? ""
    return try await call.write { tx in
      try answer(
        await RecordDeath.takeBack(member, reason: reason, by: call.member.member, in: tx))
    }
  }

  private static func answer(_ outcome: RecordDeath.Outcome) throws -> Response {
    switch outcome {
    case .recorded(let death), .takenBack(let death): return .json(bytes(death))
    case .unknownMember: throw Problem.notFound("such member")
    case .notRecorded: throw Problem.notFound("record of a death")
    case .unknownHeir: throw fault("there is no such member")
    case .heirIsTheMember: throw fault("must be somebody else")
    case .heirIsTheCurator:
      throw Problem.forbidden(
        "Another curator has to record a death of which you are the heir.",
        as: "heir-is-the-curator")
    case .notActive(let member):
      throw Problem.conflict("account-not-active", "\(member) is banned, has left, or is closed.")
    case .heirNamed(let heir):
      throw Problem.conflict("heir-named", "\(heir) is named, and has not declined.")
    case .alreadyAccepted:
      throw Problem.conflict("inheritance-accepted", "The heir has accepted.")
    }
  }

  private static func fault(_ message: String) -> Problem {
    .unprocessable(Invalid("/heir_id", message))
  }

  static func list(_ call: Call) async throws -> Response {
    let deaths = try await Death.all(for: call.member.member, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("inheritances", deaths) { writer, death in writer.object { write(death, &$0) } }
      })
  }

  static func take(_ member: MemberID, accepts: Bool, _ call: Call) async throws -> Response {
    try await call.write { tx in
      let outcome = try await TakeInheritance.run(
        of: member, accepts: accepts, by: call.member.member, in: tx)
      switch outcome {
      case .done(let death): return .json(bytes(death))
      case .ended(let state):
        throw Problem.conflict("inheritance-ended", "It is \(state.rawValue) already.")
      case .unknown: throw Problem.notFound("inheritance of yours")
      case .notActive:
        throw Problem.conflict("account-not-active", "Your account cannot take anything now.")
      }
    }
  }

  private static func bytes(_ death: Death) -> [UInt8] {
    JSONWriter.object { write(death, &$0) }
  }

  private static func write(_ death: Death, _ writer: inout JSONWriter) {
    writer.field("member_id", death.member)
    writer.field("heir_id", death.heir)
    writer.field("evidence", death.evidence)
    writer.field("recorded_at", death.recordedAt)
    writer.field("state", death.state.rawValue)
  }
}
