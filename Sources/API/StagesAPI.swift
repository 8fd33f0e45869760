import Coinvent
import HTTPServer
import JSON
import Postgres

/// Products by stage, and how a product goes through its stages.
enum StagesRoute: FeatureRoute {
  case products
  case read(ProductID)
  case move(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: StagesRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("products", nil, nil, nil): [(.get, .products)]
    case ("products", let id?, "stages", nil): with(id) { [(.get, .read($0)), (.post, .move($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .products, .read: .everybody
    case .move: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .products: try await StagesAPI.products(call)
    case .read(let id): try await StagesAPI.read(id, call)
    case .move(let id): try await StagesAPI.move(id, call)
    }
  }

  private static let stages = Shape.words(Stage.allCases.map(\.rawValue))

  private static let row: [Shape.Field] = [
    .required("number", .count), .required("from", .nullable(stages), "Null for the first"),
    .required("stage", stages), .required("entered_at", .time),
    .required("due_on", .nullable(.text), "The day on which it is to end"),
    .required("needed_next", .nullable(.text), "What is needed to go on"),
    .required("reason", .nullable(.text)),
    .required("changed_by", .nullable(.id(MemberID.self)), "Null: the rules did it"),
    .required("changed_at", .time),
  ]

  static let operations = [
    Operation(
      .get, "/v1/products", "listProducts", "Products, the newest first",
      query: Operation.Parameter.paging + [.init("stage", stages, "Only those in this stage")],
      answers: [
        .json(
          200, "A page",
          .page(
            "products",
            of: .object([
              .required("id", .id(ProductID.self)), .required("name", .text),
              .required("inventor_id", .id(MemberID.self)), .required("stage", stages),
              .required("created_at", .time),
            ])))
      ]),
    Operation(
      .get, "/v1/products/{product_id}/stages", "readStages",
      "The stage of a product, what is needed next, why it stopped, and its whole history",
      answers: [.json(200, "The stages", .named("Stages"))]),
    Operation(
      .post, "/v1/products/{product_id}/stages", "moveStage",
      "Move a product to another stage, or tell news about the one it is in",
      detail: "Forward, past other stages too; back only with a reason. It is shelved from "
        + "anywhere with a reason, and goes from there back to a stage or, for good, to "
        + "rights_returned. Who follows the idea is told.",
      body: .json(
        .object([
          .required("stage", stages), .optional("due_on", .text, "A day such as 2026-11-25"),
          .optional("needed_next", .length(0...2000)), .optional("reason", .length(0...2000)),
        ])),
      answers: [
        .json(200, "It is there already, and nothing is new", .named("Stages")),
        .json(201, "The stages", .named("Stages")),
      ],
      problems: [(409, "wrong-stage")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Stages",
      .object([
        .required("product_id", .id(ProductID.self)), .required("stage", stages),
        .required("entered_at", .time), .required("due_on", .nullable(.text)),
        .required("needed_next", .nullable(.text)),
        .required("stopped_because", .nullable(.text), "Null unless it has stopped"),
        .required("history", .list(.object(row)), "The first stage first"),
      ])
    )
  ]
}

enum StagesAPI {
  static func products(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let stage = try word("stage", of: Stage.self, call)
    let (products, next) = try await ListedProduct.all(
      stage: stage, limit: page.limit, after: page.cursor, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("products", products) { writer, product in
          writer.object {
            $0.field("id", product.id)
            $0.field("name", product.name)
            $0.field("inventor_id", product.inventor)
            $0.field("stage", product.stage.rawValue)
            $0.field("created_at", product.createdAt)
          }
        }
        $0.field("next_cursor", next?.text)
      }
    ).tagged(for: call.request)
  }

  /// A word of the query; nil when it is not there.
  static func word<Word>(_ name: String, of: Word.Type, _ call: Call) throws -> Word?
  where Word: RawRepresentable<String> & CaseIterable {
    guard let text = call.request.query[name], !text.isEmpty else { return nil }
    guard let word = Word(rawValue: text) else {
      let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw Invalid("/\(name)", "must be one of \(all)")
    }
    return word
  }

  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    let history = try await ProductStage.history(of: id, in: call.pool)
    guard let last = history.last else { throw Problem.notFound("such product") }
    return Response.json(json(id, last, history)).tagged(for: call.request)
  }

  /// What somebody wants of a product.
  private struct Wish {
    let stage: Stage
    let dueOn: Day?
    let needed: String?
    let reason: String?

    init(_ call: Call) throws {
      var fields = try call.fields()
      stage = fields.choice("stage", of: Stage.self)
      let day = fields.optionalText("due_on")
      dueOn = day.flatMap { Day($0) }
      if day != nil && dueOn == nil { fields.note("due_on", "must be a day such as 2026-11-25") }
      needed = fields.optionalText("needed_next")
      reason = fields.optionalText("reason")
      try fields.finish()
    }
  }

  static func move(_ id: ProductID, _ call: Call) async throws -> Response {
    let wish = try Wish(call)
    return try await call.write { tx in
      let outcome = try await MoveStage.run(
        product: id, to: wish.stage, dueOn: wish.dueOn, needed: wish.needed, reason: wish.reason,
        by: call.member.member, in: tx)
      switch outcome {
      case .unchanged(let stage):
        return .json(json(id, stage, try await ProductStage.history(of: id, in: tx)))
      case .moved(let stage):
        return .created(
          json(id, stage, try await ProductStage.history(of: id, in: tx)),
          at: "/v1/products/\(id)/stages")
      case .reasonNeeded(let from):
        throw Invalid(
          "/reason", "is required to go from \(from.rawValue) to \(wish.stage.rawValue)")
      case .notAllowed(let from):
        throw Problem.conflict(
          "wrong-stage",
          "A product does not go from \(from.rawValue) to \(wish.stage.rawValue).")
      case .unknown: throw Problem.notFound("such product")
      }
    }
  }

  private static func json(_ id: ProductID, _ now: ProductStage, _ history: [ProductStage])
    -> [UInt8]
  {
    JSONWriter.object {
      $0.field("product_id", id)
      $0.field("stage", now.stage.rawValue)
      $0.field("entered_at", now.enteredAt)
      $0.field("due_on", now.dueOn?.description)
      $0.field("needed_next", now.neededNext)
      $0.field("stopped_because", now.stoppedBecause)
      $0.array("history", history) { writer, row in
        writer.object {
          $0.field("number", row.number)
          $0.field("from", row.old?.rawValue)
          $0.field("stage", row.stage.rawValue)
          $0.field("entered_at", row.enteredAt)
          $0.field("due_on", row.dueOn?.description)
          $0.field("needed_next", row.neededNext)
          $0.field("reason", row.reason)
          $0.field("changed_by", row.changedBy?.description)
          $0.field("changed_at", row.changedAt)
        }
      }
    }
  }
}
