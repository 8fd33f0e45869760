import Coinvent
import HTTPServer
import Postgres

/// Atom feeds: of ideas, and of what happens to one of them.
enum FeedsRoute: FeatureRoute {
  case ideas
  case idea(IdeaID)

  static func at(_ path: Path) -> [(method: Method, route: FeedsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("ideas.atom", nil, nil, nil): [(.get, .ideas)]
    case ("ideas", let id?, "feed.atom", nil): with(id) { [(.get, .idea($0))] }
    default: []
    }
  }

  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .ideas: try await FeedsAPI.ideas(call)
    case .idea(let id): try await FeedsAPI.idea(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/ideas.atom", "readIdeasFeed", "Ideas as an Atom feed, like `listIdeas`",
      query: [
        .init("sort", .words(["new", "top", "trending"]), "`new` unless given"),
        .init("state", .words(Idea.State.allCases.map(\.rawValue)), "`open` unless given"),
        .init("tag", .length(1...30), "Only ideas with this tag"),
        .init("category", .length(1...40), "Only ideas of this category"),
        .limit,
      ],
      answers: [.bytes(200, "A feed (RFC 4287)", type: "application/atom+xml")]),
    Operation(
      .get, "/v1/ideas/{idea_id}/feed.atom", "readIdeaFeed",
      "What happens to an idea, and what was said last, as an Atom feed",
      answers: [.bytes(200, "A feed (RFC 4287)", type: "application/atom+xml")]),
  ]
}

enum FeedsAPI {
  static func ideas(_ call: Call) async throws -> Response {
    let wish = try IdeasAPI.PageWish(call.request.query)
    if wish.state.isHidden {
      throw Problem.forbidden("There is no feed of ideas that are \(wish.state.rawValue).")
    }
    let page = try await wish.find(in: call.pool)
    let base = call.publicURL
    let entries = page.ideas.map { idea in
      AtomFeed.Entry(
        id: idea.id.uuid, title: idea.title.string, url: "\(base)/v1/ideas/\(idea.id)",
        author: idea.authorHandle.string, published: idea.openedAt, updated: idea.openedAt,
        content: [idea.pitch, idea.problem, idea.solution].map(\.string)
          .joined(separator: "\n\n"),
        categories: [idea.category.string])
    }
    let feed = AtomFeed(
      id: uuid(of: "ideas: \(wish.query)"), title: "Ideas",
      selfURL: "\(base)/v1/ideas.atom?\(wish.query)", url: "\(base)/v1/ideas?\(wish.query)",
      began: Timestamp(microseconds: 0), entries: entries)
    return answer(feed, call)
  }

  static func idea(_ id: IdeaID, _ call: Call) async throws -> Response {
    guard let idea = try await call.application.ideas.current.answer(id), !idea.isHidden
    else { throw Problem.notFound("such idea") }
    let changes = try await IdeaRecord.changes(of: id, in: call.pool)
    let url = "\(call.publicURL)/v1/ideas/\(id)"
    let states = changes.enumerated().map { number, change in
      AtomFeed.Entry(
        id: uuid(of: "\(id) change \(number + 1)"),
        title: "\(idea.title.string): \(change.newState.rawValue)", url: "\(url)/history",
        author: change.changedBy == nil ? "The rules" : "The community's staff",
        published: change.changedAt, updated: change.changedAt, content: change.reason)
    }
    let said = try await RecentComment.of(id, in: call.pool).map { comment in
      AtomFeed.Entry(
        id: comment.id.uuid,
        title: comment.isOfficial ? "Official answer" : "Comment by \(comment.authorHandle)",
        url: url, author: comment.authorHandle, published: comment.createdAt,
        updated: comment.editedAt ?? comment.createdAt, content: comment.text)
    }
    let feed = AtomFeed(
      id: uuid(of: "feed of \(id)"), title: idea.title.string, selfURL: "\(url)/feed.atom",
      url: url, began: idea.createdAt,
      entries: (states + said).sorted { $0.published > $1.published })
    return answer(feed, call)
  }

  private static func answer(_ feed: AtomFeed, _ call: Call) -> Response {
    var response = Response(body: .bytes(feed.bytes))
    response.headers.add("Content-Type", AtomFeed.type)
    return response.tagged(for: call.request)
  }

  /// The same for the same text, as feeds need it: version 8 of RFC 9562.
  private static func uuid(of text: String) -> UUID {
    let words = Digest.sha256(Array(text.utf8)).prefix(16).reduce(0 as UInt128) {
      $0 << 8 | UInt128($1)
    }
    let high = UInt64(truncatingIfNeeded: words >> 64) & ~0xF000 | 0x8000
    let low = UInt64(truncatingIfNeeded: words) & ~(0xC0 << 56) | 0x80 << 56
    return UUID(high: high, low: low)
  }
}

extension Call {
  /// Where people reach this server, without a slash at the end.
  var publicURL: String {
    if let url = application.settings.publicURL { return url }
    return "http://\(request.headers["Host"] ?? "localhost")"
  }
}
