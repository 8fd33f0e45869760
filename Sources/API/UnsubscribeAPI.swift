import Coinvent
import HTTPServer

/// The link in a mail: `GET` asks, `POST /v1/unsubscribe/{token}` does it, also when a mail program
/// sends it by itself (RFC 8058). Who holds the link need not sign in.
enum UnsubscribeAPI {
  static let operations = [
    Operation(
      .get, "/v1/unsubscribe/{unsubscribe_token}", "askUnsubscribe",
      "A page that asks whether mails shall end",
      answers: [.bytes(200, "The page", type: "text/html")]),
    Operation(
      .post, "/v1/unsubscribe/{unsubscribe_token}", "unsubscribe",
      "End the mails that the link stands for",
      detail: "One-click unsubscribing (RFC 8058). The body is not looked at.",
      answers: [.bytes(200, "A page that says so", type: "text/html")]),
  ]

  static func ask(_ text: String, _ call: Call) async throws -> Response {
    let token = try await token(text, call)
    return page(
      "End these mails?",
      """
      <p>You will get no more mails \(about(token.kind)). Notices inside Coinvent stay.</p>
      <form method="post"><button>End these mails</button></form>
      """)
  }

  static func run(_ text: String, _ call: Call) async throws -> Response {
    let token = try await token(text, call)
    try await NotificationPreferences.unsubscribe(token.member, from: token.kind, in: call.pool)
    return page(
      "Done",
      "<p>You get no more mails \(about(token.kind)). Your preferences can turn them on again.</p>")
  }

  private static func token(_ text: String, _ call: Call) async throws -> UnsubscribeToken {
    let key = try await SigningKey.of(UnsubscribeToken.purpose, in: call.pool)
    guard let token = UnsubscribeToken(text, key) else { throw Problem.notFound("such link") }
    return token
  }

  private static func about(_ kind: Notification.Kind?) -> String {
    guard let kind else { return "of any kind" }
    return "of the kind “\(kind.rawValue.split(separator: "_").joined(separator: " "))”"
  }

  /// - Parameter body: our own words only.
  private static func page(_ title: String, _ body: String) -> Response {
    let text = """
      <!doctype html><html lang="en"><meta charset="utf-8">\
      <meta name="viewport" content="width=device-width"><title>\(title)</title>\
      <body style="font: 1.1rem/1.5 sans-serif; max-width: 34rem; margin: 4rem auto; \
      padding: 0 1rem"><h1>\(title)</h1>\(body)</body></html>

      """
    return Response(
      headers: [
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
          + "form-action 'self'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
      ], body: .bytes(Array(text.utf8)))
  }
}
