/// A whole request: what a responder gets from the server, and what a test makes by hand.
public struct Request: Sendable {
  /// What the client wants done; see `isHead` for HEAD.
  public var method: Method { head.method }
  /// The client asked by HEAD: `method` is `get`, and the answer's body will not be sent.
  public var isHead: Bool { head.isHead }
  /// The path as it was sent, escapes and all, without the query.
  public var path: String { head.target.path }
  /// The decoded parts between the slashes, `["v1", "ideas"]`; a slash at the end adds "".
  public var segments: [String] { head.target.segments }
  /// The decoded pairs behind the question mark.
  public var query: QueryItems { head.target.query }
  /// The fields as they were sent, checked for control characters.
  public var headers: Headers { head.headers }
  /// The whole body, within its limit; empty when there was none.
  public internal(set) var body: [UInt8]
  /// The client's address in its usual text form, or its proxy's.
  public var remoteAddress: String { head.remoteAddress }
  /// Names this request in logs and answers: the client's `X-Request-Id` or one of ours.
  public var id: String { head.id }
  /// The trace that this request belongs to, with a span of its own.
  public var trace: Trace { head.trace }

  /// All but the body, shared by the copies that are made on the way of a request.
  private final class Shared: Sendable {
    let method: Method
    let isHead: Bool
    let target: Target
    let headers: Headers
    let remoteAddress: String
    let id: String
    let trace: Trace

    init(
      _ method: Method, _ isHead: Bool, _ target: Target, _ headers: Headers,
      _ remoteAddress: String, _ id: String, _ trace: Trace
    ) {
      self.method = method
      self.isHead = isHead
      self.target = target
      self.headers = headers
      self.remoteAddress = remoteAddress
      self.id = id
      self.trace = trace
    }
  }

  private let head: Shared

  init(
    method: Method, isHead: Bool, target: Target, headers: Headers, body: [UInt8],
    remoteAddress: String, id: String, trace: Trace
  ) {
    head = Shared(method, isHead, target, headers, remoteAddress, id, trace)
    self.body = body
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
