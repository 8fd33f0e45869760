import Coinvent
import HTTPServer

extension Application {
  /// Who the request speaks for, when the route lets them in.
  func admit(_ request: Request, to route: Route) async throws -> Principal? {
    switch route.policy {
    case .open: return nil
    case .everybody: return try await principal(of: request)
    case .members(let role, let scope):
      guard let principal = try await principal(of: request) else { throw Problem.noToken }
      try await check(principal, role, scope)
      return principal
    case .holders:
      // The handler's statement says who it is.
      return nil
    }
  }

  /// - Returns: nil without a token.
  /// - Throws: 401 for one that is not good; which way it is bad is not said.
  func principal(of request: Request) async throws -> Principal? {
    guard let secret = try request.tokenSecret() else { return nil }
    guard let principal = try await principals.current.answer(secret) else {
      throw Problem.badToken
    }
    return principal
  }

  private func check(_ principal: Principal, _ role: Role, _ scope: Scope?) async throws {
    guard principal.role.includes(role) else {
      throw Problem.forbidden("This needs the role \(role.rawValue).")
    }
    guard let scope, !principal.scopes.contains(scope) else { return }
    if scope == .votes, try await mayVoteAgain(principal) { return }
    throw Problem.missingScope(scope)
  }

  /// Why a token does not vote: whether it does again, because the ban that took its scope is over.
  /// - Throws: `Banned` while it is in force.
  func mayVoteAgain(_ principal: Principal) async throws -> Bool {
    try await Ban.refuse(principal.member, .votes, at: .now, in: pool)
    return try await pool.transaction { tx in
      try await NarrowTokens.giveBackAfterBan(to: principal.member, in: tx)
    }.contains(principal.token)
  }
}

extension Request {
  /// The token as it was sent; nil without one.
  /// - Throws: 401 for what no token of ours looks like.
  func tokenSecret() throws -> TokenSecret? {
    guard let header = headers["Authorization"] else { return nil }
    let parts = header.utf8.split(separator: UInt8(ascii: " "))
    guard parts.count == 2, parts[0].count == 6, headers.has("Authorization", times: 1),
      String(parts[0])?.lowercased() == "bearer", let text = String(parts[1]),
      let secret = TokenSecret(text)
    else { throw Problem.badToken }
    return secret
  }
}

extension Problem {
  static let noToken = Problem.unauthorized("This needs a token: Authorization: Bearer cvt_…")

  static let badToken = Problem.unauthorized(
    "The token is unknown, has expired or was revoked.", isTokenBad: true)

  static func missingScope(_ scope: Scope) -> Problem {
    forbidden("The token has not the scope \(scope.rawValue).", as: "missing-scope")
      .with(
        "WWW-Authenticate",
        "Bearer realm=\"coinvent\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")
  }
}
