import Coinvent
import HTTPServer
import JSON

/// The chains of gates.
enum GatesRoute: FeatureRoute {
  case list, make, choose

  static func at(_ path: Path) -> [(method: Method, route: GatesRoute)] {
    switch (path[0], path[1], path[2]) {
    case ("gates", nil, nil): [(.get, .list), (.post, .make)]
    case ("gates", "chosen", nil): [(.put, .choose)]
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list: .everybody
    case .make, .choose: .members(.admin, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await GatesAPI.list(call)
    case .make: try await GatesAPI.make(call)
    case .choose: try await GatesAPI.choose(call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/gates", "listGates", "The chains of gates there are, and which one is chosen",
      answers: [
        .json(
          200, "All chains",
          .object([
            .required("chains", .list(.named("GateChain"))),
            .required("chosen", .nullable(.text), "The chain that ideas enter now; null: none"),
          ]))
      ]),
    Operation(
      .post, "/v1/gates", "makeGates", "Make a chain of gates; chains never change",
      body: .json(.named("GateChain")),
      answers: [.json(201, "The chain", .named("GateChain"))],
      problems: [(409, "name-taken")]),
    Operation(
      .put, "/v1/gates/chosen", "chooseGates", "Choose the chain that ideas enter from now on",
      body: .json(.object([.optional("name", .nullable(.text), "Null: none")])),
      answers: [
        .json(200, "The choice", .object([.required("chosen", .nullable(.text))]))
      ],
      problems: [(404, "not-found")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "GateChain",
      .object([
        .required("name", .matching("^[a-z0-9][a-z0-9-]{0,39}$")),
        .required(
          "steps",
          .list(
            .object([
              .required("votes", .whole(1...1_000_000_000), "Votes that pass the step"),
              .required("days", .whole(1...3650), "Days to reach them in"),
            ]), 1...10)),
      ])
    )
  ]
}

/// The chains of gates: `GET`, `POST /v1/gates` and `PUT /v1/gates/chosen`.
enum GatesAPI {
  static func list(_ call: Call) async throws -> Response {
    let (chains, chosen) = try await GateChain.all(in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("chains", chains) { writer, chain in writer.object { write(chain, &$0) } }
        $0.field("chosen", chosen)
      }
    ).tagged(for: call.request)
  }

  static func make(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let name = fields.text("name")
    let steps = fields.list("steps", 1...10) { (step: inout Fields) throws(Invalid) in
      let read = GateChain.Step(
        votes: step.whole("votes", in: 1...1_000_000_000),
        days: step.whole("days", in: 1...3650))
      try step.finish()
      return read
    }
    let chain = GateChain(name: name, steps: steps)
    try fields.finish(and: chain.faults)
    return try await call.write { tx in
      switch try await chain.make(in: tx) {
      case .made: return .created(JSONWriter.object { write(chain, &$0) })
      case .nameTaken:
        throw Problem.conflict(
          "name-taken", "There is a chain \(name), and chains never change: take another name.")
      }
    }
  }

  static func choose(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let name = fields.optionalText("name")
    try fields.finish()
    return try await call.write { tx in
      guard try await GateChain.choose(name, by: call.member.member, in: tx) else {
        throw Problem.notFound("such chain")
      }
      return .json(JSONWriter.object { $0.field("chosen", name) })
    }
  }

  private static func write(_ chain: GateChain, _ writer: inout JSONWriter) {
    writer.field("name", chain.name)
    writer.array("steps", chain.steps) { writer, step in
      writer.object {
        $0.field("votes", step.votes)
        $0.field("days", step.days)
      }
    }
  }
}
