import Coinvent
import HTTPServer

extension Application {
  /// Who the request speaks for, when the route lets them in.
  func admit(_ request: Request, to route: Route) async throws -> Principal? {
    switch route.policy {
    case .open: return nil
    case .everybody: return try await principal(of: request)
    case .members(let role, let scope):
      guard let principal = try await principal(of: request) else {
        throw Problem.unauthorized("This needs a token: Authorization: Bearer cvt_…")
      }
      try check(principal, role, scope)
      return principal
    }
  }

  /// - Returns: nil without a token.
  /// - Throws: 401 for one that is not good; which way it is bad is not said.
  private func principal(of request: Request) async throws -> Principal? {
    let given = request.headers.all("Authorization")
    guard let header = given.first else { return nil }
    let parts = header.split(separator: " ")
    guard given.count == 1, parts.count == 2, parts[0].lowercased() == "bearer",
      let secret = TokenSecret(String(parts[1])),
      let principal = try await principals.current.answer(secret)
    else {
      throw Problem.unauthorized(
        "The token is unknown, has expired or was revoked.", isTokenBad: true)
    }
    return principal
  }

  private func check(_ principal: Principal, _ role: Role, _ scope: Scope?) throws {
    guard principal.role.includes(role) else {
      throw Problem.forbidden("This needs the role \(role.rawValue).")
    }
    guard let scope, !principal.scopes.contains(scope) else { return }
    throw Problem.forbidden("The token has not the scope \(scope.rawValue).", as: "missing-scope")
      .with(
        "WWW-Authenticate",
        "Bearer realm=\"coinvent\", error=\"insufficient_scope\", scope=\"\(scope.rawValue)\"")
  }
}
