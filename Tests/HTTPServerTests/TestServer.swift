import EventLoop

@testable import HTTPServer

/// Answers as the closure says.
struct Answer: Responder {
  var limit: Int?
  let body: @Sendable (Request) async -> Response
  init(limit: Int? = nil, _ body: @escaping @Sendable (Request) async -> Response) {
    self.limit = limit
    self.body = body
  }
  func respond(to request: Request) async -> Response { await body(request) }
  func bodyLimit(for head: Request) -> Int? { limit }
}

/// Says what it got.
let echo = Answer { request in
  let start = String(decoding: request.body.prefix(100), as: UTF8.self)
  let method = (request.isHead ? "HEAD " : "") + request.method.rawValue
  return .text("\(method) \(request.path) \(request.segments) \(request.body.count) \(start)")
}

func withServer<Value>(
  _ responder: any Responder = echo, loops count: Int = 1, log: AccessLog? = nil,
  stopWithin limit: Duration = .seconds(5),
  _ change: (inout ServerConfiguration) -> Void = { _ in },
  _ body: (Server) async throws -> Value
) async throws -> Value {
  let loops = (0..<count).map { EventLoop(name: "test-\($0)") }
  var configuration = ServerConfiguration()
  change(&configuration)
  let server = Server(configuration, loops: loops, responder: responder, log: log)
  try server.start()
  let result: Result<Value, any Error>
  do { result = .success(try await body(server)) } catch { result = .failure(error) }
  await server.stop(within: limit)
  for loop in loops { await loop.stop() }
  return try result.get()
}

/// A flag that may go up on another thread.
final class Flag: Sendable {
  private let state = Locked(false)
  func raise() { state.withLock { $0 = true } }
  var isUp: Bool { state.withLock { $0 } }

  func rises(within limit: Duration = .seconds(15)) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while !isUp && ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(5)) }
    return isUp
  }
}

func get(_ path: String, _ fields: String = "") -> String {
  "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
}
