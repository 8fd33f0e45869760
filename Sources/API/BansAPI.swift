import Coinvent
import HTTPServer
import JSON
import Postgres

/// `PUT`, `DELETE /v1/members/{id}/ban` and `GET /v1/members/{id}/bans`.
enum BansAPI {
  static func ban(_ id: MemberID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let scope = fields.choice("scope", of: Ban.Scope.self)
    let reason = fields.text("reason")
    let until = fields.json("until") == nil ? nil : fields.time("until")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      let outcome = try await BanMember.run(
        id, from: scope, until: until, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .banned(let ban): return .json(JSONWriter.object { write(ban, isLast: true, &$0) })
      case .unknown: throw Problem.notFound("such member")
      case .protected(let role): throw protected(role)
      }
    }
  }

  static func lift(_ id: MemberID, _ call: Call) async throws -> Response {
    let reason = call.request.query["reason"] ?? ""
    return try await call.write { tx in
      switch try await BanMember.lift(id, reason: reason, by: call.member.member, in: tx) {
      case .lifted(let ban): return .json(JSONWriter.object { write(ban, isLast: true, &$0) })
      case .notBanned: throw Problem.conflict("not-banned", "No ban of this member is in force.")
      case .unknown: throw Problem.notFound("such member")
      case .protected(let role): throw protected(role)
      }
    }
  }

  static func protected(_ role: Role) -> Problem {
    .forbidden(
      "Nobody bans themselves, and a \(role.rawValue) is banned by another admin only.",
      as: "protected-member")
  }

  static func list(_ id: MemberID, _ call: Call) async throws -> Response {
    guard id == call.member.member || call.member.role.includes(.curator) else {
      throw Problem.forbidden("Bans of others are for curators.")
    }
    let bans = try await Ban.history(of: id, in: call.pool)
    return .json(
      JSONWriter.object {
        $0.array("bans", Array(bans.enumerated())) { writer, ban in
          writer.object { write(ban.element, isLast: ban.offset == 0, &$0) }
        }
      })
  }

  private static func write(_ ban: Ban, isLast: Bool, _ writer: inout JSONWriter) {
    writer.field("member_id", ban.member)
    writer.field("number", ban.number)
    writer.field("scope", ban.scope?.rawValue)
    writer.field("until", ban.until?.description)
    writer.field("reason", ban.reason)
    writer.field("by", ban.madeBy)
    writer.field("made_at", ban.madeAt)
    writer.field("in_force", isLast && ban.isInForce(at: .now))
  }
}
