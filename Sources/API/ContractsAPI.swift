import Coinvent
import HTTPServer
import JSON
import Postgres

/// The contracts of products.
enum ContractsRoute: FeatureRoute {
  case list(ProductID), amend(ProductID), preview(ProductID)
  case read(ProductID, Int)

  static func at(_ path: Path) -> [(method: Method, route: ContractsRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("products", let id?, "contracts", nil, nil):
      with(id) { [(.get, .list($0)), (.post, .amend($0))] }
    case ("products", let id?, "contracts", "preview", nil): with(id) { [(.post, .preview($0))] }
    case ("products", let id?, "contracts", let version?, nil):
      Int(version).map { number in with(id) { [(.get, .read($0, number))] } } ?? []
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read: .everybody
    case .amend, .preview: .members(.finance, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list(let id): try await ContractsAPI.list(id, call)
    case .read(let id, let version): try await ContractsAPI.read(version, of: id, call)
    case .amend(let id): try await ContractsAPI.amend(id, call)
    case .preview(let id): try await ContractsAPI.preview(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/products/{product_id}/contracts", "listContracts",
      "All contract versions of a product, the newest first",
      answers: [
        .json(
          200, "The versions",
          .object([
            .required("contracts", .list(.named("DatedContract"))),
            .required("in_force", .count, "The version that governs sales made now"),
          ]))
      ]),
    Operation(
      .get, "/v1/products/{product_id}/contracts/{contract_version}", "readContract",
      "One contract version of a product",
      answers: [.json(200, "The version", .named("DatedContract"))]),
    Operation(
      .post, "/v1/products/{product_id}/contracts", "amendContract",
      "Give a product another contract from a date on",
      detail: "It governs sales made from then on; returns belong to the contract of their sale. "
        + "Docs/contracts.md tells what each term means.",
      body: .json(
        .object([
          .required("contract", .named("Contract")),
          .required("reason", .length(1...2000), "Why; everybody can read it"),
          .optional("starts_at", .time, "Now unless given; not in the past"),
        ])),
      answers: [
        .json(
          201, "The version, and what it says otherwise than the one before it",
          .all([
            .named("DatedContract"), .object([.required("diff", .named("ContractDiff"))]),
          ]))
      ], problems: [(409, "start-taken")] + follows),
    Operation(
      .post, "/v1/products/{product_id}/contracts/preview", "previewContract",
      "What the recorded sales would have come to under other terms",
      detail: "Nothing is written. The terms are taken to have governed every sale up to now; the "
        + "other products of a collateral are left out. Terms that may not follow the versions "
        + "there are get the answer that adding them would get.",
      body: .json(.object([.required("contract", .named("Contract"))])),
      answers: [
        .json(
          200, "The pools by currency",
          .object([
            .required("pools", .list(.named("ContractPreview"))),
            .required("diff", .named("ContractDiff"), "Against the contract in force"),
          ]))
      ], problems: follows),
  ]

  private static let follows: [(status: Int, name: String)] = [
    (409, "item-changed"), (409, "opening-changed"), (409, "no-list-price"),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ContractDiff",
      .list(
        .object([
          .required("term", .text, "Such as rates/direct"),
          .required("before", .nullable(.anything)), .required("after", .nullable(.anything)),
        ]))
    ),
    (
      "ContractPreview",
      .object([
        .required("currency", .currency), .required("before", .decimal),
        .required("after", .decimal, "earned - reserved - recouped + advanced + guaranteed"),
        .required("earned", .decimal), .required("reserved", .decimal),
        .required("recouped", .decimal), .required("advanced", .decimal),
        .required("guaranteed", .decimal),
        .required(
          "without_list_price", .count, "Lines that after leaves out, since they would wait"),
      ])
    ),
  ]
}

enum ContractsAPI {
  static func list(_ id: ProductID, _ call: Call) async throws -> Response {
    let contracts = try await all(id, in: call.pool)
    let answer: JSON = [
      "contracts": .array(contracts.reversed().map(\.json)),
      "in_force": .int(Int64(contracts.inForce(at: .now).version)),
    ]
    return Response.json(answer.bytes()).tagged(for: call.request)
  }

  static func read(_ version: Int, of id: ProductID, _ call: Call) async throws -> Response {
    guard let found = try await all(id, in: call.pool).first(where: { $0.version == version })
    else { throw Problem.notFound("such contract") }
    return Response.json(found.json.bytes()).tagged(for: call.request)
  }

  private static func all(_ id: ProductID, in db: some Queryable) async throws -> [DatedContract] {
    let contracts = try await DatedContract.all(of: id, in: db)
    if contracts.isEmpty { throw Problem.notFound("such product") }
    return contracts
  }

  private static func contract(_ fields: inout Fields) -> ContractTerms? {
    if fields.json("contract") == nil { fields.note("contract", "is required") }
    return fields.part("contract") { json throws(Invalid) in
      try ContractTerms(json: json, at: "/contract")
    }
  }

  static func preview(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let read = contract(&fields)
    try fields.finish()
    guard let terms = read else { preconditionFailure("a missing contract is a fault") }
    return try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
      let contracts = try await all(id, in: tx)
      if let no = try await AmendContract.refusal(terms, of: id, in: tx) {
        return try await answer(no, id, in: tx)
      }
      let lines = try await PreviewContract.run(terms, of: id, in: tx) ?? []
      let diff = ContractDiff(from: contracts.inForce(at: .now).terms, to: terms)
      let answer: JSON = ["pools": .array(lines.map(\.json)), "diff": diff.json]
      return Response.json(answer.bytes())
    }
  }

  static func amend(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let read = contract(&fields)
    let startsAt = fields.optionalTime("starts_at")
    let reason = fields.text("reason")
    try fields.finish(and: AmendContract.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    guard let terms = read else { preconditionFailure("a missing contract is a fault") }
    return try await call.write { tx in
      let outcome = try await AmendContract.run(
        terms, of: id, startsAt: startsAt, reason: reason, by: call.member.member, in: tx)
      return try await answer(outcome, id, in: tx)
    }
  }

  private static func answer(
    _ outcome: AmendContractOutcome, _ id: ProductID, in tx: Transaction
  ) async throws -> Response {
    switch outcome {
    case .opened(let version):
      let contracts = try await all(id, in: tx)
      guard let made = contracts.first(where: { $0.version == version }) else {
        preconditionFailure("a version that was opened can be read")
      }
      let before = contracts.filter { $0.version < version }.inForce(at: made.startsAt)
      var json = made.json.object ?? JSONObject()
      json["diff"] = ContractDiff(from: before.terms, to: made.terms).json
      return .created(JSON.object(json).bytes())
    case .unknownProduct: throw Problem.notFound("such product")
    case .startsInThePast(let now):
      throw Problem.unprocessable(
        Invalid("/starts_at", "must not be before now, \(now): contracts never act backwards"))
    case .startTaken:
      throw Problem.conflict(
        "start-taken", "Another version starts at that very moment; choose another one.")
    case .startsBefore(let version, let start):
      throw Problem.unprocessable(
        Invalid("/starts_at", "must be after \(start), when version \(version) starts"))
    case .dropsChannel(let channel):
      throw Problem.unprocessable(
        Invalid(
          "/contract/rates", "must name \(channel) too, if only with 0: it was sold there before"))
    case .changesItem(let name):
      throw Problem.conflict(
        "item-changed",
        "\(name) goes on from an earlier version: kind, amount, currency and months stay. Give "
          + "something new another name.")
    case .changesOpening(let counter):
      throw Problem.conflict(
        "opening-changed",
        "\(counter) has counted in an earlier version and cannot start elsewhere now. Give the "
          + "counter another name.")
    case .lacksListPrice(let currency, let lines):
      throw Problem.conflict(
        "no-list-price",
        "\(lines) recorded sale lines that it would govern have no list price in \(currency). Name "
          + "one in list_prices, or start it after them.")
    }
  }
}
