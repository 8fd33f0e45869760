import Coinvent
import HTTPServer

/// Timed calls inside products.
enum ProjectsRoute: FeatureRoute {
  case all
  case list(ProductID), make(ProductID)
  case read(ProductID, ProjectID), edit(ProductID, ProjectID)
  case publish(ProductID, ProjectID), cancel(ProductID, ProjectID)

  static func at(_ path: Path) -> [(method: Method, route: ProjectsRoute)] {
    if path[0] == "projects" { return path.count == 1 ? [(.get, .all)] : [] }
    guard path[0] == "products", path[2] == "projects", let product = ProductID(path[1] ?? "")
    else { return [] }
    guard let text = path[3] else { return [(.get, .list(product)), (.post, .make(product))] }
    return with(text) { id in
      switch (path[4], path.count) {
      case (nil, _): [(.get, .read(product, id)), (.patch, .edit(product, id))]
      case ("publication", 5): [(.post, .publish(product, id))]
      case ("cancellation", 5): [(.post, .cancel(product, id))]
      default: []
      }
    }
  }

  var policy: Policy {
    switch self {
    case .all, .list, .read: .everybody
    case .make, .edit, .publish, .cancel: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .all: try await ProjectsAPI.all(call)
    case .list(let product): try await ProjectsAPI.list(product, call)
    case .make(let product): try await ProjectsAPI.make(product, call)
    case .read(let product, let id): try await ProjectsAPI.read(id, product, call)
    case .edit(let product, let id): try await ProjectsAPI.edit(id, product, call)
    case .publish(let product, let id): try await ProjectsAPI.publish(id, product, call)
    case .cancel(let product, let id): try await ProjectsAPI.cancel(id, product, call)
    }
  }

  private static let slices = Shape.words(ProjectDraft.slices.map(\.rawValue))
  private static let ways = Shape.words(Choosing.allCases.map(\.rawValue))
  private static let states = Shape.words(Project.State.allCases.map(\.rawValue))
  private static let state = Operation.Parameter(
    "state", states, "Only those in it; drafts are shown to curators")

  /// A field of a form: its kind says which of the others it has.
  private static let field = Shape.object([
    .required("name", .matching("^[a-z][a-z0-9_]{0,39}$")), .required("label", .length(1...100)),
    .optional("help", .length(0...500)), .optional("required", .flag, "True unless given"),
    .required("kind", .words(EntryField.Word.allCases.map(\.rawValue))),
    .optional(
      "min", .anything,
      "The fewest characters or options, or the least number as a decimal string"),
    .optional("max", .anything, "The most of them"),
    .optional("lines", .flag, "text: whether it may have more than one line"),
    .optional("unique", .flag, "text: whether nobody may enter the same again"),
    .optional("decimals", .whole(0...9), "number, units: digits after the point"),
    .optional("step", .decimal, "number, units: the distance of the values that are taken"),
    .optional("units", .list(.text, 1...20), "units: the units to choose from"),
    .optional("options", .list(.text, 1...100), "choice: what can be chosen"),
    .optional("types", .list(.words(FileType.allCases.map(\.rawValue))), "file: what is taken"),
    .optional("max_bytes", .whole(1...10_485_760), "file: how long it may be"),
  ])

  private static let further: [Shape.Field] = [
    .optional("form", .list(field, 1...20), "What is usual for the slice unless given"),
    .optional("rules", .anything, "The figures of the way of choosing; see Docs/policies"),
    .optional("entries_per_member", .whole(ProjectDraft.limits), "1 unless given"),
    .optional("hides_tallies", .flag, "Whether nobody sees who leads before it closes"),
    .optional("choosing_from", .time, "When entries close, or else the opening, unless given"),
  ]

  private static let stopped = [(409, "no-such-slice"), (409, "product-stopped")]

  static let operations = [
    Operation(
      .get, "/v1/projects", "listAllProjects",
      "Projects of all products, the last to open first",
      query: Operation.Parameter.paging + [
        .init("state", states, "`open` unless given; drafts are listed by product only")
      ],
      answers: [.json(200, "A page", .page("projects", of: .named("Project")))]),
    Operation(
      .get, "/v1/products/{product_id}/projects", "listProjects",
      "The projects of a product, the last to open first",
      query: Operation.Parameter.paging + [state],
      answers: [.json(200, "A page", .page("projects", of: .named("Project")))]),
    Operation(
      .post, "/v1/products/{product_id}/projects", "makeProject",
      "Make a project: a draft, or published at once",
      body: .json(
        .object(
          [
            .required("slice", slices, "What adopted entries earn"),
            .required("title", .length(1...100)),
            .required("brief", .length(1...10_000), "Markdown"), .required("choosing", ways),
            .required("opens_at", .time), .required("entries_until", .time),
            .required("closes_at", .time), .optional("publish", .flag),
          ] + further)),
      answers: [.json(201, "The project", .named("Project"))], problems: stopped),
    Operation(
      .get, "/v1/products/{product_id}/projects/{project_id}", "readProject",
      "A project with its form", detail: "Drafts are there for curators.",
      answers: [.json(200, "The project", .named("Project"))]),
    Operation(
      .patch, "/v1/products/{product_id}/projects/{project_id}", "editProject",
      "Change a draft", detail: "Once it is open it only ever closes later, with a reason.",
      body: .json(
        .object(
          [
            .optional("slice", slices), .optional("title", .length(1...100)),
            .optional("brief", .length(1...10_000)), .optional("choosing", ways),
            .optional("opens_at", .time), .optional("entries_until", .time),
            .optional("closes_at", .time),
            .optional("reason", .length(1...2000), "Why it closes later"),
          ] + further)),
      answers: [.json(200, "The project", .named("Project"))],
      problems: [(409, "no-such-slice"), (409, "project-open"), (409, "project-ended")]),
    Operation(
      .post, "/v1/products/{product_id}/projects/{project_id}/publication", "publishProject",
      "Show a draft to everybody", detail: "Who follows the idea is told.",
      answers: [.json(200, "It is published, now or already", .named("Project"))],
      problems: [(409, "project-ended"), (409, "product-stopped")]),
    Operation(
      .post, "/v1/products/{product_id}/projects/{project_id}/cancellation", "cancelProject",
      "End a project without a decision",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "It is cancelled, now or already", .named("Project"))],
      problems: [(409, "project-decided")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Project",
      .object([
        .required("id", .id(ProjectID.self)), .required("product_id", .id(ProductID.self)),
        .required("slice", slices), .required("title", .text),
        .required("brief", .text, "Markdown"), .required("form", .list(field)),
        .required("choosing", ways), .required("rules", .anything), .required("state", states),
        .required("takes_entries", .flag, "Whether entries are taken now"),
        .required("takes_choices", .flag, "Whether members choose now"),
        .required("entries_per_member", .whole(ProjectDraft.limits)),
        .required("hides_tallies", .flag), .required("opens_at", .time),
        .required("entries_until", .time), .required("choosing_from", .time),
        .required("closes_at", .time), .required("made_by", .id(MemberID.self)),
        .required("made_at", .time),
        .required("reason", .nullable(.text), "Why it was decided so, or cancelled"),
        .required("ended_at", .nullable(.time)),
      ])
    )
  ]
}
