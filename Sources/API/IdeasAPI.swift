import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST`, `GET /v1/ideas` and `GET /v1/ideas/{id}`.
enum IdeasAPI {
  static func submit(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let draft = IdeaDraft(
      title: fields.text("title"), pitch: fields.text("pitch"), problem: fields.text("problem"),
      solution: fields.text("solution"), category: fields.text("category"))
    let isDraft = fields.optionalFlag("draft") ?? false
    let ancestor = fields.optionalID("continues", as: IdeaID.self)
    let state = isDraft ? Idea.State.draft : call.application.settings.submissions
    try fields.finish(and: draft.faults(in: state))
    let similar = try await SimilarIdeas.run(draft.title, in: call.pool)
    return try await call.write { tx in
      let outcome = try await SubmitIdea.run(
        draft, by: call.member.member, as: state, continuing: ancestor, in: tx)
      switch outcome {
      case .made(let idea):
        let bytes = JSONWriter.object {
          write(idea, &$0)
          SearchAPI.write(similar, &$0)
        }
        return .created(bytes, at: "/v1/ideas/\(idea.id)")
      case .noAncestor:
        throw Invalid(
          "/continues", "must be an idea of yours that was declined, expired or withdrawn")
      }
    }
  }

  static func read(_ id: IdeaID, _ call: Call) async throws -> Response {
    guard let idea = try await call.application.ideas.current.answer(id), mayRead(idea, call)
    else { throw Problem.notFound("such idea") }
    return Response.json(JSONWriter.object(reserving: 1024) { write(idea, &$0) })
      .tagged(for: call.request)
  }

  static func list(_ call: Call) async throws -> Response {
    let wish = try PageWish(call.request.query)
    if wish.state == .draft {
      throw Problem.forbidden("Drafts are for their authors: see /v1/me/ideas.")
    }
    guard !wish.state.isHidden || isCurator(call) else {
      throw Problem.forbidden("Ideas that are \(wish.state.rawValue) are for curators.")
    }
    let page = try await call.application.ideaPages.current.answer(wish)
    var response = Response.json(page.bytes).tagged(page.tag, for: call.request)
    if let link = page.link { response.headers.add("Link", link) }
    return response
  }

  /// A page as it is sent; made once for all who ask for it at the same time.
  static func page(_ wish: PageWish, in pool: Pool) async throws -> Page {
    let page = try await ListIdeas.run(
      state: wish.state, sort: wish.sort, limit: wish.limit, after: wish.cursor, in: pool)
    let bytes = JSONWriter.object(reserving: 1024 * (page.ideas.count + 1)) {
      $0.array("ideas", page.ideas) { writer, idea in writer.object { write(idea, &$0) } }
      $0.field("next_cursor", page.next?.text)
    }
    return Page(bytes: bytes, tag: Response.tag(of: bytes), link: page.next.map(wish.link))
  }

  struct Page: Sendable {
    let bytes: [UInt8]
    let tag: String
    let link: String?
  }

  /// A draft is there for its author only, and what is hidden for curators too.
  private static func mayRead(_ idea: Idea, _ call: Call) -> Bool {
    if !idea.state.isHidden { return true }
    if let principal = call.principal, principal.member == idea.authorID { return true }
    return idea.state != .draft && isCurator(call)
  }

  private static func isCurator(_ call: Call) -> Bool {
    call.principal?.role.includes(.curator) ?? false
  }

  /// - Throws: 404 for an idea that the caller may not read.
  static func demandReadable(_ id: IdeaID, _ call: Call) async throws {
    guard let idea = try await call.application.ideas.current.answer(id), mayRead(idea, call)
    else { throw Problem.notFound("such idea") }
  }

  static func write(_ idea: Idea, _ writer: inout JSONWriter) {
    writer.field("id", idea.id)
    writer.field("author_id", idea.authorID)
    writer.field("author_handle", idea.authorHandle)
    writer.field("title", idea.title)
    writer.field("pitch", idea.pitch)
    writer.field("problem", idea.problem)
    writer.field("solution", idea.solution)
    writer.field("category", idea.category)
    writer.field("state", idea.state.rawValue)
    writer.field("votes", idea.votes)
    writer.field("opened_at", idea.openedAt)
    writer.field("created_at", idea.createdAt)
    writer.field("decided_at", idea.decidedAt)
    writer.field("version", idea.version)
    if idea.state == .accepted { writer.field("product_id", ProductID(uuid: idea.id.uuid)) }
  }

  /// The page that a query asks for. Pointers name parameters as if the query were an object.
  struct PageWish: Hashable {
    var state = Idea.State.open
    var sort = ListIdeas.Sort.new
    var limit = 20
    var cursor: IdeaCursor?

    init(_ query: QueryItems) throws {
      var invalid = Invalid()
      if let text = query["state"], !text.isEmpty {
        let words = Idea.State.allCases.map(\.rawValue).joined(separator: ", ")
        if let state = Idea.State(rawValue: text) { self.state = state } else {
          invalid.add("/state", "must be one of \(words)")
        }
      }
      if let text = query["sort"], !text.isEmpty {
        if let sort = ListIdeas.Sort(rawValue: text) { self.sort = sort } else {
          invalid.add("/sort", "must be new, top or trending")
        }
      }
      if let text = query["limit"], !text.isEmpty {
        if let limit = Int(text), (1...100).contains(limit) { self.limit = limit } else {
          invalid.add("/limit", "must be a whole number from 1 to 100")
        }
      }
      if let text = query["cursor"], !text.isEmpty {
        cursor = IdeaCursor(text, sort: sort, state: state)
        if cursor == nil { invalid.add("/cursor", "is none that this list has given") }
      }
      if !invalid.isEmpty { throw invalid }
    }

    fileprivate func link(to next: IdeaCursor) -> String {
      "</v1/ideas?state=\(state.rawValue)&sort=\(sort.rawValue)&limit=\(limit)"
        + "&cursor=\(next.text)>; rel=\"next\""
    }
  }
}
