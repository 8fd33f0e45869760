/// What the server refuses by itself, before or instead of asking the responder.
enum Refusal: Sendable, Equatable {
  case malformed(String)
  case timeOut(String)
  case bodyTooLarge(limit: Int)
  case headTooLarge(String)
  case methodUnknown
  case tooManyConnections

  var status: Int {
    switch self {
    case .malformed: 400
    case .timeOut: 408
    case .bodyTooLarge: 413
    case .headTooLarge: 431
    case .methodUnknown: 501
    case .tooManyConnections: 503
    }
  }

  private var title: String {
    switch self {
    case .malformed: "Bad request"
    case .timeOut: "Request time-out"
    case .bodyTooLarge: "Body too large"
    case .headTooLarge: "Head too large"
    case .methodUnknown: "Method not implemented"
    case .tooManyConnections: "Too many connections"
    }
  }

  private var detail: String {
    switch self {
    case .malformed(let what), .timeOut(let what), .headTooLarge(let what): what
    case .bodyTooLarge(let limit): "The body may have at most \(limit) bytes here."
    case .methodUnknown: "This server does not know the method."
    case .tooManyConnections: "The server has all the connections it can bear; try again soon."
    }
  }

  /// The refusal as problem details (RFC 9457).
  var response: Response {
    var line = LogLine()
    line.field("type", "about:blank")
    line.field("title", title)
    line.field("status", status)
    line.field("detail", detail)
    var response = Response.json(line.finished(), status: status, type: "application/problem+json")
    if status == 503 { response.headers.add("Retry-After", "1") }
    return response
  }

  /// The whole answer as it goes over the wire, for when the library cannot send it.
  func wire(requestID: String?) -> [UInt8] {
    guard case .bytes(let body) = response.body else { return [] }
    var head = "HTTP/1.1 \(status) \(title)\r\nDate: \(WallClock.httpDate())\r\n"
    head += "Content-Type: application/problem+json\r\nConnection: close\r\n"
    if let requestID { head += "X-Request-Id: \(requestID)\r\n" }
    return Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
  }
}
