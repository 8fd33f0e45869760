import Coinvent
import HTTPServer
import JSON
import Postgres

/// One request on its way through a handler.
public struct Call: Sendable {
  public let request: Request
  /// Nil when there is no token, which only some routes allow.
  public let principal: Principal?
  public let application: Application

  public var pool: Pool { application.pool }

  /// Who asks, on routes for members only.
  public var member: Principal {
    guard let principal else { preconditionFailure("the route lets strangers in") }
    return principal
  }

  /// The body as JSON.
  /// - Throws: 415 for another type, 400 for what is no JSON.
  public func json() throws -> JSON {
    let type = request.headers["Content-Type"] ?? "application/json"
    let name = type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    guard name == "application/json" else {
      throw Problem(
        415, "not-json", "Unsupported media type",
        "Send JSON, with Content-Type: application/json.")
    }
    return try JSON.parse(request.body)
  }

  /// The body as an object whose members are read one by one.
  public func fields() throws -> Fields { try Fields(json()) }

  /// Does what a POST asks for in one transaction, and at most once for its Idempotency-Key: a
  /// repeat gets the first answer. Only answers that say yes are kept; a no has changed nothing
  /// and may be asked again.
  /// - Parameters:
  ///   - fingerprint: what makes two requests the same; the body unless it holds a secret.
  ///   - work: may run more than once when the database asks for a repeat.
  public func write(
    fingerprint: [UInt8]? = nil,
    _ work: @Sendable (Transaction) async throws -> Response
  ) async throws -> Response {
    guard let given = try idempotencyKey() else {
      return try await pool.transaction { try await work($0) }
    }
    application.forgetOldNowAndThen()
    let line = Array("\(request.method.rawValue) \(request.path)\n".utf8)
    let print = Digest.sha256(line + (fingerprint ?? request.body))
    let owner = principal?.member
    // Strangers share no keys: what one of them has sent must not meet another's.
    let key = owner == nil ? Base64URL.encode(Digest.sha256(Array(given.utf8) + print)) : given
    return try await pool.transaction { tx in
      switch try await KeptAnswer.claim(key, of: owner, fingerprint: print, in: tx) {
      case .answered(let kept): return Response(kept)
      case .otherRequest:
        throw Problem(
          422, "key-reused", "The Idempotency-Key belongs to another request",
          "Use a new key for a new request.")
      case .mine:
        let response = try await work(tx)
        if let answer = KeptAnswer(response) { try await answer.keep(as: key, of: owner, in: tx) }
        return response
      }
    }
  }

  private func idempotencyKey() throws -> String? {
    guard let key = request.headers["Idempotency-Key"] else { return nil }
    guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (33...126).contains($0) })
    else { throw Problem.malformed("An Idempotency-Key has 1 to 255 visible ASCII characters.") }
    return key
  }
}

extension KeptAnswer {
  fileprivate init?(_ response: Response) {
    guard (200...299).contains(response.status) else { return nil }
    let location = response.headers["Location"]
    switch response.body {
    case .bytes(let bytes): self.init(status: response.status, location: location, body: bytes)
    case .empty: self.init(status: response.status, location: location, body: [])
    case .stream: preconditionFailure("a POST is answered in one piece")
    }
  }
}

extension Response {
  fileprivate init(_ kept: KeptAnswer) {
    self = kept.body.isEmpty ? Response(status: kept.status) : .json(kept.body, status: kept.status)
    headers["Location"] = kept.location
    headers["Idempotency-Replayed"] = "true"
  }

  /// 201 with where the new thing is.
  public static func created(_ bytes: [UInt8], at location: String? = nil) -> Response {
    var response = Response.json(bytes, status: 201)
    response.headers["Location"] = location
    return response
  }

  /// The answer with its ETag, or 304 when the client has it already.
  func tagged(for request: Request) -> Response {
    guard case .bytes(let bytes) = body else { return self }
    return tagged(Response.tag(of: bytes), for: request)
  }

  static func tag(of bytes: [UInt8]) -> String { "\"" + Digest.mark(bytes) + "\"" }

  /// The same with a tag that is known already.
  func tagged(_ tag: String, for request: Request) -> Response {
    var response = self
    if request.has(tag) { response = Response(status: 304) }
    response.headers.add("ETag", tag)
    response.headers.add("Cache-Control", "no-cache")
    return response
  }
}

extension Request {
  /// Whether If-None-Match names the tag.
  func has(_ tag: String) -> Bool {
    guard headers["If-None-Match"] != nil else { return false }
    let known = headers.all("If-None-Match").joined(separator: ",")
      .split(separator: ",").map { $0.filter { $0 != " " } }
    return known.contains { $0 == tag || $0 == "W/" + tag || $0 == "*" }
  }
}
