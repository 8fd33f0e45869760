import Coinvent
import HTTPServer

/// What members and teams offer in projects.
enum EntriesRoute: FeatureRoute {
  /// A project by its product.
  typealias Place = (product: ProductID, project: ProjectID)

  case list(ProductID, ProjectID), enter(ProductID, ProjectID), own(ProductID, ProjectID)
  case read(ProductID, ProjectID, EntryID), edit(ProductID, ProjectID, EntryID)
  case withdraw(ProductID, ProjectID, EntryID), remove(ProductID, ProjectID, EntryID)
  case answer(ProductID, ProjectID, EntryID)

  static func at(_ path: Path) -> [(method: Method, route: EntriesRoute)] {
    guard path[0] == "products", path[2] == "projects", path[4] == "entries",
      let product = ProductID(path[1] ?? ""), let project = ProjectID(path[3] ?? "")
    else { return [] }
    switch (path[5], path[6], path.count) {
    case (nil, _, _): return [(.get, .list(product, project)), (.post, .enter(product, project))]
    case ("own", nil, _): return [(.get, .own(product, project))]
    case (let id?, nil, _):
      return with(id) {
        [(.get, .read(product, project, $0)), (.patch, .edit(product, project, $0))]
      }
    case (let id?, "withdrawal", 7):
      return with(id) { [(.post, .withdraw(product, project, $0))] }
    case (let id?, "removal", 7): return with(id) { [(.post, .remove(product, project, $0))] }
    case (let id?, "acceptance", 7): return with(id) { [(.post, .answer(product, project, $0))] }
    default: return []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read: .everybody
    case .own: .members(.member, .read)
    case .enter, .edit, .withdraw, .answer: .members(.member, .ideas)
    case .remove: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let product, let project): try await EntriesAPI.list((product, project), call)
    case .own(let product, let project): try await EntriesAPI.own((product, project), call)
    case .enter(let product, let project): try await EnterAPI.enter((product, project), call)
    case .read(let product, let project, let id):
      try await EntriesAPI.read(id, (product, project), call)
    case .edit(let product, let project, let id):
      try await EnterAPI.edit(id, (product, project), call)
    case .withdraw(let product, let project, let id):
      try await EnterAPI.withdraw(id, (product, project), call)
    case .remove(let product, let project, let id):
      try await EnterAPI.remove(id, (product, project), call)
    case .answer(let product, let project, let id):
      try await EnterAPI.answer(id, (product, project), call)
    }
  }

  private static let path = "/v1/products/{product_id}/projects/{project_id}/entries"
  private static let answers = Shape.Field.required(
    "answers", .anything, "An object: by the names of the form's fields")
  private static let entry = Operation.Answer.json(200, "The entry", .named("Entry"))
  private static let late = [
    (409, "entries-closed"), (409, "text-taken"), (409, "file-not-there"),
  ]

  static let operations = [
    Operation(
      .get, path, "listEntries", "The entries that take part",
      detail: "In the order of their numbers, or in one that looks random and stays the same for "
        + "a member; for others it is that of the day, or of a seed.",
      query: Operation.Parameter.paging + [
        .init("order", .words(EntriesAPI.Order.allCases.map(\.rawValue)), "`number` unless given"),
        .init("seed", .length(1...100), "random: another order, the same for everybody"),
      ],
      answers: [.json(200, "A page", .page("entries", of: .named("Entry")))]),
    Operation(
      .get, path + "/own", "listOwnEntries",
      "What one has entered, alone or with others, in all states",
      answers: [
        .json(200, "The last one first", .object([.required("entries", .list(.named("Entry")))]))
      ]),
    Operation(
      .post, path, "enterProject", "Enter, alone or as a team",
      detail: "A team's entry takes part once everybody named has accepted the own part.",
      body: .json(
        .object([
          answers,
          .optional(
            "makers",
            .list(
              .object([
                .required("member_id", .id(MemberID.self)),
                .required("ppm", .whole(1...EntryMaker.whole)),
              ]), 1...EntryMaker.most),
            "Who shares what it earns, oneself included: together 1000000 ppm"),
        ])),
      answers: [.json(201, "The entry", .named("Entry"))],
      problems: late + [(409, "too-many-entries")]),
    Operation(.get, path + "/{entry_id}", "readEntry", "An entry", answers: [entry]),
    Operation(
      .patch, path + "/{entry_id}", "editEntry", "Change what one's entry says",
      detail: "As long as entries are taken. The split stays.", body: .json(.object([answers])),
      answers: [entry], problems: late + [(403, "not-author"), (409, "entry-ended")]),
    Operation(
      .post, path + "/{entry_id}/withdrawal", "withdrawEntry", "Take one's entry back",
      answers: [.json(200, "It is taken back, now or already", .named("Entry"))],
      problems: [(403, "not-author"), (409, "entry-ended"), (409, "project-ended")]),
    Operation(
      .post, path + "/{entry_id}/removal", "removeEntry", "Remove an entry",
      body: .json(.object([.required("reason", .length(1...2000), "For its makers")])),
      answers: [.json(200, "It is removed, now or already", .named("Entry"))],
      problems: [(409, "entry-ended"), (409, "project-ended")]),
    Operation(
      .post, path + "/{entry_id}/acceptance", "answerSplit",
      "Accept one's part of a team's entry, or decline it",
      body: .json(.object([.required("accept", .flag)])),
      answers: [.json(200, "So it is, now or already", .named("Entry"))],
      problems: [(409, "answered-before"), (409, "entries-closed"), (409, "entry-ended")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Entry",
      .object([
        .required("id", .id(EntryID.self)), .required("product_id", .id(ProductID.self)),
        .required("project_id", .id(ProjectID.self)), .required("number", .count),
        .required("author_id", .id(MemberID.self)), .required("author_handle", .text),
        .required("answers", .anything), .required("files", .list(.named("EntryFile"))),
        .required("state", .words(ProjectEntry.State.allCases.map(\.rawValue))),
        .required(
          "makers",
          .list(
            .object([
              .required("member_id", .id(MemberID.self)),
              .required("ppm", .whole(1...EntryMaker.whole)),
              .required("accepted_at", .nullable(.time)),
              .required("declined_at", .nullable(.time)),
            ])), "Who shares what it earns, the greatest parts first"),
        .required("reason", .nullable(.text), "Why it ended, for its makers and curators"),
        .required("entered_at", .time), .required("edited_at", .nullable(.time)),
      ])
    )
  ]
}
