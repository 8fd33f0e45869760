/// An answer: a status, fields and a body. Date, Content-Length, Connection and X-Request-Id are
/// added by the server.
public struct Response: Sendable {
  /// What an answer carries.
  public enum Body: Sendable {
    case empty
    case bytes([UInt8])
    case stream(ResponseStream)
  }

  /// 200 to 599; anything else is sent as 500.
  public var status: Int
  /// Fields besides those that the server adds.
  public var headers: Headers
  /// What follows the fields; not sent for HEAD, 204 and 304.
  public var body: Body

  /// An answer of any kind; see `json` and `text` for the usual ones.
  public init(status: Int = 200, headers: Headers = [:], body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of JSON text.
  public static func json(
    _ bytes: [UInt8], status: Int = 200, type: String = "application/json"
  ) -> Response {
    var response = Response(status: status, body: .bytes(bytes))
    response.headers.addChecked("Content-Type", type)
    return response
  }

  /// An answer of plain text in UTF-8.
  public static func text(_ text: String, status: Int = 200) -> Response {
    var response = Response(status: status, body: .bytes(Array(text.utf8)))
    response.headers.addChecked("Content-Type", "text/plain; charset=utf-8")
    return response
  }

  /// The whole body, for tests; runs the producer of a stream to its end.
  /// - Throws: what the producer throws.
  public func collectedBody() async throws -> [UInt8] {
    switch body {
    case .empty: []
    case .bytes(let bytes): bytes
    case .stream(let stream): try await stream.collected()
    }
  }
}
