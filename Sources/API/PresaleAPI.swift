import Coinvent
import HTTPServer
import JSON
import Ledger
import Postgres

/// A product's presale: the last one, for there is one at a time.
enum PresaleRoute: FeatureRoute {
  case read(ProductID), open(ProductID), extend(ProductID), produce(ProductID), stop(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: PresaleRoute)] {
    guard path[0] == "products", let id = path[1], path[2] == "presale" else { return [] }
    return with(id) { product in
      switch (path[3], path.count) {
      case (nil, 3): [(.get, .read(product)), (.post, .open(product)), (.patch, .extend(product))]
      case ("production", 4): [(.post, .produce(product))]
      case ("stop", 4): [(.post, .stop(product))]
      default: []
      }
    }
  }

  var policy: Policy {
    switch self {
    case .read: .everybody
    case .open, .extend, .produce, .stop: .members(.curator, .curation)
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .read(let id): try await PresaleAPI.read(id, call)
    case .open(let id): try await PresaleAPI.open(id, call)
    case .extend(let id): try await PresaleAPI.extend(id, call)
    case .produce(let id): try await PresaleAPI.produce(id, call)
    case .stop(let id): try await PresaleAPI.stop(id, call)
    }
  }

  private static let reason = Shape.object([.required("reason", .length(1...2000))])

  static let operations = [
    Operation(
      .get, "/v1/products/{product_id}/presale", "readPresale",
      "How far a product's presale has come",
      answers: [.json(200, "The last presale", .named("Presale"))]),
    Operation(
      .post, "/v1/products/{product_id}/presale", "openPresale",
      "Open a presale: so many units until a day, or nobody is charged",
      detail: "Target, channel, currency and prices never change; the end only becomes later. "
        + "Prices are taken in their order; all but the last have so many units.",
      body: .json(
        .object([
          .required("target", .whole(PresaleTier.units), "In units"),
          .required("ends_at", .time),
          .optional("channel", .text, "Of the product's contract; direct unless given"),
          .required("currency", .currency),
          .required(
            "tiers",
            .list(
              .object([
                .required("unit_price", .decimal),
                .optional(
                  "units_limit", .nullable(.whole(PresaleTier.units)), "Not for the last one"),
              ]), 1...20)),
        ])),
      answers: [.json(201, "The presale", .named("Presale"))],
      problems: [(409, "presale-under-way")]),
    Operation(
      .patch, "/v1/products/{product_id}/presale", "extendPresale",
      "Let an open presale end later",
      body: .json(
        .object([.required("ends_at", .time), .required("reason", .length(1...2000))])),
      answers: [.json(200, "The presale", .named("Presale"))],
      problems: [(409, "presale-ended")]),
    Operation(
      .post, "/v1/products/{product_id}/presale/production", "startProduction",
      "Charge commitments before the end, as the target is reached and production starts",
      body: .json(reason), answers: [.json(200, "The presale", .named("Presale"))],
      problems: [(409, "below-target"), (409, "presale-ended")]),
    Operation(
      .post, "/v1/products/{product_id}/presale/stop", "stopPresale",
      "Stop a presale: nobody is charged any more, and what was charged goes back",
      body: .json(reason), answers: [.json(200, "The presale, now or already", .named("Presale"))]),
  ]

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "Presale",
      .object([
        .required("product_id", .id(ProductID.self)),
        .required("number", .whole(1...Int64(Int32.max)), "The product's first presale is 1"),
        .required("state", .words(Presale.State.allCases.map(\.rawValue))),
        .required("target", .whole(PresaleTier.units)),
        .required("units", .count, "Committed to and not cancelled"),
        .required("captured_units", .count, "Paid for and not sent back"),
        .required("members", .count), .required("is_reached", .flag),
        .required("channel", .text), .required("currency", .currency),
        .required("opened_at", .time), .required("ends_at", .time),
        .required("ended_at", .nullable(.time)),
        .required("reason", .nullable(.text), "Why it ended as it did"),
        .required(
          "tiers",
          .list(
            .object([
              .required("position", .whole(1...20)), .required("unit_price", .decimal),
              .required("units_limit", .nullable(.count)), .required("units_taken", .count),
              .required("units_free", .nullable(.count), "Null: without a limit"),
            ]))),
        .required(
          "extensions",
          .list(
            .object([
              .required("ended_at", .time), .required("ends_at", .time), .required("reason", .text),
              .required("changed_by", .id(MemberID.self)), .required("changed_at", .time),
            ]))),
      ])
    )
  ]
}

enum PresaleAPI {
  static func read(_ id: ProductID, _ call: Call) async throws -> Response {
    let answer = try await call.pool.transaction(isolation: .repeatableRead, readOnly: true) {
      try await bytes(id, in: $0)
    }
    return Response.json(answer).tagged(for: call.request)
  }

  static func open(_ id: ProductID, _ call: Call) async throws -> Response {
    let terms = try terms(call)
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let outcome = try await OpenPresale.run(
        terms, of: id, by: call.member.member, at: now, in: tx)
      switch outcome {
      case .opened: return .created(try await bytes(id, in: tx), at: "/v1/products/\(id)/presale")
      case .unknownProduct: throw Problem.notFound("such product")
      case .underWay(let presale):
        throw Problem.conflict(
          "presale-under-way", "Presale \(presale.number) is \(presale.state.rawValue).")
      case .unknownChannel:
        throw Invalid("/channel", "is not in the product's contract, so its sales would not count")
      }
    }
  }

  private static func terms(_ call: Call) throws -> OpenPresale.Terms {
    var fields = try call.fields()
    let target = fields.whole("target", in: PresaleTier.units)
    let endsAt = fields.time("ends_at")
    let channel = fields.optionalText("channel") ?? "direct"
    let currency = Currency(fields.text("currency"))
    if currency == nil { fields.note("currency", "must be a currency of ISO 4217, such as USD") }
    let tiers = fields.list("tiers", 1...20) { tier throws(Invalid) in
      let price = tier.nanos("unit_price")
      return (unitPrice: price, limit: tier.optionalWhole("units_limit", in: PresaleTier.units))
    }
    try fields.finish()
    guard let currency else { throw Invalid("/currency", "is required") }
    return OpenPresale.Terms(
      target: target, endsAt: endsAt, channel: channel, currency: currency, tiers: tiers)
  }

  static func extend(_ id: ProductID, _ call: Call) async throws -> Response {
    var fields = try call.fields()
    let endsAt = fields.time("ends_at")
    let reason = fields.text("reason")
    try fields.finish()
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let outcome = try await ExtendPresale.run(
        id, to: endsAt, reason: reason, by: call.member.member, at: now, in: tx)
      switch outcome {
      case .extended: return .json(try await bytes(id, in: tx))
      case .none: throw noPresale
      case .ended(let presale): throw ended(presale)
      case .notLater(let presale):
        throw Invalid("/ends_at", "must be later than \(presale.endsAt): a presale never shortens")
      }
    }
  }

  static func produce(_ id: ProductID, _ call: Call) async throws -> Response {
    let reason = try reason(call)
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let outcome = try await EndPresale.early(
        id, reason: reason, by: call.member.member, at: now, in: tx)
      switch outcome {
      case .charging: return .json(try await bytes(id, in: tx))
      case .repeated(let presale) where presale.state == .charging || presale.state == .charged:
        return .json(try await bytes(id, in: tx))
      case .repeated(let presale), .failed(let presale): throw ended(presale)
      case .none: throw noPresale
      case .belowTarget(let presale):
        throw Problem.conflict(
          "below-target", "\(presale.units) of \(presale.target) units are committed to.")
      }
    }
  }

  static func stop(_ id: ProductID, _ call: Call) async throws -> Response {
    let reason = try reason(call)
    return try await call.write { tx in
      let now = try await DatabaseClock.now(in: tx)
      let outcome = try await StopPresale.run(
        id, reason: reason, by: call.member.member, at: now, in: tx)
      switch outcome {
      case .repeated, .failed, .refunding: return .json(try await bytes(id, in: tx))
      case .none: throw noPresale
      }
    }
  }

  private static func reason(_ call: Call) throws -> String {
    var fields = try call.fields()
    let reason = fields.text("reason")
    try fields.finish(and: MoveIdea.fault(reason: reason).map { [("/reason", $0)] } ?? [])
    return reason
  }

  static let noPresale = Problem.notFound("presale of such a product")

  static func ended(_ presale: Presale) -> Problem {
    Problem.conflict(
      "presale-ended", "The presale is \(presale.state.rawValue) since \(presale.endsAt).")
  }

  private static func bytes(_ id: ProductID, in db: some Queryable) async throws -> [UInt8] {
    guard let progress = try await PresaleProgress.latest(of: id, in: db) else { throw noPresale }
    return JSONWriter.object { write(progress, &$0) }
  }

  private static func write(_ progress: PresaleProgress, _ writer: inout JSONWriter) {
    let presale = progress.presale
    writer.field("product_id", presale.product)
    writer.field("number", presale.number)
    writer.field("state", presale.state.rawValue)
    writer.field("target", presale.target)
    writer.field("units", presale.units)
    writer.field("captured_units", progress.capturedUnits)
    writer.field("members", progress.members)
    writer.field("is_reached", presale.isReached)
    writer.field("channel", presale.channel)
    writer.field("currency", presale.currency.code)
    writer.field("opened_at", presale.openedAt)
    writer.field("ends_at", presale.endsAt)
    writer.field("ended_at", presale.endedAt)
    writer.field("reason", presale.reason)
    writer.array("tiers", progress.tiers) { writer, tier in
      writer.object {
        $0.field("position", tier.position)
        $0.field(
          "unit_price", Amount(nanos: tier.unitPrice, currency: presale.currency).decimal)
        $0.field("units_limit", tier.limit)
        $0.field("units_taken", tier.taken)
        $0.field("units_free", tier.free)
      }
    }
    writer.array("extensions", progress.extensions) { writer, later in
      writer.object {
        $0.field("ended_at", later.endedAt)
        $0.field("ends_at", later.endsAt)
        $0.field("reason", later.reason)
        $0.field("changed_by", later.changedBy)
        $0.field("changed_at", later.changedAt)
      }
    }
  }
}

extension Fields {
  /// A decimal number in nanos.
  mutating func nanos(_ name: String) -> Int64 {
    let digits = text(name)
    do throws(AmountError) {
      return try Amount.nanos(decimal: digits)
    } catch {
      note(name, "\(error)")
      return 0
    }
  }
}
