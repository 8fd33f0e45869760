import Coinvent
import HTTPServer
import JSON

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
