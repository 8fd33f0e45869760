import Coinvent
import HTTPServer
import JSON
import Postgres

/// `/v1/projects`, `/v1/products/{id}/projects` and a project by its id.
enum ProjectsAPI {
  static func all(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let state = try StagesAPI.word("state", of: Project.State.self, call) ?? .open
    if state == .draft { throw Invalid("/state", "drafts are listed by product only") }
    let (projects, next) = try await ListProjects.all(
      state: state, limit: page.limit, after: page.cursor, in: call.pool)
    return answer(projects, next, call)
  }

  static func list(_ product: ProductID, _ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let state = try StagesAPI.word("state", of: Project.State.self, call)
    guard try await ProductStage.current(of: product, in: call.pool) != nil else {
      throw Problem.notFound("such product")
    }
    let (projects, next) = try await ListProjects.of(
      product, state: state, drafts: isCurator(call), limit: page.limit, after: page.cursor,
      in: call.pool)
    return answer(projects, next, call)
  }

  private static func answer(_ projects: [Project], _ next: TimeCursor?, _ call: Call)
    -> Response
  {
    Response.json(
      JSONWriter.object(reserving: 2048 * (projects.count + 1)) {
        $0.array("projects", projects) { writer, project in
          writer.object { write(project, &$0) }
        }
        $0.field("next_cursor", next?.text)
      }
    ).tagged(for: call.request)
  }

  static func isCurator(_ call: Call) -> Bool {
    call.principal?.role.includes(.curator) ?? false
  }

  /// - Throws: 404 for a project that the caller may not see.
  static func readable(_ id: ProjectID, _ product: ProductID, _ call: Call) async throws
    -> Project
  {
    guard let project = try await Project.find(id, of: product, in: call.pool),
      project.state != .draft || isCurator(call)
    else { throw Problem.notFound("such project") }
    return project
  }

  static func read(_ id: ProjectID, _ product: ProductID, _ call: Call) async throws -> Response {
    let project = try await readable(id, product, call)
    return Response.json(JSONWriter.object { write(project, &$0) }).tagged(for: call.request)
  }

  static func make(_ product: ProductID, _ call: Call) async throws -> Response {
    let (draft, isPublished) = try draft(call)
    return try await call.write { tx in
      let outcome = try await MakeProject.run(
        draft, of: product, isPublished: isPublished, by: call.member.member, in: tx)
      switch outcome {
      case .made(let project):
        return .created(
          JSONWriter.object { write(project, &$0) },
          at: "/v1/products/\(product)/projects/\(project.id)")
      case .unknownProduct: throw Problem.notFound("such product")
      case .noSlice: throw noSlice
      case .productStopped(let stage): throw stopped(stage)
      }
    }
  }

  private static func draft(_ call: Call) throws -> (ProjectDraft, isPublished: Bool) {
    var fields = try call.fields()
    let slice = fields.choice("slice", of: Slice.self)
    let title = fields.text("title")
    let brief = fields.text("brief")
    let choosing = fields.choice("choosing", of: Choosing.self)
    let opensAt = fields.time("opens_at")
    let entriesUntil = fields.time("entries_until")
    let closesAt = fields.time("closes_at")
    let isPublished = fields.optionalFlag("publish") ?? false
    let further = further(&fields)
    try fields.finish()
    let draft = ProjectDraft(
      slice: slice, title: title, brief: brief, form: further.form, choosing: choosing,
      rules: further.rules ?? [:], entriesPerMember: further.entriesPerMember ?? 1,
      hidesTallies: further.hidesTallies ?? false, opensAt: opensAt, entriesUntil: entriesUntil,
      choosingFrom: further.choosingFrom, closesAt: closesAt)
    return (draft, isPublished)
  }

  /// What both a new project and a change may have.
  private static func further(_ fields: inout Fields) -> EditProject.Change {
    var change = EditProject.Change()
    change.form = fields.part("form") { json throws(Invalid) in
      try EntryForm(json: json, at: "/form")
    }
    change.rules = fields.json("rules")
    change.entriesPerMember = fields.optionalWhole("entries_per_member", in: ProjectDraft.limits)
    change.hidesTallies = fields.optionalFlag("hides_tallies")
    change.choosingFrom = fields.optionalTime("choosing_from")
    return change
  }

  static func edit(_ id: ProjectID, _ product: ProductID, _ call: Call) async throws -> Response {
    let (change, reason) = try change(call)
    return try await call.write { tx in
      let outcome = try await EditProject.run(
        change, project: id, of: product, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .edited(let project): return .json(JSONWriter.object { write(project, &$0) })
      case .unknown: throw Problem.notFound("such project")
      case .noSlice: throw noSlice
      case .open:
        throw Problem.conflict(
          "project-open", "The project is open: only a later closes_at is taken, with a reason.")
      case .ended(let state): throw ended(state)
      }
    }
  }

  private static func change(_ call: Call) throws -> (EditProject.Change, reason: String?) {
    var fields = try call.fields()
    var change = further(&fields)
    change.slice = fields.optionalChoice("slice", of: Slice.self)
    change.title = fields.optionalText("title")
    change.brief = fields.optionalText("brief")
    change.choosing = fields.optionalChoice("choosing", of: Choosing.self)
    change.opensAt = fields.optionalTime("opens_at")
    change.entriesUntil = fields.optionalTime("entries_until")
    change.closesAt = fields.optionalTime("closes_at")
    let reason = fields.optionalText("reason")
    try fields.finish()
    return (change, reason)
  }

  static func publish(_ id: ProjectID, _ product: ProductID, _ call: Call) async throws
    -> Response
  {
    try await call.write { tx in
      let outcome = try await PublishProject.run(
        id, of: product, by: call.member.member, in: tx)
      switch outcome {
      case .published(let project): return .json(JSONWriter.object { write(project, &$0) })
      case .unknown: throw Problem.notFound("such project")
      case .noDraft(let state): throw ended(state)
      case .productStopped(let stage): throw stopped(stage)
      }
    }
  }

  static func cancel(_ id: ProjectID, _ product: ProductID, _ call: Call) async throws
    -> Response
  {
    let reason = try CurateCommentsAPI.reason(call)
    return try await call.write { tx in
      let outcome = try await CancelProject.run(
        id, of: product, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .cancelled(let project): return .json(JSONWriter.object { write(project, &$0) })
      case .unknown: throw Problem.notFound("such project")
      case .decided:
        throw Problem.conflict("project-decided", "The project is decided; that stays.")
      }
    }
  }

  private static let noSlice = Problem.conflict(
    "no-such-slice", "The product's first recipe gives nothing to this slice.")

  private static func stopped(_ stage: Stage) -> Problem {
    .conflict(
      "product-stopped",
      "The product is in the stage \(stage.rawValue); move it out of there first.")
  }

  static func ended(_ state: Project.State) -> Problem {
    .conflict("project-ended", "The project is \(state.rawValue).")
  }

  static func write(_ project: Project, _ writer: inout JSONWriter) {
    let now = Timestamp.now
    writer.field("id", project.id)
    writer.field("product_id", project.product)
    writer.field("slice", project.slice.rawValue)
    writer.field("title", project.title)
    writer.field("brief", project.brief)
    writer.field("form", json: project.form)
    writer.field("choosing", project.choosing.rawValue)
    writer.field("rules", json: project.rules)
    writer.field("state", project.state.rawValue)
    writer.field("takes_entries", project.takesEntries(at: now))
    writer.field("takes_choices", project.takesChoices(at: now))
    writer.field("entries_per_member", project.entriesPerMember)
    writer.field("hides_tallies", project.hidesTallies)
    writer.field("opens_at", project.opensAt)
    writer.field("entries_until", project.entriesUntil)
    writer.field("choosing_from", project.choosingFrom)
    writer.field("closes_at", project.closesAt)
    writer.field("made_by", project.madeBy)
    writer.field("made_at", project.madeAt)
    writer.field("reason", project.reason)
    writer.field("ended_at", project.endedAt)
  }
}
