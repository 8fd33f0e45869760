import API
import Coinvent
import HTTPServer
import JSON
import Postgres

/// Talks to the application as a client would, without a socket.
public struct Client: Sendable {
  public let application: Application
  public let story: Story
  public var token: String?

  public var pool: Pool { application.pool }

  public struct Answer: Sendable {
    public let status: Int
    public let headers: Headers
    public let bytes: [UInt8]
    public var json: JSON {
      get throws { bytes.isEmpty ? .null : try JSON.parse(bytes) }
    }
    public subscript(key: String) -> JSON? {
      do { return try json[key] } catch { return nil }
    }
    /// The pointers of a problem's errors.
    public var pointers: [String] {
      (self["errors"]?.array ?? []).compactMap { $0["pointer"]?.string }
    }
    /// The last part of a problem's type.
    public var problem: String? {
      self["type"]?.string?.split(separator: "/").last.map(String.init)
    }
  }

  /// The same client with another token, or with none.
  public func with(token: String?) -> Client {
    var client = self
    client.token = token
    return client
  }

  /// The same client as a new member, or as an old one.
  public func by(_ member: MemberID, scopes: Set<Scope> = .everything) async throws -> Client {
    with(token: try await story.token(of: member, scopes: scopes))
  }

  public func send(
    _ method: Method, _ target: String, _ body: JSON? = nil, bytes: [UInt8]? = nil,
    headers: [(String, String)] = [], address: String = "127.0.0.1"
  ) async throws -> Answer {
    var all = Headers()
    if let token { all.add("Authorization", "Bearer \(token)") }
    let content = bytes ?? body?.bytes() ?? []
    if !content.isEmpty, !headers.contains(where: { $0.0 == "Content-Type" }) {
      all.add("Content-Type", "application/json")
    }
    for (name, value) in headers { all.add(name, value) }
    let request = Request(method, target, headers: all, body: content, remoteAddress: address)
    let response = await application.respond(to: request)
    let answer = Answer(
      status: response.status, headers: response.headers,
      bytes: try await response.collectedBody())
    Contract.check(
      method, target, body: body, status: answer.status, type: answer.headers["Content-Type"],
      answer: answer.bytes)
    return answer
  }

  public func get(_ target: String, headers: [(String, String)] = []) async throws -> Answer {
    try await send(.get, target, headers: headers)
  }

  public func post(_ target: String, _ body: JSON = [:], key: String? = nil) async throws -> Answer
  {
    try await send(.post, target, body, headers: key.map { [("Idempotency-Key", $0)] } ?? [])
  }

  public func put(_ target: String, _ body: JSON? = nil) async throws -> Answer {
    try await send(.put, target, body)
  }
  public func delete(_ target: String) async throws -> Answer { try await send(.delete, target) }
}

/// The application over a database of the test's own.
public func withApplication(
  _ settings: ApplicationSettings = ApplicationSettings(),
  _ body: (Client) async throws -> Void
) async throws {
  try await withDatabase { pool in
    let application = Application(pool: pool, loops: testLoops, settings: settings)
    defer { application.stop() }
    try await body(Client(application: application, story: Story(pool), token: nil))
  }
}
