import Coinvent
import HTTPServer
import JSON

/// Calls for ideas.
enum BriefsRoute: FeatureRoute {
  case list, make, read(BriefID), edit(BriefID), ideas(BriefID)

  static func at(_ path: Path) -> [(method: Method, route: BriefsRoute)] {
    switch (path[0], path[1], path[2], path[3]) {
    case ("briefs", nil, nil, nil): [(.get, .list), (.post, .make)]
    case ("briefs", let id?, nil, nil): with(id) { [(.get, .read($0)), (.patch, .edit($0))] }
    case ("briefs", let id?, "ideas", nil): with(id) { [(.get, .ideas($0))] }
    default: []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read, .ideas: .everybody
    case .make, .edit: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await BriefsAPI.list(call)
    case .make: try await BriefsAPI.make(call)
    case .read(let id): try await BriefsAPI.read(id, call)
    case .edit(let id): try await BriefsAPI.edit(id, call)
    case .ideas(let id): try await BriefsAPI.ideas(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/briefs", "listBriefs", "Calls for ideas, the last to open first",
      query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("briefs", of: .named("Brief")))]),
    Operation(
      .post, "/v1/briefs", "makeBrief", "Call for ideas",
      body: .json(
        .object(
          [
            .required("title", .length(1...100)), .required("theme", .length(1...10_000)),
            .required("opens_at", .time), .required("closes_at", .time),
          ] + further)),
      answers: [.json(201, "The brief", .named("Brief"))]),
    Operation(
      .get, "/v1/briefs/{brief_id}", "readBrief", "A call for ideas, and why it closes later",
      answers: [
        .json(
          200, "The brief",
          .all([
            .named("Brief"),
            .object([
              .required(
                "extensions",
                .list(
                  .object([
                    .required("closed_at", .time, "When it would have closed"),
                    .required("closes_at", .time), .required("reason", .text),
                    .required("changed_by", .id(MemberID.self)), .required("changed_at", .time),
                  ])))
            ]),
          ]))
      ]),
    Operation(
      .patch, "/v1/briefs/{brief_id}", "editBrief", "Change a brief before it opens",
      detail: "Once it has opened it only ever closes later, with a reason.",
      body: .json(
        .object(
          [
            .optional("title", .length(1...100)), .optional("theme", .length(1...10_000)),
            .optional("opens_at", .time), .optional("closes_at", .time),
            .optional("reason", .length(1...2000), "Why it closes later"),
          ] + further)),
      answers: [.json(200, "The brief", .named("Brief"))],
      problems: [(409, "brief-opened"), (409, "brief-closed")]),
    Operation(
      .get, "/v1/briefs/{brief_id}/ideas", "listIdeasOfBrief",
      "The ideas that answer a brief, the last to be submitted first",
      detail: "Those that are hidden are there for their authors and curators.",
      query: Operation.Parameter.paging,
      answers: [.json(200, "A page", .page("ideas", of: .named("Idea")))]),
  ]

  private static let further: [Shape.Field] = [
    .optional("rules", .length(0...10_000)),
    .optional("award", .length(0...1000), "As it is stated; nothing pays it by itself"),
    .optional("award_amount", .decimal), .optional("award_currency", .currency),
    .optional("hidden_until_close", .flag, "Others see the ideas only once it has closed"),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Brief",
      .object([
        .required("id", .id(BriefID.self)),
        .required("state", .words(Brief.State.allCases.map(\.rawValue))),
        .required("title", .text), .required("theme", .text, "Markdown"),
        .required("rules", .text, "Markdown"), .required("opens_at", .time),
        .required("closes_at", .time), .required("award", .nullable(.text)),
        .optional("award_amount", .decimal), .optional("award_currency", .currency),
        .required("hidden_until_close", .flag), .required("made_by", .id(MemberID.self)),
        .required("made_at", .time),
      ])
    )
  ]
}

enum BriefsAPI {
  static func list(_ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    let (briefs, next) = try await Brief.all(limit: page.limit, after: page.cursor, in: call.pool)
    return Response.json(
      JSONWriter.object {
        $0.array("briefs", briefs) { writer, brief in writer.object { write(brief, &$0) } }
        $0.field("next_cursor", next?.text)
      }
    ).tagged(for: call.request)
  }

  static func make(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let title = fields.text("title")
    let theme = fields.text("theme")
    let opensAt = fields.optionalTime("opens_at")
    let closesAt = fields.optionalTime("closes_at")
    let change = further(&fields)
    try fields.finish()
    guard let opensAt else { throw Invalid("/opens_at", "is required") }
    guard let closesAt else { throw Invalid("/closes_at", "is required") }
    let texts = Brief.Texts(
      title: title, theme: theme, rules: change.rules ?? "", opensAt: opensAt,
      closesAt: closesAt, award: change.award, awardAmount: change.awardAmount,
      isHidden: change.isHidden ?? false)
    return try await call.write { tx in
      let brief = try await MakeBrief.run(texts, by: call.member.member, in: tx)
      return .created(JSONWriter.object { write(brief, &$0) }, at: "/v1/briefs/\(brief.id)")
    }
  }

  /// What both a new brief and a change may have.
  private static func further(_ fields: inout Fields) -> EditBrief.Change {
    var change = EditBrief.Change()
    change.rules = fields.optionalText("rules")
    change.award = fields.optionalText("award")
    change.isHidden = fields.optionalFlag("hidden_until_close")
    if fields.json("award_amount") != nil || fields.json("award_currency") != nil {
      change.awardAmount = fields.amount("award_amount", "award_currency")
    }
    return change
  }

  static func read(_ id: BriefID, _ call: Call) async throws -> Response {
    guard let brief = try await Brief.find(id, in: call.pool) else {
      throw Problem.notFound("such brief")
    }
    let extensions = try await BriefExtension.of(id, in: call.pool)
    return Response.json(
      JSONWriter.object {
        write(brief, &$0)
        $0.array("extensions", extensions) { writer, later in
          writer.object {
            $0.field("closed_at", later.closedAt)
            $0.field("closes_at", later.closesAt)
            $0.field("reason", later.reason)
            $0.field("changed_by", later.changedBy)
            $0.field("changed_at", later.changedAt)
          }
        }
      }
    ).tagged(for: call.request)
  }

  static func edit(_ id: BriefID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    var change = further(&fields)
    change.title = fields.optionalText("title")
    change.theme = fields.optionalText("theme")
    change.opensAt = fields.optionalTime("opens_at")
    change.closesAt = fields.optionalTime("closes_at")
    let reason = fields.optionalText("reason")
    try fields.finish()
    let wanted = change
    return try await call.write { tx in
      let outcome = try await EditBrief.run(
        wanted, brief: id, reason: reason, by: call.member.member, in: tx)
      switch outcome {
      case .edited(let brief): return .json(JSONWriter.object { write(brief, &$0) })
      case .unknown: throw Problem.notFound("such brief")
      case .opened:
        throw Problem.conflict(
          "brief-opened", "The brief has opened: only a later closes_at is taken, with a reason.")
      case .closed: throw Problem.conflict("brief-closed", "The brief has closed.")
      }
    }
  }

  static func ideas(_ id: BriefID, _ call: Call) async throws -> Response {
    let page = try PageQuery(call.request.query)
    guard try await Brief.find(id, in: call.pool) != nil else {
      throw Problem.notFound("such brief")
    }
    let (ideas, next) = try await Brief.ideas(
      of: id, for: call.principal?.member,
      isCurator: call.principal?.role.includes(.curator) ?? false, limit: page.limit,
      after: page.cursor, in: call.pool)
    return .json(
      JSONWriter.object(reserving: 1024 * (ideas.count + 1)) {
        $0.array("ideas", ideas) { writer, idea in
          writer.object { IdeasAPI.write(idea, &$0) }
        }
        $0.field("next_cursor", next?.text)
      })
  }

  private static func write(_ brief: Brief, _ writer: inout JSONWriter) {
    writer.field("id", brief.id)
    writer.field("state", brief.state().rawValue)
    writer.field("title", brief.texts.title)
    writer.field("theme", brief.texts.theme)
    writer.field("rules", brief.texts.rules)
    writer.field("opens_at", brief.texts.opensAt)
    writer.field("closes_at", brief.texts.closesAt)
    writer.field("award", brief.texts.award)
    if let amount = brief.texts.awardAmount {
      writer.field("award_amount", amount.decimal)
      writer.field("award_currency", amount.currency.code)
    }
    writer.field("hidden_until_close", brief.texts.isHidden)
    writer.field("made_by", brief.madeBy)
    writer.field("made_at", brief.madeAt)
  }
}
