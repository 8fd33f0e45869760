import Coinvent
import HTTPServer
import JSON

/// `POST`, `GET /v1/tokens` and `DELETE /v1/tokens/{id}`: a member's own tokens.
enum TokensAPI {
  /// A token never gets a scope that the asking one lacks. The answer holds the secret and is
  /// therefore not kept for repeats.
  static func create(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let scopes = scopes(&fields) ?? call.member.scopes
    let days = fields.optionalWhole("expires_in_days", in: 1...3650) ?? 365
    try fields.finish()
    guard scopes.isSubset(of: call.member.scopes) else {
      throw Problem.forbidden("A token cannot make one that may do more.", as: "missing-scope")
    }
    let made = try await CreateToken.run(
      for: call.member.member, scopes: scopes, lasting: .seconds(days * 86_400), in: call.pool)
    switch made {
    case .created(let token, let secret): return .created(json(token, secret: secret)).unstored
    case .unknownMember: throw Problem.notFound("such member")
    }
  }

  private static func scopes(_ fields: inout Fields) -> Set<Scope>? {
    guard let value = fields.json("scopes") else { return nil }
    let words = value.array?.map { $0.string.flatMap(Scope.init) } ?? []
    let scopes = Set(words.compactMap { $0 })
    if words.isEmpty || words.contains(nil) {
      fields.note(
        "scopes", "must be an array of " + Scope.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return scopes
  }

  static func list(_ call: Call) async throws -> Response {
    let tokens = try await ListTokens.run(of: call.member.member, in: call.pool)
    let bytes = JSONWriter.object {
      $0.array("tokens", tokens) { writer, token in writer.object { write(token, &$0) } }
    }
    return Response.json(bytes).unstored
  }

  static func revoke(_ id: TokenID, _ call: Call) async throws -> Response {
    switch try await RevokeToken.run(id, of: call.member.member, in: call.pool) {
    case .alreadyRevoked, .revoked: return Response(status: 204)
    case .unknown: throw Problem.notFound("such token of yours")
    }
  }

  static func json(_ token: Token, secret: TokenSecret) -> [UInt8] {
    JSONWriter.object {
      $0.field("token", secret.text)
      write(token, &$0)
    }
  }

  private static func write(_ token: Token, _ writer: inout JSONWriter) {
    writer.field("id", token.id.description)
    writer.field("kind", token.kind.rawValue)
    writer.array("scopes", token.scopes.words) { writer, scope in writer.value(scope) }
    writer.field("created_at", token.createdAt.description)
    writer.field("expires_at", token.expiresAt.description)
    writer.field("last_used_at", token.lastUsedAt?.description)
  }
}
