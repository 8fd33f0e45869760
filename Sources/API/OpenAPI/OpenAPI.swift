import Coinvent
import HTTPServer
import JSON

/// `GET /v1/openapi.json`: the API described for programs.
enum OpenAPIRoute: FeatureRoute {
  case read

  static func at(_ path: Path) -> [(method: Method, route: OpenAPIRoute)] {
    path.count == 1 && path[0] == "openapi.json" ? [(.get, .read)] : []
  }

  var policy: Policy { .open }

  func answer(_ call: Call) async throws -> Response {
    Response.json(OpenAPI.bytes, type: "application/vnd.oai.openapi+json")
      .tagged(OpenAPI.tag, for: call.request)
  }

  static let operations = [
    Operation(
      .get, "/v1/openapi.json", "readOpenAPI", "This document",
      answers: [.bytes(200, "OpenAPI 3.1", type: "application/vnd.oai.openapi+json")])
  ]
}

/// The OpenAPI 3.1 document, made of what each route says of itself.
///
/// <https://spec.openapis.org/oas/v3.1.0>
enum OpenAPI {
  static let bytes = document.bytes()
  static let tag = Response.tag(of: bytes)

  static var operations: [Operation] {
    CoreOperations.all + (Route.features + Route.pages).flatMap { $0.operations }
  }

  static var schemas: [(name: String, shape: Shape)] {
    CoreSchemas.all + Route.features.flatMap { $0.schemas }
  }

  static var document: JSON {
    var paths = JSONObject()
    for operation in operations {
      let known = paths[operation.path] ?? .object(JSONObject())
      paths[operation.path] = known.adding(operation.method.rawValue.lowercased(), operation.json)
    }
    var components = JSONObject()
    for (name, shape) in schemas { components[name] = shape.json }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Coinvent", "version": "1", "summary": "Communities that invent products together",
        "description": .string(about),
      ],
      "servers": [["url": "/"]],
      "paths": .object(paths),
      "components": [
        "schemas": .object(components),
        "securitySchemes": [
          "token": [
            "type": "http", "scheme": "bearer",
            "description": "A session (POST /v1/sessions) or a token (POST /v1/tokens): cvt_…",
          ]
        ],
      ],
    ]
  }

  private static let about = """
    Errors are problems (RFC 9457): switch over the last part of `type`. A POST may carry an \
    Idempotency-Key; a repeat gets the first answer, with Idempotency-Replayed: true. Lists are \
    read page by page with `cursor`. Answers to GET carry an ETag. Times are RFC 3339 in UTC; \
    amounts are decimal strings; ids are TypeIDs.
    """
}

extension Operation {
  /// The parameters that paths have: their form, and one that a path can be tried with.
  static let pathParameters: [String: (shape: Shape, sample: String)] = [
    "idea_id": id(IdeaID.self), "product_id": id(ProductID.self), "member_id": id(MemberID.self),
    "member": (.text, "ada"),
    "token_id": id(TokenID.self), "payout_id": id(PayoutID.self), "signal_id": id(SignalID.self),
    "group_name": (.matching("^[a-z0-9][a-z0-9-]{0,39}$"), "experts"),
    "proxy_vote_id": id(ProxyVoteID.self),
    "brief_id": id(BriefID.self),
    "project_id": id(ProjectID.self), "entry_id": id(EntryID.self),
    "image_id": id(ImageID.self),
    "file_id": id(EntryFileID.self),
    "terms_version": (.whole(1...2_147_483_647), "1"),
    "contract_version": (.whole(1...2_147_483_647), "1"),
    "evaluation_id": id(EvaluationID.self),
    "comment_id": id(CommentID.self),
    "case_id": id(CaseID.self),
    "commitment_id": id(CommitmentID.self),
    "sale_report_id": id(SaleReportID.self), "source": (.length(1...64), "shop"),
    "contrib_id": id(ContributionID.self), "dispute_id": id(DisputeID.self),
    "offer_id": id(OfferID.self), "merge_id": id(MergeID.self),
    "period_name": (.text, "2026-10"),
    "unsubscribe_token": (.text, "x"),
    "records": (.words(Export.Kind.allCases.map(\.rawValue)), "ideas"),
    "reaction": (.words(ReactionOperations.kinds), "heart"),
  ]

  static func id<ID: EntityID>(_ kind: ID.Type) -> (shape: Shape, sample: String) {
    (.id(kind), ID(uuid: .zero).description)
  }

  /// The names in braces.
  var parameters: [String] {
    path.split(separator: "/").compactMap { part in
      part.hasPrefix("{") ? part.dropFirst().prefix { $0 != "}" } : nil
    }.map(String.init)
  }

  /// The route of this operation.
  var route: Route {
    let parts = path.split(separator: "/").map { part -> String in
      guard part.hasPrefix("{") else { return String(part) }
      let name = String(part.dropFirst().prefix { $0 != "}" })
      guard let parameter = Operation.pathParameters[name] else {
        preconditionFailure("\(id): the path parameter \(name) is not in pathParameters")
      }
      return parameter.sample + part.drop { $0 != "}" }.dropFirst()
    }
    guard let route = Route.at(parts).first(where: { $0.method == method })?.route else {
      preconditionFailure("\(id): there is no route \(method.rawValue) \(path)")
    }
    return route
  }

  var json: JSON {
    var about = detail.map { [$0] } ?? []
    if let access = Operation.access(route.policy) { about.append(access) }
    var json: JSON = [
      "operationId": .string(id), "summary": .string(summary),
      "tags": [.string(tag)], "security": security,
    ]
    if !about.isEmpty {
      json = json.adding("description", .string(about.joined(separator: "\n\n")))
    }
    let parameters = pathJSON + query.map(\.json) + headerJSON
    if !parameters.isEmpty { json = json.adding("parameters", .array(parameters)) }
    if let body { json = json.adding("requestBody", body.json) }
    return json.adding("responses", responses)
  }

  private var tag: String {
    let parts = path.split(separator: "/")
    return String(parts.first == "v1" ? parts[1] : parts.first ?? "about")
  }

  private static func access(_ policy: Policy) -> String? {
    switch policy {
    case .open: nil
    case .everybody: "Needs no token; one may show more."
    case .members(let role, let scope):
      "Role: \(role.rawValue)." + (scope.map { " Scope: \($0.rawValue)." } ?? "")
    case .holders(let scope): "Role: member. Scope: \(scope.rawValue)."
    }
  }

  private var security: JSON {
    switch route.policy {
    case .open: []
    case .everybody: [[:], ["token": []]]
    case .members(_, let scope):
      [["token": .array(scope.map { [.string($0.rawValue)] } ?? [])]]
    case .holders(let scope): [["token": [.string(scope.rawValue)]]]
    }
  }

  private var pathJSON: [JSON] {
    parameters.map { name in
      let shape = Operation.pathParameters[name]?.shape ?? .text
      return ["name": .string(name), "in": "path", "required": true, "schema": shape.json]
    }
  }

  private var headerJSON: [JSON] {
    guard method == .post else { return [] }
    return [
      [
        "name": "Idempotency-Key", "in": "header",
        "description": "1 to 255 visible ASCII characters; a repeat gets the first answer.",
        "schema": ["type": "string", "pattern": "^[!-~]{1,255}$"],
      ]
    ]
  }

  private var responses: JSON {
    var responses = JSONObject()
    for answer in answers { responses["\(answer.status)"] = answer.json }
    var names: [Int: [String]] = [:]
    for problem in problems + impliedProblems {
      if names[problem.status]?.contains(problem.name) ?? false { continue }
      names[problem.status, default: []].append(problem.name)
    }
    for (status, names) in names.sorted(by: { $0.key < $1.key }) {
      responses["\(status)"] = Operation.problem(names.joined(separator: ", "))
    }
    responses["default"] = Operation.problem("Any other no")
    return .object(responses)
  }

  /// What every route with such a policy, path and body may say.
  private var impliedProblems: [(status: Int, name: String)] {
    var implied: [(status: Int, name: String)] = []
    switch route.policy {
    case .open: break
    case .everybody: implied.append((401, "unauthorized"))
    case .members, .holders:
      implied += [(401, "unauthorized"), (403, "forbidden"), (403, "missing-scope")]
    }
    if !parameters.isEmpty { implied.append((404, "not-found")) }
    if body != nil { implied.append((400, "malformed")) }
    if body != nil || !query.isEmpty { implied.append((422, "invalid-fields")) }
    return implied
  }

  private static func problem(_ about: String) -> JSON {
    [
      "description": .string(about),
      "content": ["application/problem+json": ["schema": Shape.named("Problem").json]],
    ]
  }
}

extension Operation.Parameter {
  fileprivate var json: JSON {
    [
      "name": .string(name), "in": "query", "required": .bool(isRequired),
      "description": .string(about), "schema": shape.json,
    ]
  }
}

extension Operation.Body {
  fileprivate var json: JSON {
    switch self {
    case .json(let shape): body(shape, required: true)
    case .optionalJSON(let shape): body(shape, required: false)
    case .bytes(let types):
      [
        "required": true,
        "content": types.reduce([:]) { $0.adding($1, [:]) },
      ]
    }
  }

  private func body(_ shape: Shape, required: Bool) -> JSON {
    ["required": .bool(required), "content": ["application/json": ["schema": shape.json]]]
  }
}

extension Operation.Answer {
  var status: Int {
    switch self {
    case .json(let status, _, _), .empty(let status, _), .bytes(let status, _, _),
      .files(let status, _, _):
      status
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .json(_, let about, let shape):
      [
        "description": .string(about),
        "content": ["application/json": ["schema": shape.json]],
      ]
    case .empty(_, let about): ["description": .string(about)]
    case .bytes(_, let about, let type):
      ["description": .string(about), "content": JSON.object(JSONObject()).adding(type, [:])]
    case .files(_, let about, let types):
      ["description": .string(about), "content": types.reduce([:]) { $0.adding($1, [:]) }]
    }
  }
}
