import Coinvent
import HTTPServer
import JSON

/// Groups whose votes weigh more or less, and what an idea's votes come to with them.
enum GroupsRoute: FeatureRoute {
  case list
  case weigh(String)
  case members(String)
  case add(String, MemberID)
  case remove(String, MemberID)
  case tally(IdeaID)

  static func at(_ path: Path) -> [(method: Method, route: GroupsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("groups", nil, nil, nil): [(.get, .list)]
    case ("groups", let name?, nil, nil): [(.put, .weigh(name))]
    case ("groups", let name?, "members", nil): [(.get, .members(name))]
    case ("groups", let name?, "members", let member?):
      path.count == 4
        ? with(member) { [(.put, .add(name, $0)), (.delete, .remove(name, $0))] } : []
    case ("ideas", let id?, "tally", nil): with(id) { [(.get, .tally($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .tally: .everybody
    case .weigh, .members, .add, .remove: .members(.admin, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await GroupsAPI.list(call)
    case .weigh(let name): try await GroupsAPI.weigh(name, call)
    case .members(let name): try await GroupsAPI.members(name, call)
    case .add(let name, let member): try await GroupsAPI.change(member, name, isIn: true, call)
    case .remove(let name, let member):
      try await GroupsAPI.change(member, name, isIn: false, call)
    case .tally(let id): try await GroupsAPI.tally(id, call)
    }
  }

  private static let group = Shape.object([
    .required("name", .text), .required("weight", .whole(VoteGroup.weights), "1000 is one vote"),
    .required("members", .count),
  ])

  private static let membership = Shape.object([
    .required("group", .text), .required("member_id", .id(MemberID.self)),
    .required("is_in", .flag),
  ])

  static let operations = [
    Operation(
      .get, "/v1/groups", "listGroups", "Groups whose votes weigh more or less than one",
      answers: [.json(200, "By name", .object([.required("groups", .list(group))]))]),
    Operation(
      .put, "/v1/groups/{group_name}", "weighGroup",
      "Give a group its weight from now on, and make it when there is none",
      body: .json(
        .object([
          .required("weight", .whole(VoteGroup.weights), "In thousandths: 1000 is one vote"),
          .required("reason", .length(1...2000)),
        ])),
      answers: [
        .json(
          200, "The weight, now or already",
          .object([.required("name", .text), .required("weight", .whole(VoteGroup.weights))]))
      ]),
    Operation(
      .get, "/v1/groups/{group_name}/members", "listGroupMembers", "Who is in a group",
      answers: [
        .json(
          200, "By handle, at most 10 000",
          .object([.required("members", .list(.id(MemberID.self)))]))
      ]),
    Operation(
      .put, "/v1/groups/{group_name}/members/{member_id}", "addToGroup",
      "Take a member into a group",
      answers: [.json(200, "The member is in, now or already", membership)]),
    Operation(
      .delete, "/v1/groups/{group_name}/members/{member_id}", "removeFromGroup",
      "Take a member out of a group",
      answers: [.json(200, "The member is out, now or already", membership)]),
    Operation(
      .get, "/v1/ideas/{idea_id}/tally", "readTally",
      "An idea's votes: counted, weighed by groups, and those that wait for their persons",
      detail: "An idea that has ended is weighed as on that day. Gates go by `votes`.",
      answers: [
        .json(
          200, "The tally",
          .object([
            .required("idea_id", .id(IdeaID.self)), .required("votes", .count),
            .required("weighted_votes", .decimal, "With three decimals"),
            .required("votes_on_behalf", .count),
          ]))
      ]),
  ]
}

enum GroupsAPI {
  static func list(_ call: Call) async throws -> Response {
    let groups = try await VoteGroup.all(in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("groups", groups) { writer, group in
          writer.object {
            $0.field("name", group.name)
            $0.field("weight", group.weight)
            $0.field("members", group.members)
          }
        }
      }
    ).tagged(for: call.request)
  }

  static func weigh(_ name: String, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let weight = fields.whole("weight", in: VoteGroup.weights)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    if VoteGroup.fault(name: name) != nil { throw Problem.notFound("group of such a name") }
    return try await call.write { tx in
      _ = try await WeighGroup.run(
        name, weight: weight, reason: reason, by: call.member.member, in: tx)
      return .json(
        JSONWriter.object {
          $0.field("name", name)
          $0.field("weight", weight)
        })
    }
  }

  static func members(_ name: String, _ call: Call) async throws -> Response {
    let members = try await VoteGroup.members(of: name, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("members", members) { writer, id in writer.value(id.description) }
      }
    ).tagged(for: call.request)
  }

  static func change(_ member: MemberID, _ name: String, isIn: Bool, _ call: Call) async throws
    -> Response
  {
    try await call.write { tx in
      let admin = call.member.member
      let outcome =
        isIn
        ? try await ChangeGroup.add(member, to: name, by: admin, in: tx)
        : try await ChangeGroup.remove(member, from: name, by: admin, in: tx)
      switch outcome {
      case .unchanged, .changed: return answer(member, name, isIn)
      case .unknownGroup: throw Problem.notFound("such group")
      case .unknownMember: throw Problem.notFound("such member")
      }
    }
  }

  private static func answer(_ member: MemberID, _ name: String, _ isIn: Bool) -> Response {
    .json(
      JSONWriter.object {
        $0.field("group", name)
        $0.field("member_id", member)
        $0.field("is_in", isIn)
      })
  }

  static func tally(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    let tally = try await WeightedTally.of(id, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.field("idea_id", id)
        $0.field("votes", tally.votes)
        $0.field("weighted_votes", tally.weightedText)
        $0.field("votes_on_behalf", tally.onBehalf)
      }
    ).tagged(for: call.request)
  }
}
