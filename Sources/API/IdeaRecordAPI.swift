import Coinvent
import HTTPServer
import JSON

/// What is on record about an idea: `GET /v1/ideas/{id}/history`, `…/versions` and `…/gates`, and
/// `GET /v1/me/ideas`.
enum IdeaRecordAPI {
  static func mine(_ call: Call) async throws -> Response {
    let ideas = try await IdeaRecord.ideas(of: call.member.member, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("ideas", ideas) { writer, idea in
          writer.object { IdeasAPI.write(idea, &$0) }
        }
      })
  }

  static func history(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    let changes = try await IdeaRecord.changes(of: id, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("changes", changes) { writer, change in
          writer.object {
            $0.field("old_state", change.oldState.rawValue)
            $0.field("new_state", change.newState.rawValue)
            $0.field("reason", change.reason)
            $0.field("changed_by", change.changedBy?.description)
            $0.field("changed_at", change.changedAt)
            if let back = change.takenBack { $0.field("taken_back", back) }
          }
        }
      }
    ).tagged(for: call.request)
  }

  static func versions(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    let versions = try await IdeaRecord.versions(of: id, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("versions", versions) { writer, version in
          writer.object {
            $0.field("version", version.version)
            $0.field("title", version.title)
            $0.field("pitch", version.pitch)
            $0.field("problem", version.problem)
            $0.field("solution", version.solution)
            $0.field("category", version.category)
            if let features = version.features { $0.field("features", features) }
            if let products = version.similarProducts { $0.field("similar_products", products) }
            if let tags = version.tags { $0.field("tags", json: tags) }
            if let links = version.links { $0.field("links", json: links) }
            $0.field("replaced_at", version.replacedAt)
          }
        }
      }
    ).tagged(for: call.request)
  }

  static func gates(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    let steps = try await Gates.of(id, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("gates", steps) { writer, step in writer.object { write(step, &$0) } }
      }
    ).tagged(for: call.request)
  }

  private static func write(_ step: Gates.Step, _ writer: inout JSONWriter) {
    writer.field("number", Int64(step.number))
    writer.field("chain", step.chain)
    writer.field("step", Int64(step.step))
    writer.field("votes_needed", step.votes)
    writer.field("began_at", step.beganAt)
    writer.field("deadline", step.deadline)
    writer.field("warned_at", step.warnedAt)
    writer.field("outcome", step.outcome)
    writer.field("ended_at", step.endedAt)
    if let seal = step.seal {
      writer.object("seal") {
        $0.field("electorate", seal.electorate)
        $0.field("votes", seal.votes)
        $0.field("hash", Base64URL.encode(seal.hash))
      }
    }
  }
}
