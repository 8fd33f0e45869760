import Coinvent
import HTTPServer
import JSON

/// `PUT /v1/members/{id}/role`.
enum RolesAPI {
  static func set(_ id: MemberID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let role = fields.choice("role", of: Role.self)
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return try await call.write { tx in
      switch try await SetRole.run(role, of: id, reason: reason, by: call.member.member, in: tx) {
      case .unchanged(let member), .changed(let member, _):
        return .json(
          JSONWriter.object {
            $0.field("id", member.id)
            $0.field("handle", member.handle)
            $0.field("role", member.role.rawValue)
          })
      case .unknown: throw Problem.notFound("such member")
      case .lastAdmin:
        throw Problem.conflict("last-admin", "There is no other admin; make one first.")
      }
    }
  }
}
