import Coinvent
import HTTPServer
import JSON
import Postgres

/// The terms under which ideas are submitted.
enum TermsRoute: FeatureRoute {
  case list, make, read(Int64), ofIdea(IdeaID)

  static func at(_ path: Path) -> [(method: Method, route: TermsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("terms", nil, nil, nil): [(.get, .list), (.post, .make)]
    case ("terms", let number?, nil, nil): version(number).map { [(.get, .read($0))] } ?? []
    case ("ideas", let id?, "terms", nil): with(id) { [(.get, .ofIdea($0))] }
    default: []
    }
  }

  private static func version(_ text: String) -> Int64? {
    guard let number = Int32(text), number > 0, String(number) == text else { return nil }
    return Int64(number)
  }

  var policy: Policy {
    switch self {
    case .list, .read, .ofIdea: .everybody
    case .make: .members(.admin, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await TermsAPI.list(call)
    case .make: try await TermsAPI.make(call)
    case .read(let version): try await TermsAPI.read(version, call)
    case .ofIdea(let id): try await TermsAPI.ofIdea(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/terms", "listTerms", "The versions of the contribution terms, the newest first",
      query: Operation.Parameter.paging,
      answers: [
        .json(
          200, "A page, without the texts",
          .all([
            .page("terms", of: .named("TermsVersion")),
            .object([
              .required("in_force", .nullable(.count), "What a submission has to accept")
            ]),
          ]))
      ]),
    Operation(
      .post, "/v1/terms", "makeTerms", "Make the next version of the terms; none ever changes",
      body: .json(
        .object([
          .required("text", .length(1...100_000), "Markdown"),
          .required("take_back_days", .whole(0...365)),
          .optional("effective_from", .time, "Now unless given; not in the past"),
        ])),
      answers: [.json(201, "The version", .named("Terms"))]),
    Operation(
      .get, "/v1/terms/{terms_version}", "readTerms", "A version of the terms",
      answers: [.json(200, "The version", .named("Terms"))]),
    Operation(
      .get, "/v1/ideas/{idea_id}/terms", "readTermsOfIdea",
      "The terms that were accepted for an idea",
      answers: [.json(200, "The acceptance", .named("TermAcceptance"))]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    ("TermsVersion", .object(versionFields)),
    ("Terms", .object(versionFields + [.required("text", .text, "Markdown")])),
    (
      "TermAcceptance",
      .object([
        .required("member_id", .id(MemberID.self)), .required("version", .count),
        .required("sha256", .text, "Of the text that was accepted, hexadecimal"),
        .required("accepted_at", .time),
        .required("take_back_until", .time, "An earlier withdrawal takes the contribution back"),
        .required("withdrawn_at", .nullable(.time)),
        .required(
          "taken_back", .nullable(.flag),
          "True: the rights returned to the author. False: the terms stay in force for what was "
            + "given. Null: it was not withdrawn"),
      ])
    ),
  ]

  private static let versionFields: [Shape.Field] = [
    .required("version", .count), .required("sha256", .text, "Of the text, hexadecimal"),
    .required("take_back_days", .whole(0...365)), .required("effective_from", .time),
    .required("made_at", .time),
  ]
}

enum TermsAPI {
  static func list(_ call: Call) async throws -> Response {
    let query = call.request.query
    var invalid = Invalid()
    var limit = 20
    if let text = query["limit"], !text.isEmpty {
      if let number = Int(text), (1...100).contains(number) {
        limit = number
      } else {
        invalid.add("/limit", "must be a whole number from 1 to 100")
      }
    }
    var before: Int64?
    if let text = query["cursor"], !text.isEmpty {
      before = Base64URL.decode(text.utf8).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      if before == nil { invalid.add("/cursor", "is none that this list has given") }
    }
    if !invalid.isEmpty { throw invalid }
    let found = try await Terms.all(limit: limit + 1, before: before, in: call.pool)
    let inForce = try await Terms.inForce(in: call.pool)
    let shown = found.prefix(limit)
    let next = found.count > limit ? shown.last.map { Array("\($0.version)".utf8) } : nil
    return Response.json(
      JSONWriter.object {
        $0.array("terms", shown) { writer, terms in writer.object { write(terms, &$0) } }
        $0.field("in_force", inForce?.version)
        $0.field("next_cursor", next.map { Base64URL.encode($0) })
      }
    ).tagged(for: call.request)
  }

  static func make(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let text = fields.text("text")
    let days = fields.whole("take_back_days", in: 0...365)
    let from = fields.optionalTime("effective_from")
    try fields.finish()
    return try await call.write { tx in
      let terms = try await Terms.make(
        text: text, takeBackDays: days, effectiveFrom: from, by: call.member.member, in: tx)
      return .created(whole(terms), at: "/v1/terms/\(terms.version)")
    }
  }

  static func read(_ version: Int64, _ call: Call) async throws -> Response {
    guard let terms = try await Terms.find(version, in: call.pool) else {
      throw Problem.notFound("such version of the terms")
    }
    return Response.json(whole(terms)).tagged(for: call.request)
  }

  static func ofIdea(_ id: IdeaID, _ call: Call) async throws -> Response {
    try await IdeasAPI.demandReadable(id, call)
    guard let accepted = try await TermAcceptance.of(id, in: call.pool) else {
      throw Problem.notFound("acceptance: the idea was submitted without terms, or not yet")
    }
    return Response.json(JSONWriter.object { write(accepted, &$0) }).tagged(for: call.request)
  }

  static func write(_ accepted: TermAcceptance, _ writer: inout JSONWriter) {
    writer.field("member_id", accepted.member)
    writer.field("version", accepted.version)
    writer.field("sha256", Digest.hex(accepted.sha256))
    writer.field("accepted_at", accepted.acceptedAt)
    writer.field("take_back_until", accepted.takeBackUntil)
    writer.field("withdrawn_at", accepted.withdrawnAt)
    writer.field("taken_back", accepted.takenBack.map(JSON.bool) ?? .null)
  }

  private static func whole(_ terms: Terms) -> [UInt8] {
    JSONWriter.object(reserving: 512 + terms.text.utf8.count) {
      write(terms, &$0)
      $0.field("text", terms.text)
    }
  }

  private static func write(_ terms: Terms, _ writer: inout JSONWriter) {
    writer.field("version", terms.version)
    writer.field("sha256", Digest.hex(terms.sha256))
    writer.field("take_back_days", terms.takeBackDays)
    writer.field("effective_from", terms.effectiveFrom)
    writer.field("made_at", terms.madeAt)
  }
}
