/// A whole request: what a responder gets from the server, and what a test makes by hand.
public struct Request: Sendable {
  public let method: Method
  /// The client asked by HEAD: `method` is `get`, and the answer's body will not be sent.
  public let isHead: Bool
  /// The path as it was sent, escapes and all, without the query.
  public let path: String
  /// The decoded parts between the slashes: `["v1", "ideas"]`; a slash at the end adds an empty one.
  public let segments: [String]
  public let query: QueryItems
  public let headers: Headers
  public internal(set) var body: [UInt8]
  /// The client's address in its usual text form, or its proxy's.
  public let remoteAddress: String
  /// Names this request in logs and answers: the client's `X-Request-Id` or one of ours.
  public let id: String
  public let trace: Trace

  init(
    method: Method, isHead: Bool, target: Target, headers: Headers, body: [UInt8],
    remoteAddress: String, id: String, trace: Trace
  ) {
    self.method = method
    self.isHead = isHead
    path = target.path
    segments = target.segments
    query = target.query
    self.headers = headers
    self.body = body
    self.remoteAddress = remoteAddress
    self.id = id
    self.trace = trace
  }

  /// A request without a socket, to be given to a responder directly.
  /// - Parameter target: path and query, `/v1/ideas?limit=2`; a broken one stops the program.
  public init(
    _ method: Method = .get, _ target: String, headers: Headers = [:], body: [UInt8] = [],
    remoteAddress: String = "127.0.0.1", id: String = "request", trace: Trace = Trace()
  ) {
    guard let target = Target(target) else { preconditionFailure("no target: \(target)") }
    self.init(
      method: method, isHead: false, target: target, headers: headers, body: body,
      remoteAddress: remoteAddress, id: id, trace: trace)
  }

  /// The value of the `Cookie` of that name.
  public func cookie(_ name: String) -> String? {
    for field in headers.all("Cookie") {
      for pair in field.split(separator: ";") {
        let sides = pair.drop { $0 == " " }.split(
          separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if sides.count == 2, sides[0] == name { return String(sides[1]) }
      }
    }
    return nil
  }
}
