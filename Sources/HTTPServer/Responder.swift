/// Answers requests: a whole request in, a whole response out, with or without a socket.
public protocol Responder: Sendable {
  /// Called on the event loop of the client's connection. The task is cancelled when the client
  /// goes away; the answer is then thrown away.
  func respond(to request: Request) async -> Response

  /// The largest body that is taken for this head, in bytes; nil for the configured limit.
  /// - Parameter head: the request with an empty body. Called on the loop: decide quickly.
  func bodyLimit(for head: Request) -> Int?
}

extension Responder {
  /// The configured limit for every route.
  public func bodyLimit(for head: Request) -> Int? { nil }
}
