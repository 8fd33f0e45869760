import Coinvent
import HTTPServer
import JSON

/// `POST /v1/sessions` and `DELETE /v1/sessions`.
enum SessionsAPI {
  /// Limits are asked before the password is hashed; what is not a wrong password gives its try
  /// back, so that they count failures.
  static func signIn(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let login = fields.text("login")
    let password = fields.text("password")
    let tooLong = [("/login", login), ("/password", password)]
      .filter { $0.1.utf8.count > 1024 }.map { ($0.0, "is too long") }
    try fields.finish(and: tooLong)
    switch try await outcome(login, password, call) {
    case .signedIn(let token, let secret):
      call.application.forgetOldNowAndThen()
      return .created(TokensAPI.json(token, secret: secret)).unstored
    case .refused:
      throw Problem.unauthorized("The login or the password is wrong.")
    }
  }

  private static func outcome(_ login: String, _ password: String, _ call: Call) async throws
    -> SignIn.Outcome
  {
    let application = call.application
    let account = login.lowercased()
    let address = call.request.remoteAddress
    try await take(application.addressTries, address, application.settings)
    try await take(application.accountTries, account, application.settings)
    var isWrong = false
    defer {
      if !isWrong {
        application.addressTries.giveBack(address)
        application.accountTries.giveBack(account)
      }
    }
    let outcome = try await SignIn.run(
      login: login, password: password, lasting: application.settings.sessionLifetime,
      passwords: application.passwords, in: call.pool)
    if case .refused = outcome { isWrong = true }
    return outcome
  }

  /// A refusal comes late: whoever tries again at once would otherwise keep the whole server busy
  /// with saying no.
  private static func take(
    _ limit: RateLimit, _ key: String, _ settings: ApplicationSettings
  ) async throws {
    if let wait = limit.take(key) {
      try await Task.sleep(for: settings.refusalPause)
      throw Problem.tooMany("Too many failed sign-ins; wait a little.", wait: wait)
    }
  }

  /// Ends the token that the request came with.
  static func signOut(_ call: Call) async throws -> Response {
    _ = try await RevokeToken.run(call.member.token, of: call.member.member, in: call.pool)
    return Response(status: 204)
  }
}

extension Response {
  /// Not to be kept by anybody on the way.
  var unstored: Response {
    var response = self
    response.headers["Cache-Control"] = "no-store"
    return response
  }
}
