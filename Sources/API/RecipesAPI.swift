import Coinvent
import HTTPServer
import JSON
import Postgres

/// Recipes: the community's default, and those of products.
enum RecipesRoute: FeatureRoute {
  case list, add
  case listOf(ProductID)
  case addTo(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: RecipesRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("recipes", nil, nil, nil): [(.get, .list), (.post, .add)]
    case ("products", let id?, "recipes", nil):
      with(id) { [(.get, .listOf($0)), (.post, .addTo($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .listOf: .everybody
    case .add: .members(.admin, .curation)
    case .addTo: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await RecipesAPI.list(call)
    case .add: try await RecipesAPI.add(to: nil, call)
    case .listOf(let id): try await RecipesAPI.list(of: id, call)
    case .addTo(let id): try await RecipesAPI.add(to: id, call)
    }
  }

  private static let body = Operation.Body.json(
    .object([
      .required("recipe", .named("Recipe")), .required("reason", .length(1...2000)),
      .optional("starts_at", .time, "Now unless given; not in the past"),
    ]))

  private static let added = Operation.Answer.json(
    201, "The version, and what it says otherwise than the one before it",
    .all([
      .named("DatedRecipe"), .object([.required("diff", .named("RecipeDiff"))]),
    ]))

  static let operations = [
    Operation(
      .get, "/v1/recipes", "listDefaultRecipes",
      "The default recipes, the newest first; version 0 is the shipped one",
      detail: "A product gets the one that was in force when its idea opened for voting.",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .all([
            .page("recipes", of: .named("DatedRecipe")),
            .object([.required("in_force", .count, "The version")]),
          ]))
      ]),
    Operation(
      .post, "/v1/recipes", "addDefaultRecipe",
      "Make another recipe the default from a date on",
      detail: "Ideas that are open already keep the one that their voters knew.",
      body: body, answers: [added], problems: [(409, "start-taken")]),
    Operation(
      .get, "/v1/products/{product_id}/recipes", "listRecipes",
      "The recipes of a product, the newest first", query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page",
          .all([
            .page("recipes", of: .named("DatedRecipe")),
            .object([
              .required("in_force", .count, "The version that would govern shares made now")
            ]),
          ]))
      ]),
    Operation(
      .post, "/v1/products/{product_id}/recipes", "addRecipe",
      "Give a product another recipe from a date on",
      detail: "It governs shares that start later. The first shares are governed by the first "
        + "recipe: what was earned or sold before a change keeps its rules.",
      body: body, answers: [added], problems: [(409, "start-taken")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "DatedRecipe",
      .object([
        .required("version", .count),
        .required("starts_at", .nullable(.time), "Null: it has always been in force"),
        .required("reason", .text), .required("made_at", .nullable(.time)),
        .required("recipe", .named("Recipe")),
      ])
    ),
    (
      "RecipeDiff",
      .object([
        .required(
          "parts",
          .list(
            .object([
              .required("part", .text, "A slice, or slice/role"),
              .required("before", .nullable(.anything)), .required("after", .nullable(.anything)),
              .required("growth_ppb", .whole(-1_000_000_000...1_000_000_000)),
              .required("growth_percent", .decimal),
            ])), "Only parts that change"),
        .required("unclaimed_before", .words(["house", "spread"])),
        .required("unclaimed_after", .words(["house", "spread"])),
      ])
    ),
  ]
}

enum RecipesAPI {
  static func list(_ call: Call) async throws -> Response {
    let (limit, before) = try page(call)
    let found = try await DefaultRecipe.all(limit: limit + 1, before: before, in: call.pool)
    let inForce = try await DefaultRecipe.inForce(at: .now, in: call.pool)
    return answer(found.map(Line.init), limit, inForce: inForce.version, call)
  }

  static func list(of id: ProductID, _ call: Call) async throws -> Response {
    let (limit, before) = try page(call)
    let governing = try await DatedRecipe.governing(id, at: .now, in: call.pool)
    guard let governing else { throw Problem.notFound("such product") }
    let found = try await DatedRecipe.all(
      of: id, limit: limit + 1, before: before, in: call.pool)
    return answer(found.map(Line.init), limit, inForce: governing.version, call)
  }

  private struct Line {
    let version: Int
    let startsAt: Timestamp?
    let recipe: Recipe
    let reason: String
    let madeAt: Timestamp?

    init(_ version: DefaultRecipe) {
      self.version = version.version
      startsAt = version.startsAt
      recipe = version.recipe
      reason = version.reason
      madeAt = version.madeAt
    }

    init(_ version: DatedRecipe) {
      self.version = version.version
      startsAt = version.startsAt
      recipe = version.recipe
      reason = version.reason
      madeAt = version.madeAt
    }

    var json: JSONObject {
      var json = JSONObject()
      json["version"] = .int(Int64(version))
      json["starts_at"] = startsAt.map { .string($0.description) } ?? .null
      json["reason"] = .string(reason)
      json["made_at"] = madeAt.map { .string($0.description) } ?? .null
      json["recipe"] = recipe.json
      return json
    }
  }

  private static func page(_ call: Call) throws -> (limit: Int, before: Int?) {
    var invalid = Invalid()
    let limit = call.request.query.limit(&invalid)
    var before: Int?
    if let text = call.request.query["cursor"], !text.isEmpty {
      before = Base64URL.decode(text.utf8).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
      if before == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    return (limit, before)
  }

  private static func answer(_ rows: [Line], _ limit: Int, inForce: Int, _ call: Call)
    -> Response
  {
    let shown = rows.prefix(limit)
    let next = rows.count > limit ? shown.last.map { Array("\($0.version)".utf8) } : nil
    let page: JSON = [
      "recipes": .array(shown.map { .object($0.json) }), "in_force": .int(Int64(inForce)),
      "next_cursor": next.map { .string(Base64URL.encode($0)) } ?? .null,
    ]
    return Response.json(page.bytes()).tagged(for: call.request)
  }

  /// - Parameter product: nil for the default.
  static func add(to product: ProductID?, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let recipe = fields.part("recipe") { json throws(Invalid) in
      try Recipe(json: json, at: "/recipe")
    }
    if fields.json("recipe") == nil { fields.note("recipe", "is required") }
    let reason = fields.text("reason")
    let from = fields.optionalTime("starts_at")
    try fields.finish(and: AddRecipe.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    guard let recipe else { preconditionFailure("a missing recipe is a fault") }
    return try await call.write { tx in
      let by = call.member.member
      let outcome: AddRecipe.Outcome
      if let product {
        outcome = try await AddRecipe.run(
          recipe, of: product, startsAt: from, reason: reason, by: by, in: tx)
      } else {
        outcome = try await AddRecipe.toDefault(
          recipe, startsAt: from, reason: reason, by: by, in: tx)
      }
      return try await answer(outcome, product, in: tx)
    }
  }

  private static func answer(
    _ outcome: AddRecipe.Outcome, _ product: ProductID?, in tx: Transaction
  ) async throws -> Response {
    switch outcome {
    case .added(let version, _, let before):
      guard let line = try await line(version, product, in: tx) else {
        preconditionFailure("a version that was added can be read")
      }
      var json = line.json
      json["diff"] = RecipeDiff(from: before, to: line.recipe).json
      return .created(JSON.object(json).bytes())
    case .unknownProduct: throw Problem.notFound("such product")
    case .startsInThePast(let now):
      throw Problem.unprocessable(
        Invalid("/starts_at", "must not be before now, \(now): recipes never act backwards"))
    case .startTaken:
      throw Problem.conflict(
        "start-taken", "Another version starts at that very moment; choose another one.")
    }
  }

  private static func line(_ version: Int, _ product: ProductID?, in tx: Transaction)
    async throws -> Line?
  {
    if let product {
      return try await DatedRecipe.find(version, of: product, in: tx).map(Line.init)
    }
    return try await DefaultRecipe.find(version, in: tx).map(Line.init)
  }
}
