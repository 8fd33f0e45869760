import Coinvent
import HTTPServer
import JSON

/// `POST /v1/members` and `GET /v1/me`.
enum MembersAPI {
  static func create(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let draft = MemberDraft(
      handle: fields.text("handle"), displayName: fields.text("display_name"),
      email: fields.text("email"))
    let password = fields.text("password")
    let weakness = Passwords.fault(password).map { [("/password", $0)] } ?? []
    try fields.finish(and: draft.faults + weakness)
    if let wait = call.application.addressJoins.take(call.request.remoteAddress) {
      throw Problem.tooMany("Too many new members from this address.", wait: wait)
    }
    let hash = try await call.application.passwords.hash(password)
    // The password stays out of what is kept of the request.
    let fingerprint = "\(draft.handle)\n\(draft.displayName)\n\(draft.email ?? "")"
    return try await call.write(fingerprint: Array(fingerprint.utf8)) { tx in
      switch try await CreateMember.run(draft, passwordHash: hash, in: tx) {
      case .created(let member): .created(json(member))
      case .handleTaken:
        throw Problem.conflict("handle-taken", "Somebody else has this handle.")
          .at("/handle", "is taken")
      case .emailTaken:
        throw Problem.conflict("email-taken", "Somebody has joined with this e-mail address.")
          .at("/email", "is taken")
      }
    }
  }

  static func readMe(_ call: Call) async throws -> Response {
    guard let member = try await FindMember.by(id: call.member.member, in: call.pool) else {
      throw Problem.notFound("such member")
    }
    var response = Response.json(json(member, scopes: call.member.scopes))
    response.headers["Cache-Control"] = "no-store"
    return response
  }

  private static func json(_ member: Member, scopes: Set<Scope>? = nil) -> [UInt8] {
    JSONWriter.object {
      $0.field("id", member.id.description)
      $0.field("handle", member.handle)
      $0.field("display_name", member.displayName)
      $0.field("email", member.email)
      $0.field("role", member.role.rawValue)
      $0.field("joined_at", member.joinedAt.description)
      if let scopes {
        $0.array("scopes", scopes.words) { writer, scope in writer.value(scope) }
      }
    }
  }
}
