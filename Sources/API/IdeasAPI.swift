import Coinvent
import HTTPServer
import JSON
import Postgres

/// `POST`, `GET /v1/ideas` and `GET /v1/ideas/{id}`.
enum IdeasAPI {
  static func submit(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let isDraft = fields.optionalFlag("draft") ?? false
    func text(_ name: String) -> String {
      isDraft ? fields.optionalText(name) ?? "" : fields.text(name)
    }
    let draft = IdeaDraft(
      title: text("title"), pitch: text("pitch"), problem: text("problem"),
      solution: text("solution"), category: text("category"), details: details(&fields))
    let ancestor = fields.optionalID("continues", as: IdeaID.self)
    let wish = SubmissionAPI.wish(&fields, isDraft: isDraft)
    let state = isDraft ? Idea.State.draft : call.application.settings.submissions
    try fields.finish(and: draft.faults(in: state))
    let similar = try await SimilarIdeas.run(draft.title, in: call.pool)
    return try await call.write { tx in
      let outcome = try await SubmitIdea.run(
        draft, by: call.member.member, as: state, wish: wish, continuing: ancestor, in: tx)
      switch outcome {
      case .made(let idea):
        let waits =
          idea.state == .submitted ? try await SubmissionWaits.of(idea.id, in: tx) : nil
        let bytes = JSONWriter.object {
          write(idea, &$0)
          if let waits { SubmissionAPI.write(waits, &$0) }
          SearchAPI.write(similar, &$0)
        }
        return .created(bytes, at: "/v1/ideas/\(idea.id)")
      case .refused(let refusal): throw SubmissionAPI.problem(refusal)
      case .noAncestor:
        throw Invalid(
          "/continues", "must be an idea of yours that was declined, expired or withdrawn")
      }
    }
  }

  private static func details(_ fields: inout Fields) -> IdeaDetails {
    IdeaDetails(
      features: fields.optionalText("features") ?? "",
      similarProducts: fields.optionalText("similar_products") ?? "",
      tags: tags(&fields) ?? [], links: links(&fields) ?? [])
  }

  static func tags(_ fields: inout Fields) -> [String]? {
    fields.part("tags") { json throws(Invalid) in try IdeaDetails.tags(json, at: "/tags") }
  }

  static func links(_ fields: inout Fields) -> [IdeaLink]? {
    fields.part("links") { json throws(Invalid) in try IdeaLink.list(json, at: "/links") }
  }

  static func read(_ id: IdeaID, _ call: Call) async throws -> Response {
    guard let idea = try await call.application.ideas.current.answer(id), mayRead(idea, call)
    else { throw Problem.notFound("such idea") }
    let isRendered = call.request.query["html"] == "1"
    return Response.json(
      JSONWriter.object(reserving: 1024) {
        write(idea, &$0)
        if isRendered { writeHTML(of: idea, &$0) }
      }
    ).tagged(for: call.request)
  }

  /// The longer texts, rendered for whoever asks: few do, so nothing is kept.
  private static func writeHTML(of idea: Idea, _ writer: inout JSONWriter) {
    writer.field("problem_html", Markdown.html(of: idea.problem.string))
    writer.field("solution_html", Markdown.html(of: idea.solution.string))
    if let features = idea.features {
      writer.field("features_html", Markdown.html(of: features.string))
    }
    if let products = idea.similarProducts {
      writer.field("similar_products_html", Markdown.html(of: products.string))
    }
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
    let page = try await wish.find(in: pool)
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
    if !idea.isHidden { return true }
    if let principal = call.principal, principal.member == idea.authorID { return true }
    return idea.state != .draft && isCurator(call)
  }

  private static func isCurator(_ call: Call) -> Bool {
    call.principal?.role.includes(.curator) ?? false
  }

  /// - Throws: 404 for an idea that the caller may not read.
  static func demandReadable(_ id: IdeaID, _ call: Call) async throws {
    guard try await readable(id, call) != nil else { throw Problem.notFound("such idea") }
  }

  /// Nil for an idea that the caller may not read.
  static func readable(_ id: IdeaID, _ call: Call) async throws -> Idea? {
    guard let idea = try await call.application.ideas.current.answer(id), mayRead(idea, call)
    else { return nil }
    return idea
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
    if let features = idea.features { writer.field("features", features) }
    if let products = idea.similarProducts { writer.field("similar_products", products) }
    if let tags = idea.tags { writer.field("tags", json: tags) }
    if let links = idea.links { writer.field("links", json: links) }
    if let brief = idea.brief { writer.field("brief_id", brief) }
    if idea.state == .accepted { writer.field("product_id", ProductID(uuid: idea.id.uuid)) }
  }
}
