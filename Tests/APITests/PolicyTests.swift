import Coinvent
import HTTPServer
import TestSupport
import Testing

@testable import API

/// Every route × nobody and every role × every scope.
@Suite struct PolicyTests {
  /// A request, and who gets in: the role that is needed (nil: everybody) and the token's scope.
  struct Entry {
    let method: Method
    let path: String
    let role: Role?
    let scope: Scope?

    init(_ method: Method, _ path: String, _ role: Role? = nil, _ scope: Scope? = nil) {
      self.method = method
      self.path = path
      self.role = role
      self.scope = scope
    }
  }

  static let work = IdeaID.new()
  static let comment = CommentID.new()
  static let product = ProductID(uuid: work.uuid)
  static let session = EvaluationID.new()
  static let project = "/v1/products/\(product)/projects/\(ProjectID.new())"
  static let entry = EntryID.new()
  static let file = EntryFileID.new()
  static let round = "/v1/products/\(product)/projects/\(ProjectID.new())"
  static let roundEntry = "\(round)/entries/\(EntryID.new())"

  /// One of each route, with what the issues say about it: the policies written down a second time.
  static let entries: [Entry] =
    [
      Entry(.get, "/"),
      Entry(.get, "/healthz"),
      Entry(.get, "/readyz"),
      Entry(.get, "/v1/openapi.json"),
      Entry(.post, "/v1/members"),
      Entry(.get, "/v1/me", .member, .read),
      Entry(.post, "/v1/sessions"),
      Entry(.delete, "/v1/sessions", .member),
      Entry(.post, "/v1/tokens", .member, .account),
      Entry(.get, "/v1/tokens", .member, .account),
      Entry(.delete, "/v1/tokens/\(TokenID.new())", .member, .account),
      Entry(.post, "/v1/ideas", .member, .ideas),
      Entry(.get, "/v1/ideas"),
      Entry(.get, "/v1/ideas/\(work)"),
      Entry(.put, "/v1/ideas/\(work)/vote", .member, .votes),
      Entry(.delete, "/v1/ideas/\(work)/vote", .member, .votes),
      Entry(.post, "/v1/ideas/\(work)/decisions", .curator, .curation),
      Entry(.patch, "/v1/ideas/\(work)", .member, .ideas),
      Entry(.post, "/v1/ideas/\(work)/submission", .member, .ideas),
      Entry(.post, "/v1/ideas/\(work)/withdrawal", .member, .ideas),
      Entry(.post, "/v1/ideas/\(work)/moves", .curator, .curation),
      Entry(.get, "/v1/ideas/\(work)/history"),
      Entry(.get, "/v1/ideas/\(work)/versions"),
      Entry(.get, "/v1/ideas/\(work)/gates"),
      Entry(.put, "/v1/ideas/\(work)/merge", .curator, .curation),
      Entry(.delete, "/v1/ideas/\(work)/merge", .curator, .curation),
      Entry(.get, "/v1/me/ideas", .member, .read),
      Entry(.put, "/v1/ideas/\(work)/follow", .member, .ideas),
      Entry(.delete, "/v1/ideas/\(work)/follow", .member, .ideas),
      Entry(.get, "/v1/me/follows", .member, .read),
      Entry(.get, "/v1/ideas/\(work)/comments"),
      Entry(.post, "/v1/ideas/\(work)/comments", .member, .comments),
      Entry(.put, "/v1/ideas/\(work)/comments/lock", .curator, .curation),
      Entry(.delete, "/v1/ideas/\(work)/comments/lock", .curator, .curation),
      Entry(.get, "/v1/comments/\(comment)"),
      Entry(.patch, "/v1/comments/\(comment)", .member, .comments),
      Entry(.delete, "/v1/comments/\(comment)", .member, .comments),
      Entry(.get, "/v1/comments/\(comment)/replies"),
      Entry(.get, "/v1/comments/\(comment)/versions"),
      Entry(.put, "/v1/comments/\(comment)/removal", .curator, .curation),
      Entry(.delete, "/v1/comments/\(comment)/removal", .curator, .curation),
      Entry(.put, "/v1/comments/\(comment)/official", .curator, .curation),
      Entry(.delete, "/v1/comments/\(comment)/official", .curator, .curation),
      Entry(.get, "/v1/members/ada"),
      Entry(.post, "/v1/ideas/\(work)/reports", .member, .comments),
      Entry(.post, "/v1/members/\(MemberID.new())/reports", .member, .comments),
      Entry(.post, "/v1/comments/\(comment)/reports", .member, .comments),
      Entry(.get, "/v1/products/\(product)/presale"),
      Entry(.post, "/v1/products/\(product)/presale", .curator, .curation),
      Entry(.patch, "/v1/products/\(product)/presale", .curator, .curation),
      Entry(.post, "/v1/products/\(product)/presale/production", .curator, .curation),
      Entry(.post, "/v1/products/\(product)/presale/stop", .curator, .curation),
      Entry(.get, "/v1/products/\(product)/referrals", .member, .read),
      Entry(.post, "/v1/products/\(product)/referrals", .member, .finance),
      Entry(.get, "/v1/me/commitments", .member, .read),
      Entry(.post, "/v1/products/\(product)/commitments", .member, .finance),
      Entry(.get, "/v1/products/\(product)/commitments", .finance, .read),
      Entry(.get, "/v1/products/\(product)/commitments/\(CommitmentID.new())", .member, .read),
      Entry(
        .delete, "/v1/products/\(product)/commitments/\(CommitmentID.new())", .member, .finance),
      Entry(
        .put, "/v1/products/\(product)/commitments/\(CommitmentID.new())/method", .member, .finance),
      Entry(
        .post, "/v1/products/\(product)/commitments/\(CommitmentID.new())/outcome", .finance,
        .finance),
      Entry(.get, "/v1/moderation", .curator, .curation),
      Entry(.get, "/v1/moderation/\(CaseID.new())", .curator, .curation),
      Entry(.put, "/v1/moderation/\(CaseID.new())/claim", .curator, .curation),
      Entry(.delete, "/v1/moderation/\(CaseID.new())/claim", .curator, .curation),
      Entry(.post, "/v1/moderation/\(CaseID.new())/resolution", .curator, .curation),
      Entry(.put, "/v1/members/\(MemberID.new())/ban", .curator, .curation),
      Entry(.delete, "/v1/members/\(MemberID.new())/ban", .curator, .curation),
      Entry(.get, "/v1/members/\(MemberID.new())/bans", .member, .read),
      Entry(.put, "/v1/members/\(MemberID.new())/role", .admin, .account),
      Entry(.get, "/v1/audit", .admin, .read),
      Entry(.put, "/v1/comments/\(comment)/helpful", .member, .comments),
      Entry(.delete, "/v1/comments/\(comment)/helpful", .member, .comments),
      Entry(.put, "/v1/comments/\(comment)/reactions/heart", .member, .comments),
      Entry(.delete, "/v1/comments/\(comment)/reactions/heart", .member, .comments),
      Entry(.get, "/v1/tags"),
      Entry(.get, "/v1/briefs"),
      Entry(.post, "/v1/briefs", .curator, .curation),
      Entry(.get, "/v1/briefs/\(BriefID.new())"),
      Entry(.patch, "/v1/briefs/\(BriefID.new())", .curator, .curation),
      Entry(.get, "/v1/briefs/\(BriefID.new())/ideas"),
      Entry(.get, "/v1/fee"),
      Entry(.put, "/v1/fee", .finance, .finance),
      Entry(.get, "/v1/ideas/\(work)/fee", .member, .read),
      Entry(.post, "/v1/ideas/\(work)/fee/payment", .member, .finance),
      Entry(.post, "/v1/ideas/\(work)/fee/waiver", .curator, .curation),
      Entry(.get, "/v1/terms"),
      Entry(.post, "/v1/terms", .admin, .curation),
      Entry(.get, "/v1/terms/1"),
      Entry(.get, "/v1/ideas/\(work)/terms"),
      Entry(.get, "/v1/me/notifications", .member, .read),
      Entry(.post, "/v1/me/notifications/read", .member, .read),
      Entry(.get, "/v1/me/preferences", .member, .account),
      Entry(.put, "/v1/me/preferences", .member, .account),
      Entry(.get, "/v1/unsubscribe/x"),
      Entry(.post, "/v1/unsubscribe/x"),
      Entry(.get, "/v1/exports/ideas", .curator, .curation),
      Entry(.post, "/v1/imports/ideas", .admin, .curation),
      Entry(.post, "/v1/imports/fider", .admin, .curation),
      Entry(.get, "/v1/me/export", .member, .account),
      Entry(.get, "/v1/me/erasure", .member, .account),
      Entry(.delete, "/v1/me", .member, .account),
      Entry(.get, "/v1/gates"),
      Entry(.get, "/v1/ideas/search"),
      Entry(.get, "/v1/ideas/\(work)/live"),
      Entry(.get, "/v1/ideas/live"),
      Entry(.get, "/v1/ideas.atom"),
      Entry(.get, "/v1/ideas/\(work)/feed.atom"),
      Entry(.get, "/v1/ideas/similar"),
      Entry(.post, "/v1/gates", .admin, .curation),
      Entry(.put, "/v1/gates/chosen", .admin, .curation),
      Entry(.get, "/v1/ideas/\(work)/proxy-votes"),
      Entry(.post, "/v1/ideas/\(work)/proxy-votes", .curator, .curation),
      Entry(.delete, "/v1/ideas/\(work)/proxy-votes/\(ProxyVoteID.new())", .curator, .curation),
      Entry(
        .post, "/v1/ideas/\(work)/proxy-votes/\(ProxyVoteID.new())/confirmation", .member, .votes),
      Entry(.get, "/v1/me/proxy-votes", .member, .read),
      Entry(.get, "/v1/groups"),
      Entry(.put, "/v1/groups/experts", .admin, .curation),
      Entry(.get, "/v1/groups/experts/members", .admin, .curation),
      Entry(.put, "/v1/groups/experts/members/\(MemberID.new())", .admin, .curation),
      Entry(.delete, "/v1/groups/experts/members/\(MemberID.new())", .admin, .curation),
      Entry(.get, "/v1/ideas/\(work)/tally"),
      Entry(.get, "/v1/products"),
      Entry(.get, "/v1/products/\(product)/stages"),
      Entry(.post, "/v1/products/\(product)/stages", .curator, .curation),
      Entry(.get, "/v1/projects"),
      Entry(.get, "/v1/products/\(product)/projects"),
      Entry(.post, "/v1/products/\(product)/projects", .curator, .curation),
      Entry(.get, project),
      Entry(.patch, project, .curator, .curation),
      Entry(.post, "\(project)/publication", .curator, .curation),
      Entry(.post, "\(project)/cancellation", .curator, .curation),
      Entry(.get, "\(project)/entries"),
      Entry(.get, "\(project)/entries/own", .member, .read),
      Entry(.post, "\(project)/entries", .member, .ideas),
      Entry(.get, "\(project)/entries/\(entry)"),
      Entry(.patch, "\(project)/entries/\(entry)", .member, .ideas),
      Entry(.post, "\(project)/entries/\(entry)/withdrawal", .member, .ideas),
      Entry(.post, "\(project)/entries/\(entry)/removal", .curator, .curation),
      Entry(.post, "\(project)/entries/\(entry)/acceptance", .member, .ideas),
      Entry(.get, "\(project)/comments"),
      Entry(.post, "\(project)/comments", .member, .comments),
      Entry(.put, "\(project)/comments/lock", .curator, .curation),
      Entry(.delete, "\(project)/comments/lock", .curator, .curation),
      Entry(.post, "\(project)/files", .member, .ideas),
      Entry(.get, "\(project)/files/\(file)"),
      Entry(.get, "\(project)/files/\(file)/320"),
      Entry(.get, "\(project)/files/\(file)/1280"),
      Entry(.get, "/v1/votes/policy"),
      Entry(.put, "/v1/votes/policy", .admin, .curation),
      Entry(.get, "/v1/me/votes", .member, .read),
      Entry(.get, "/v1/signals", .curator, .curation),
      Entry(.get, "/v1/signals/\(SignalID.new())", .curator, .curation),
      Entry(.post, "/v1/signals/\(SignalID.new())/decision", .curator, .curation),
      Entry(.get, "/v1/evaluations"),
      Entry(.post, "/v1/evaluations", .curator, .curation),
      Entry(.get, "/v1/evaluations/\(session)"),
      Entry(.put, "/v1/evaluations/\(session)", .curator, .curation),
      Entry(.post, "/v1/evaluations/\(session)/start", .curator, .curation),
      Entry(.put, "/v1/evaluations/\(session)/current", .curator, .curation),
      Entry(.get, "/v1/evaluations/\(session)/ratings", .member, .read),
      Entry(.put, "/v1/evaluations/\(session)/ratings/\(work)", .member, .votes),
      Entry(.delete, "/v1/evaluations/\(session)/ratings/\(work)", .member, .votes),
      Entry(.get, "/v1/evaluations/\(session)/tally"),
      Entry(.get, "/v1/evaluations/\(session)/live"),
      Entry(.post, "/v1/evaluations/\(session)/decisions", .curator, .curation),
      Entry(.post, "/v1/evaluations/\(session)/close", .curator, .curation),
      Entry(.get, "/v1/ideas/\(work)/liking", .member, .read),
      Entry(.put, "/v1/ideas/\(work)/liking", .member, .votes),
      Entry(.delete, "/v1/ideas/\(work)/liking", .member, .votes),
      Entry(.get, "/v1/ideas/\(work)/likings"),
      Entry(.post, "/v1/ideas/\(work)/images", .member, .ideas),
      Entry(.get, "/v1/ideas/\(work)/images"),
      Entry(.get, "/v1/images/\(ImageID.new())"),
      Entry(.get, "/v1/images/\(ImageID.new())/320"),
      Entry(.get, "/v1/images/\(ImageID.new())/1280"),
      Entry(.patch, "/v1/images/\(ImageID.new())", .member, .ideas),
      Entry(.delete, "/v1/images/\(ImageID.new())", .member, .ideas),
      Entry(.get, "/v1/products/\(product)"),
      Entry(.post, "/v1/products/\(product)/contributions", .curator, .curation),
      Entry(.get, "/v1/products/\(product)/influence"),
      Entry(.get, "/v1/products/\(product)/influence/live"),
      Entry(.get, "/v1/products/\(product)/influence/explain", .member, .read),
      Entry(.get, "/v1/products/\(product)/trace", .member, .read),
      Entry(.post, "/v1/products/\(product)/influence/what-if", .member, .read),
      Entry(.get, "/v1/products/\(product)/contracts"),
      Entry(.post, "/v1/products/\(product)/contracts", .finance, .finance),
      Entry(.post, "/v1/products/\(product)/contracts/preview", .finance, .finance),
      Entry(.get, "/v1/products/\(product)/contracts/1"),
      Entry(.get, "/v1/products/\(product)/recipes"),
      Entry(.post, "/v1/products/\(product)/recipes", .curator, .curation),
      Entry(.get, "/v1/proof/key"),
      Entry(.get, "/v1/proof/checkpoints"),
      Entry(.get, "/v1/proof/entries"),
      Entry(.get, "/v1/members/\(MemberID.new())/proof", .member, .read),
      Entry(.get, "/v1/solvency", .member, .read),
      Entry(.get, "/v1/books/trial-balance", .finance, .finance),
      Entry(.get, "/v1/books/balance", .finance, .finance),
      Entry(.post, "/v1/books/deposits", .finance, .finance),
      Entry(.post, "/v1/books/bank-days", .finance, .finance),
      Entry(.get, "/v1/books/assertions", .finance, .finance),
      Entry(.post, "/v1/books/assertions", .finance, .finance),
      Entry(.get, "/solvency"),
      Entry(.get, "/v1/recipes"),
      Entry(.post, "/v1/recipes", .admin, .curation),
      Entry(.post, "/v1/products/\(product)/shares/propose", .curator, .curation),
      Entry(.post, "/v1/products/\(product)/shares/lock", .curator, .curation),
      Entry(.get, "/v1/products/\(product)/disputes", .member, .read),
      Entry(.post, "/v1/products/\(product)/disputes", .member, .comments),
      Entry(.get, "/v1/products/\(product)/disputes/\(DisputeID.new())", .member, .read),
      Entry(
        .post, "/v1/products/\(product)/disputes/\(DisputeID.new())/answer", .curator, .curation),
      Entry(
        .post, "/v1/products/\(product)/disputes/\(DisputeID.new())/withdrawal", .member,
        .comments),
      Entry(
        .post, "/v1/products/\(product)/contributions/\(ContributionID.new())/revoke", .curator,
        .curation),
      Entry(.get, "/v1/me/assignments", .member, .read),
      Entry(.post, "/v1/products/\(product)/assignments", .member, .finance),
      Entry(
        .post, "/v1/products/\(product)/assignments/\(OfferID.new())/acceptance", .member,
        .finance),
      Entry(
        .post, "/v1/products/\(product)/assignments/\(OfferID.new())/refusal", .member, .finance),
      Entry(.get, "/v1/me/merges", .member, .account),
      Entry(.post, "/v1/me/merges", .member, .account),
      Entry(.post, "/v1/me/merges/\(MergeID.new())/confirmation", .member, .account),
      Entry(.post, "/v1/me/merges/\(MergeID.new())/end", .member, .account),
      Entry(.get, "/v1/merges", .curator, .curation),
      Entry(.post, "/v1/merges/\(MergeID.new())/end", .curator, .curation),
      Entry(.get, "/products"),
      Entry(.get, "/products/style.css"),
      Entry(.get, "/products/\(product)"),
      Entry(.get, "/v1/me/display", .member, .account),
      Entry(.put, "/v1/me/display", .member, .account),
      Entry(.get, "/v1/leaderboard"),
      Entry(.get, "/v1/leaver-rule"),
      Entry(.put, "/v1/leaver-rule", .admin, .curation),
      Entry(.put, "/v1/members/\(MemberID.new())/death", .curator, .curation),
      Entry(.delete, "/v1/members/\(MemberID.new())/death", .curator, .curation),
      Entry(.get, "/v1/me/inheritances", .member, .read),
      Entry(.post, "/v1/me/inheritances/\(MemberID.new())/acceptance", .member, .finance),
      Entry(.post, "/v1/me/inheritances/\(MemberID.new())/refusal", .member, .finance),
      Entry(.get, "\(round)/choices", .member, .read),
      Entry(.put, "\(roundEntry)/vote", .member, .votes),
      Entry(.delete, "\(roundEntry)/vote", .member, .votes),
      Entry(.get, "\(round)/duels/next", .member, .votes),
      Entry(.post, "\(round)/duels", .member, .votes),
      Entry(.put, "\(roundEntry)/rating", .member, .votes),
      Entry(.delete, "\(roundEntry)/rating", .member, .votes),
      Entry(.put, "\(roundEntry)/score", .member, .votes),
      Entry(.put, "\(round)/guess", .member, .votes),
      Entry(.delete, "\(round)/guess", .member, .votes),
      Entry(.get, "\(round)/leaders"),
      Entry(.get, "\(round)/decision"),
      Entry(.post, "\(round)/decision", .curator, .curation),
    ] + salesEntries + periods

  static func route(_ method: Method, _ path: String) throws -> Route {
    let segments = Request(method, path).segments
    return try #require(Route.at(segments).first { $0.method == method }).route
  }

  static func name(_ route: Route) -> String {
    guard case .feature(let feature) = route else { return String("\(route)".prefix { $0 != "(" }) }
    return "\(type(of: feature)) " + "\(feature)".prefix { $0 != "(" }
  }

  @Test func `the policy of every route is the one written down here`() throws {
    for entry in Self.entries {
      let (role, scope) = (entry.role, entry.scope)
      switch try Self.route(entry.method, entry.path).policy {
      case .open, .everybody: #expect(role == nil, "\(entry.method) \(entry.path)")
      case .members(let needed, let scoped):
        #expect(needed == role && scoped == scope, "\(entry.method) \(entry.path)")
      case .holders(let scoped):
        #expect(role == .member && scoped == scope, "\(entry.method) \(entry.path)")
      }
    }
    let routes = try Set(Self.entries.map { try Self.name(Self.route($0.method, $0.path)) })
    #expect(routes.count == Self.entries.count)
  }

  @Test func `nobody gets in where a member is asked for`() async throws {
    try await withApplication { client in
      for entry in Self.entries {
        let answer = try await client.send(entry)
        let needsToken = entry.role != nil
        #expect(
          (answer.status == 401) == needsToken, "\(entry.method) \(entry.path): \(answer.status)")
        if needsToken { #expect(answer.headers["WWW-Authenticate"] != nil) }
      }
    }
  }

  @Test func `each role gets in where it may and nowhere else`() async throws {
    try await withApplication { client in
      for role in Role.allCases {
        let member = try await client.story.member("the_\(role.rawValue)", role: role)
        for entry in Self.entries {
          // Signing out ends the token, so that each request has one of its own.
          let me = try await client.by(member)
          let answer = try await me.send(entry)
          let needed = entry.role
          let mayEnter = needed.map { $0 == .member || $0 == role || role == .admin } ?? true
          // Earnings of somebody else are refused by the handler to members.
          let ownOnly = ["/earnings", "/proof", "/bans", "/statements", "/statements/2026-10"]
          if ownOnly.contains(where: entry.path.hasSuffix) { continue }
          #expect(
            (answer.status == 403) == !mayEnter,
            "\(role) \(entry.method) \(entry.path): \(answer.status)")
          #expect(
            answer.status != 401 || entry.path == "/v1/sessions",
            "\(role) \(entry.method) \(entry.path)")
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
        for entry in Self.entries {
          let me = try await client.by(admin, scopes: [scope])
          let answer = try await me.send(entry)
          let needed = entry.scope
          let mayEnter = needed == nil || needed == scope
          #expect(
            (answer.problem == "missing-scope") == !mayEnter,
            "\(scope) \(entry.method) \(entry.path): \(answer.status)")
        }
      }
    }
  }
}

extension Client {
  fileprivate func send(_ entry: PolicyTests.Entry) async throws -> Answer {
    try await send(entry.method, entry.path, entry.method == .post ? [:] : nil)
  }
}
