import Coinvent
import HTTPServer
import TestSupport
import Testing

@testable import API

/// Every route × nobody and every role × every scope.
@Suite struct PolicyTests {
  /// One of each route; the list is checked below against the paths.
  static let requests: [(Method, String)] = {
    let work = IdeaID.new()
    let product = ProductID(uuid: work.uuid)
    return [
      (.get, "/"), (.get, "/healthz"), (.get, "/readyz"), (.post, "/v1/members"),
      (.get, "/v1/me"), (.post, "/v1/sessions"), (.delete, "/v1/sessions"), (.post, "/v1/tokens"),
      (.get, "/v1/tokens"), (.delete, "/v1/tokens/\(TokenID.new())"), (.post, "/v1/ideas"),
      (.get, "/v1/ideas"), (.get, "/v1/ideas/\(work)"), (.put, "/v1/ideas/\(work)/vote"),
      (.delete, "/v1/ideas/\(work)/vote"), (.post, "/v1/ideas/\(work)/decisions"),
      (.patch, "/v1/ideas/\(work)"), (.post, "/v1/ideas/\(work)/submission"),
      (.post, "/v1/ideas/\(work)/withdrawal"), (.post, "/v1/ideas/\(work)/moves"),
      (.get, "/v1/ideas/\(work)/history"), (.get, "/v1/ideas/\(work)/versions"),
      (.get, "/v1/ideas/\(work)/gates"), (.put, "/v1/ideas/\(work)/merge"),
      (.delete, "/v1/ideas/\(work)/merge"), (.get, "/v1/me/ideas"), (.get, "/v1/gates"),
      (.get, "/v1/ideas/search"), (.get, "/v1/ideas/similar"),
      (.post, "/v1/gates"), (.put, "/v1/gates/chosen"),
      (.get, "/v1/products/\(product)"), (.post, "/v1/products/\(product)/contributions"),
      (.get, "/v1/products/\(product)/influence"),
      (.post, "/v1/products/\(product)/shares/propose"),
      (.post, "/v1/products/\(product)/shares/lock"), (.post, "/v1/sales"),
      (.post, "/v1/settlements"), (.get, "/v1/members/\(MemberID.new())/earnings"),
      (.post, "/v1/payouts"), (.get, "/v1/payouts"), (.get, "/v1/payouts/\(PayoutID.new())"),
    ]
  }()

  /// What the issue says about each route, written down a second time.
  static func expected(_ method: Method, _ path: String) -> (role: Role?, scope: Scope?) {
    if path.hasSuffix("/vote") { return (.member, .votes) }
    if path.hasSuffix("/earnings") || path == "/v1/me" { return (.member, .read) }
    if path == "/v1/me/ideas" { return (.member, .read) }
    if path.hasPrefix("/v1/gates") && method != .get { return (.admin, .curation) }
    if method == .patch || path.hasSuffix("/submission") || path.hasSuffix("/withdrawal") {
      return (.member, .ideas)
    }
    if path.hasPrefix("/v1/payouts") { return (.member, method == .get ? .read : .finance) }
    if path.hasPrefix("/v1/tokens") { return (.member, .account) }
    if path == "/v1/sessions" { return method == .delete ? (.member, nil) : (nil, nil) }
    if path == "/v1/sales" || path == "/v1/settlements" { return (.finance, .finance) }
    if path == "/v1/members" || method == .get { return (nil, nil) }
    return path == "/v1/ideas" ? (.member, .ideas) : (.curator, .curation)
  }

  private static func route(_ method: Method, _ path: String) throws -> Route {
    let segments = Request(method, path).segments
    return try #require(Route.at(segments).first { $0.method == method }).route
  }

  @Test func `the policy of every route is the one written down here`() throws {
    for (method, path) in Self.requests {
      let (role, scope) = Self.expected(method, path)
      switch try Self.route(method, path).policy {
      case .open, .everybody: #expect(role == nil, "\(method) \(path)")
      case .members(let needed, let scoped):
        #expect(needed == role && scoped == scope, "\(method) \(path)")
      case .holders(let scoped):
        #expect(role == .member && scoped == scope, "\(method) \(path)")
      }
    }
    let routes = try Set(Self.requests.map { try "\(Self.route($0.0, $0.1))".prefix { $0 != "(" } })
    #expect(routes.count == Self.requests.count)
  }

  @Test func `nobody gets in where a member is asked for`() async throws {
    try await withApplication { client in
      for (method, path) in Self.requests {
        let answer = try await client.send(method, path, method == .post ? [:] : nil)
        let needsToken = Self.expected(method, path).role != nil
        #expect((answer.status == 401) == needsToken, "\(method) \(path): \(answer.status)")
        if needsToken { #expect(answer.headers["WWW-Authenticate"] != nil) }
      }
    }
  }

  @Test func `each role gets in where it may and nowhere else`() async throws {
    try await withApplication { client in
      for role in Role.allCases {
        let member = try await client.story.member("the_\(role.rawValue)", role: role)
        for (method, path) in Self.requests {
          // Signing out ends the token, so that each request has one of its own.
          let me = try await client.by(member)
          let answer = try await me.send(method, path, method == .post ? [:] : nil)
          let needed = Self.expected(method, path).role
          let mayEnter = needed.map { $0 == .member || $0 == role || role == .admin } ?? true
          // Earnings of somebody else are refused by the handler to members.
          if path.hasSuffix("/earnings") { continue }
          #expect((answer.status == 403) == !mayEnter, "\(role) \(method) \(path): \(answer.status)")
          #expect(answer.status != 401 || path == "/v1/sessions", "\(role) \(method) \(path)")
        }
      }
    }
  }

  @Test func `what a member has earned is for the member, finance and admins`() async throws {
    try await withApplication { client in
      let ada = try await client.story.member("ada")
      let path = "/v1/members/\(ada)/earnings"
      #expect(try await client.get(path).status == 401)
      #expect(try await client.by(ada).get(path).status == 200)
      #expect(try await client.by(ada, scopes: [.votes]).get(path).status == 403)
      for role in Role.allCases {
        let other = try await client.story.member("the_\(role.rawValue)", role: role)
        let mayRead = role == .finance || role == .admin
        #expect(try await client.by(other).get(path).status == (mayRead ? 200 : 403), "\(role)")
      }
    }
  }

  @Test func `a token is good for its scopes only`() async throws {
    try await withApplication { client in
      let admin = try await client.story.member("boss", role: .admin)
      for scope in Scope.allCases {
        for (method, path) in Self.requests {
          let me = try await client.by(admin, scopes: [scope])
          let answer = try await me.send(method, path, method == .post ? [:] : nil)
          let needed = Self.expected(method, path).scope
          let mayEnter = needed == nil || needed == scope
          #expect(
            (answer.problem == "missing-scope") == !mayEnter,
            "\(scope) \(method) \(path): \(answer.status)")
        }
      }
    }
  }
}
