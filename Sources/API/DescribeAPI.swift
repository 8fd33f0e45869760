import HTTPServer
import JSON

/// `GET /`: what this is and where things are.
enum DescribeAPI {
  static func describe() -> Response { .json(text) }

  private static let text: [UInt8] = {
    let json: JSON = [
      "name": "Coinvent",
      "about": "An open backend for communities that invent products together.",
      "links": [
        "openapi": "/v1/openapi.json",
        "ideas": "/v1/ideas",
        "open_ideas_by_votes": "/v1/ideas?state=open&sort=top",
        "join": "/v1/members",
        "sign_in": "/v1/sessions",
        "me": "/v1/me",
        "health": "/healthz",
        "readiness": "/readyz",
      ],
    ]
    return json.bytes(pretty: true)
  }()
}
