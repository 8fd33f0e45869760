import Coinvent
import HTTPServer
import JSON

/// Why a member holds what they hold, and what another recipe would make of it.
enum InfluenceRoute: FeatureRoute {
  case explain(ProductID)
  case whatIf(ProductID)
  case live(ProductID)

  static func at(_ path: Path) -> [(method: Method, route: InfluenceRoute)] {
    switch (path[0], path[1], path[2], path[3], path[4]) {
    case ("products", let id?, "influence", "explain", nil): with(id) { [(.get, .explain($0))] }
    case ("products", let id?, "influence", "what-if", nil): with(id) { [(.post, .whatIf($0))] }
    case ("products", let id?, "influence", "live", nil): with(id) { [(.get, .live($0))] }
    default: []
    }
  }

  /// Explaining somebody else's share needs a role; the handler looks.
  var policy: Policy {
    switch self {
    case .explain, .whatIf: .members(.member, .read)
    case .live: .open
    }
  }

  func answer(_ call: Call) async throws -> Response {
    switch self {
    case .explain(let id): try await InfluenceAPI.explain(id, call)
    case .whatIf(let id): try await InfluenceAPI.whatIf(id, call)
    case .live(let id): try await InfluenceAPI.watch(id, call)
    }
  }

  static let operations = [
    Operation(
      .get, "/v1/products/{product_id}/influence/explain", "explainInfluence",
      "From a member's share of a product to its events and arithmetic",
      detail: "For the member, curators, finance and admins: what proves an event may be nobody "
        + "else's business. Without a version it explains what `influence` shows. The parts are "
        + "whole on every page; only the events are paged.",
      query: [
        .init("member_id", .id(MemberID.self), "Who asks, unless given"),
        .init("version", .whole(1...Int64(Int32.max)), "Of the product's shares"),
        .init("limit", .whole(1...100), "How many events on a page; 100 unless given"),
        .cursor,
      ],
      answers: [.json(200, "The share, part by part", .named("ExplainedShare"))],
      problems: [(403, "forbidden"), (429, "too-many-requests")]),
    Operation(
      .post, "/v1/products/{product_id}/influence/what-if", "tryRecipe",
      "What members would hold by the same events under another recipe",
      detail: "It compares with the recipe that governs shares made now, and changes nothing. "
        + "The same recipe ends in the same hash.",
      body: .json(.object([.required("recipe", .named("Recipe"))])),
      answers: [
        .json(
          200, "Before and after; all together 10⁹ ppb each",
          .object([
            .required("product_id", .id(ProductID.self)), .required("diff", .named("RecipeDiff")),
            .required("before", side), .required("after", side),
            .required("changed", .count, "How many holders would hold more or less"),
            .required(
              "holdings",
              .list(
                .object([
                  .required(
                    "member_id", .nullable(.id(MemberID.self)), "Null: the house, or `anonymous`"),
                  .optional("anonymous", .flag, "A member who chose not to be shown"),
                  .required("before_ppb", ppb), .required("after_ppb", ppb),
                ])), "Who would gain most comes first"),
          ]))
      ],
      problems: [(429, "too-many-requests")]),
    Operation(
      .get, "/v1/products/{product_id}/influence/live", "watchInfluence",
      "Whether a product's shares have changed, live",
      detail: "First an event `hello`, with how long to wait before another try. An event "
        + "`influence` with `{\"product_id\", \"state\", \"version\", \"mark\"}` comes at once and "
        + "after each change, at most twice a second; read the shares again when the mark is "
        + "another one. A comment comes every 15 seconds.",
      answers: [.bytes(200, "Events, until either side ends", type: "text/event-stream")],
      problems: [(429, "too-many-requests"), (503, "unavailable")]),
  ]

  private static let ppb = Shape.whole(0...Recipe.whole)

  private static let side = Shape.object([
    .required("total_ppb", ppb), .required("holders", .count),
    .required("sha256", .matching("^[0-9a-f]{64}$")),
  ])

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "ExplainedShare",
      .object([
        .required("product_id", .id(ProductID.self)), .required("member_id", .id(MemberID.self)),
        .required("state", .words(["running", "proposed", "locked", "superseded"])),
        .required("version", .nullable(.count), "Null: the running estimate"),
        .required("recipe_version", .count), .required("ppb", ppb, "The member's whole share"),
        .required(
          "assigned_ppb", .whole(-Recipe.whole...Recipe.whole),
          "What was given to the member, less what the member gave"),
        .required("parts", .list(.named("ExplainedPart"))),
        .required("events", .list(.named("ExplainedEvent")), "The earliest first"),
        .required("event_count", .count, "All, not only those on this page"),
        .required("next_cursor", .nullable(.text), "Null on the last page"),
      ])
    ),
    (
      "ExplainedPart",
      .object([
        .required("part", .text, "A slice, or slice/role"),
        .required("recipe", .anything, "The part as the recipe has it"), .required("ppb", ppb),
        .required("size_ppb", ppb, "What the part is worth here"),
        .required("members", .count, "Whose events count for it"),
        .required("events", .count, "The member's own"),
        .required("weight", number, "What they weigh, such as 7/12"),
        .required("weight_of_all", number),
        .required("held_ppb", .nullable(ppb), "By parts divided before, for lifetime_balanced"),
        .required("rule", .words(ExplainedPart.Rule.allCases.map(\.rawValue))),
        .required(
          "rounding",
          .nullable(
            .object([
              .required("whole_ppb", ppb), .required("sharers", .count),
              .required("number", digits), .required("total", digits), .required("floor_ppb", ppb),
              .required("remainder", digits, "Over the total"),
              .required("leftover_ppb", ppb, "One each for the largest remainders"),
              .required("has_extra", .flag, "Whether this is one of them"),
            ])), "whole × number ÷ total, rounded down, and what became of the rest"),
        .required("in_words", .list(.text)),
      ])
    ),
    (
      "ExplainedEvent",
      .object([
        .required("id", .text), .required("part", .nullable(.text), "Null: it counts for none"),
        .required("slice", .text), .optional("role", .words(["entry", "vote"])),
        .required("occurred_at", .time), .required("weight", .count), .optional("spread", .count),
        .optional("place", .count),
        .optional(
          "guess", .object([.required("value", .decimal), .required("target", .decimal)])),
        .required("evidence", .text), .required("in_words", .text),
      ])
    ),
  ]

  private static let digits = Shape.matching("^[0-9]+$")
  private static let number = Shape.matching("^[0-9]+(/[0-9]+)?$")
}
