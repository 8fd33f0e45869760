import Coinvent
import HTTPServer
import JSON
import Postgres

/// Settlement periods, for finance.
enum PeriodsRoute: FeatureRoute {
  case list, open, read(String), preview(String), approve(String), publish(String), close(String)
  case reopen(String)

  static func at(_ path: Path) -> [(method: Method, route: PeriodsRoute)] {
    guard path[0] == "periods" else { return [] }
    switch (path[1], path[2], path[3]) {
    case (nil, nil, nil): return [(.get, .list), (.post, .open)]
    case (let name?, nil, nil): return [(.get, .read(name))]
    case (let name?, "preview", nil): return [(.post, .preview(name))]
    case (let name?, "approval", nil): return [(.post, .approve(name))]
    case (let name?, "publication", nil): return [(.post, .publish(name))]
    case (let name?, "closing", nil): return [(.post, .close(name))]
    case (let name?, "reopening", nil): return [(.post, .reopen(name))]
    default: return []
    }
  }

  var policy: Policy {
    switch self {
    case .list, .read: .members(.finance, .read)
    case .open, .preview, .approve, .publish, .close, .reopen: .members(.finance, .finance)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .list: try await PeriodsAPI.list(call)
    case .open: try await PeriodsAPI.open(call)
    case .read(let name): try await PeriodsAPI.read(name, call)
    case .preview(let name): try await PeriodsAPI.preview(name, call)
    case .approve(let name): try await PeriodsAPI.approve(name, call)
    case .publish(let name): try await PeriodsAPI.publish(name, call)
    case .close(let name): try await PeriodsAPI.close(name, call)
    case .reopen(let name): try await PeriodsAPI.reopen(name, call)
    }
  }

  static let operations = reading + moving

  private static let reading = [
    Operation(
      .get, "/v1/periods", "listPeriods", "Settlement periods, the newest first",
      answers: [
        .json(200, "All", .object([.required("periods", .list(.named("Period")))]))
      ]),
    Operation(
      .post, "/v1/periods", "openPeriod", "Open a settlement period after all others",
      body: .json(
        .object([
          .required("name", .text, "Such as 2026-10"),
          .optional("through", .text, "The last day that counts; a month's last unless given"),
          .optional("ahead", .flag, "Allow a last day more than a year from now"),
        ])),
      answers: [.json(200, "It is there", .named("Period"))],
      problems: [(409, "period-exists"), (409, "not-after")]),
    Operation(
      .get, "/v1/periods/{period_name}", "readPeriod", "A period, its history and its preview",
      answers: [.json(200, "The period", .anything)]),
  ]

  private static let moving = [
    Operation(
      .post, "/v1/periods/{period_name}/preview", "previewPeriod",
      "Compute what a period's settlement would do, and keep it",
      detail: "Nothing is posted, and sales that come later are not in it.",
      body: .optionalJSON(
        .object([
          .optional(
            "ahead", .flag, "Allow a period that is not over; what is due by its end counts now")
        ])),
      answers: [.json(200, "The preview", .anything)],
      problems: [
        (409, "not-open"), (409, "not-over"), (409, "earlier-first"), (409, "settlement-running"),
      ]),
    Operation(
      .post, "/v1/periods/{period_name}/approval", "approvePeriod",
      "Say yes to a preview and post exactly that",
      detail: "Above the limit it takes another member than the one who previewed it, who has to "
        + "be known.",
      body: .optionalJSON(
        .object([
          .optional("preview_id", .nullable(.id(SettlementID.self)), "The one that was looked at"),
          .optional("reason", .nullable(.length(1...2000))),
        ])),
      answers: [.json(200, "What was posted", .anything)],
      problems: [
        (403, "needs-another"), (403, "needs-finance"), (409, "maker-unnamed"),
        (409, "not-previewed"), (409, "other-preview"), (409, "plan-changed"),
        (409, "settlement-running"),
      ]),
    Operation(
      .post, "/v1/periods/{period_name}/publication", "publishPeriod",
      "Make every member's statement, and tell them",
      answers: [.json(200, "The period", .anything)],
      problems: [(409, "not-approved"), (409, "earlier-first"), (409, "settlement-running")]),
    Operation(
      .post, "/v1/periods/{period_name}/closing", "closePeriod", "End a published period",
      body: .optionalJSON(.object([.optional("reason", .nullable(.length(1...2000)))])),
      answers: [.json(200, "The period", .named("Period"))], problems: [(409, "not-published")]),
    Operation(
      .post, "/v1/periods/{period_name}/reopening", "reopenPeriod",
      "Take a period back to open, for another settlement of its own",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "The period", .named("Period"))],
      problems: [(409, "later-began"), (409, "unfinished"), (409, "settlement-running")]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Period",
      .object([
        .required("id", .id(PeriodID.self)), .required("name", .text),
        .required("through", .text, "The last day whose sales are meant to count"),
        .required("state", .words(Period.State.allCases.map(\.rawValue))),
        .required("automatic", .flag, "Opened by the policy"),
      ])
    )
  ]
}

enum PeriodsAPI {
  static func list(_ call: Call) async throws -> Response {
    let periods = try await Period.all(in: call.pool)
    let json: JSON = ["periods": .array(periods.map(\.json))]
    return .json(json.bytes())
  }

  static func open(_ call: Call) async throws -> Response {
    var fields = try call.fields()
    let name = fields.text("name")
    if let fault = OpenPeriod.fault(name: name) { fields.note("name", fault) }
    let through = SettlementsAPI.day("through", in: &fields) ?? OpenPeriod.lastDay(of: name)
    let ahead = fields.optionalFlag("ahead") ?? false
    if through == nil { fields.note("through", "is needed for a name that is no month") }
    try fields.finish()
    guard let through else { throw Invalid("/through", "is required") }
    return try await call.write { tx in
      let outcome = try await OpenPeriod.run(
        name, through: through, by: call.member.member, ahead: ahead, in: tx)
      switch outcome {
      case .repeated(let period), .opened(let period): return .json(period.json.bytes())
      case .nameTaken(let other):
        throw Problem.conflict(
          "period-exists", "\(name) goes through \(other.through). Choose another name.")
      case .notAfter(let latest):
        throw Problem.conflict(
          "not-after",
          "\(latest.name) goes through \(latest.through) already. Periods follow one another: "
            + "choose a later last day.")
      case .farAhead:
        throw Problem.unprocessable(
          Invalid(
            "/through",
            "is \(through), more than a year from now, and no later period could end before it; "
              + "say \"ahead\": true if that is meant"))
      }
    }
  }

  static func read(_ name: String, _ call: Call) async throws -> Response {
    guard let period = try await Period.find(name, in: call.pool) else { throw unknown }
    let events = try await PeriodEvent.all(of: period.id, in: call.pool)
    var report: PreviewReport?
    if let preview = try await PeriodPreview.latest(of: period.id, in: call.pool) {
      report = try await PreviewReport.of(preview, in: call.pool)
    }
    return .json(period.json(events, report).bytes())
  }

  static func preview(_ name: String, _ call: Call) async throws -> Response {
    var fields = try optionalFields(call)
    let ahead = fields.optionalFlag("ahead") ?? false
    try fields.finish()
    let outcome = try await PreviewPeriod.run(
      name, limits: call.application.settings.approveAbove, by: call.member.member, ahead: ahead,
      pool: call.pool)
    switch outcome {
    case .previewed(let preview):
      return .json(try await PreviewReport.of(preview, in: call.pool).json.bytes())
    case .unknown: throw unknown
    case .notOpen(let period):
      throw Problem.conflict(
        "not-open",
        "\(period.name) is \(period.state) already. Late sales belong to the next period; or "
          + "reopen this one.")
    case .notOver(let period):
      throw Problem.conflict(
        "not-over",
        "\(period.name) goes through \(period.through) (UTC), which is not over. Preview it after "
          + "that; or say \"ahead\": true if its end is meant already.")
    case .earlierFirst(let first):
      throw earlierFirst(first, "Preview and approve that, then this.")
    case .busy: throw busy
    }
  }

  static func approve(_ name: String, _ call: Call) async throws -> Response {
    var fields = try optionalFields(call)
    let preview = fields.optionalID("preview_id", as: SettlementID.self)
    let reason = reason(&fields) ?? "Approved."
    try fields.finish()
    let outcome = try await ApprovePeriod.run(
      name, preview: preview, reason: reason, by: call.member.member, pool: call.pool)
    switch outcome {
    case .repeated(let period), .approved(let period, nil): return .json(period.json.bytes())
    case .approved(_, let summary?):
      try await PayoutBell.ring(in: call.pool)
      return .json(summary.json.bytes())
    case .unknown: throw unknown
    case .notPreviewed(let period):
      throw Problem.conflict(
        "not-previewed",
        "\(period.name) is \(period.state): there is nothing to approve. Preview it first.")
    case .makerUnnamed(let preview):
      throw Problem.conflict(
        "maker-unnamed",
        "Above the limit a plan takes two people, and nobody is named who previewed it: "
          + "\(preview.exceeds ?? ""). Preview it again; then somebody else approves it.")
    case .needsAnother(let preview):
      throw Problem.forbidden(
        "Above the limit a plan takes two people: \(preview.exceeds ?? ""). Somebody else than who "
          + "previewed it approves it.", as: "needs-another")
    case .needsFinance(let preview):
      throw Problem.forbidden(
        "Above the limit a plan is approved by a member whose role is finance or admin: "
          + "\(preview.exceeds ?? "").", as: "needs-finance")
    case .otherPreview(let current):
      throw Problem.conflict(
        "other-preview", "The preview was replaced by \(current.id). Look at that one first.")
    case .changed:
      throw Problem.conflict(
        "plan-changed", "The plan is no longer the one that was previewed; preview it again.")
    case .busy: throw busy
    }
  }

  static func publish(_ name: String, _ call: Call) async throws -> Response {
    let outcome = try await PublishPeriod.run(name, by: call.member.member, pool: call.pool)
    switch outcome {
    case .repeated(let period): return .json(period.json.bytes())
    case .published(let period, let version, let statements):
      let json: JSON = [
        "name": .string(period.name), "state": .string(period.state.rawValue),
        "version": .int(Int64(version)), "statements": .int(statements),
      ]
      return .json(json.bytes())
    case .unknown: throw unknown
    case .notApproved(let period):
      throw Problem.conflict(
        "not-approved",
        "\(period.name) is \(period.state). Preview and approve it first.")
    case .earlierFirst(let first):
      throw earlierFirst(first, "Statements follow one another: publish that, then this.")
    case .busy: throw busy
    }
  }

  static func close(_ name: String, _ call: Call) async throws -> Response {
    var fields = try optionalFields(call)
    let reason = reason(&fields) ?? "Closed."
    try fields.finish()
    return try await call.write { tx in
      switch try await ClosePeriod.run(name, reason: reason, by: call.member.member, in: tx) {
      case .repeated(let period), .closed(let period): return .json(period.json.bytes())
      case .unknown: throw unknown
      case .notPublished(let period):
        throw Problem.conflict(
          "not-published",
          "\(period.name) is \(period.state). Only what members were told can be closed: publish "
            + "it first.")
      }
    }
  }

  static func reopen(_ name: String, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let given = reason(&fields)
    if given == nil { fields.note("reason", "is required") }
    try fields.finish()
    let outcome = try await ReopenPeriod.run(
      name, reason: given ?? "", by: call.member.member, pool: call.pool)
    switch outcome {
    case .repeated(let period), .reopened(let period): return .json(period.json.bytes())
    case .unknown: throw unknown
    case .laterBegan(let later):
      throw Problem.conflict(
        "later-began",
        "Work in \(later.name) has begun. Late sales belong to that; statements follow one "
          + "another.")
    case .unfinished(let period):
      throw Problem.conflict(
        "unfinished",
        "The settlement or the statements of \(period.name) are not finished. Settle, or publish "
          + "it again: that goes on where it was.")
    case .busy: throw busy
    }
  }

  private static func optionalFields(_ call: Call) throws -> Fields {
    try Fields(call.request.body.isEmpty ? .object(JSONObject()) : call.json())
  }

  private static func reason(_ fields: inout Fields) -> String? {
    guard let text = fields.optionalText("reason") else { return nil }
    if !(1...2000).contains(text.count) { fields.note("reason", "has 1 to 2000 characters") }
    return text
  }

  private static func earlierFirst(_ first: Period, _ mend: String) -> Problem {
    Problem.conflict("earlier-first", "\(first.name) comes first: it is \(first.state). \(mend)")
  }

  private static var unknown: Problem { Problem.notFound("such period") }
  private static var busy: Problem {
    Problem.conflict(
      "settlement-running", "A settlement, approval or publication is running; try again later.")
  }
}
