import Coinvent

/// Schemas that several features share.
enum CoreSchemas {
  static let all: [(name: String, shape: Shape)] =
    [problem, money, idea, member, token, payout, recipe, similar] + ContractSchemas.all
    + moneyAnswers

  private static let problem = (
    name: "Problem",
    shape: Shape.object([
      .required(
        "type", .matching("^(/problems/[a-z0-9-]+|about:blank)$"),
        "Its last part is what to switch over; about:blank for what is no HTTP of ours"),
      .required("title", .text), .required("status", .whole(400...599)),
      .required("detail", .text, "What was wrong with this request, and how to mend it"),
      .optional(
        "errors",
        .list(
          .object([
            .required("pointer", .text, "Where, as a JSON pointer (RFC 6901)"),
            .required("detail", .text),
          ]))),
    ])
  )

  private static let money = (
    name: "Money",
    shape: Shape.object([
      .required("amount", .decimal, "In major units"), .required("currency", .currency),
    ])
  )

  /// Everything that `IdeasAPI.write` writes.
  private static let idea = (
    name: "Idea",
    shape: Shape.object([
      .required("id", .id(IdeaID.self)), .required("author_id", .id(MemberID.self)),
      .required("author_handle", .text), .required("title", .text), .required("pitch", .text),
      .required("problem", .text), .required("solution", .text), .required("category", .text),
      .required("state", .words(Idea.State.allCases.map(\.rawValue))),
      .required("votes", .count), .required("opened_at", .time), .required("created_at", .time),
      .required("decided_at", .nullable(.time)),
      .required("version", .count, "Counts the texts that others have read"),
      .optional("features", .length(1...5000)), .optional("similar_products", .length(1...2000)),
      .optional("tags", .list(.length(1...30), 1...10)), .optional("links", links),
      .optional("brief_id", .id(BriefID.self), "The call that it answers"),
      .optional("product_id", .id(ProductID.self), "The product that an accepted idea has become"),
    ])
  )

  /// Where more is to be read.
  static let links = Shape.list(
    .object([
      .required("url", .length(1...2000), "http or https"), .optional("title", .length(1...200)),
    ]), 1...10)

  private static let member = (
    name: "Me",
    shape: Shape.object([
      .required("id", .id(MemberID.self)), .required("handle", .text),
      .required("display_name", .text), .required("email", .nullable(.text)),
      .required("role", .words(Role.allCases.map(\.rawValue))), .required("joined_at", .time),
      .optional("scopes", .list(.words(Scope.allCases.map(\.rawValue))), "Of the token that asks"),
    ])
  )

  private static let token = (
    name: "Token",
    shape: Shape.object([
      .optional("token", .matching("^cvt_"), "The secret, shown this once"),
      .required("id", .id(TokenID.self)), .required("kind", .words(["session", "token"])),
      .required("scopes", .list(.words(Scope.allCases.map(\.rawValue)))),
      .required("created_at", .time), .required("expires_at", .time),
      .required("last_used_at", .nullable(.time)),
    ])
  )

  private static let payout = (
    name: "Payout",
    shape: Shape.object([
      .required("id", .id(PayoutID.self)), .required("member_id", .id(MemberID.self)),
      .required("amount", .named("Money")),
      .required("state", .words(PayoutState.allCases.map(\.rawValue))),
      .required("rail", .text), .required("origin", .text), .required("attempts", .count),
      .required("batch_id", .nullable(.text)), .required("problem", .nullable(.text)),
      .required("created_at", .time), .required("changed_at", .time),
      .optional(
        "events",
        .list(
          .object([
            .required("state", .text), .required("actor", .text),
            .required("note", .nullable(.text)),
            .required("at", .time),
          ]))),
    ])
  )

  private static let recipe = (
    name: "Recipe",
    shape: Shape.object([
      .required(
        "slices",
        .list(
          .object([
            .required("slice", .words(Slice.allCases.map(\.rawValue))),
            .required("ppb", .whole(1...1_000_000_000), "Parts per billion; all together 10⁹"),
            .required("policy", .words(SlicePolicy.allCases.map(\.rawValue))),
            .optional(
              "role", .words(ContributionRole.Written.allCases.map(\.rawValue)),
              "Left out: every role that no other part of the slice names"),
            .optional("step", .whole(1...1_000_000), "early_weighted: so many count in full"),
            .optional("tolerance_ppm", .whole(1...1_000_000), "accuracy: 250000 unless given"),
            .optional("cap_ppb", .whole(1...1_000_000_000), "The most that one member holds"),
            .optional("minimum_ppb", .whole(1...1_000_000_000), "The least"),
          ]), 1...Recipe.partLimit)),
      .required("unclaimed", .words(["house", "spread"]), "Where slices go that nobody earned"),
    ])
  )

  private static let similar = (
    name: "SimilarIdeas",
    shape: Shape.list(
      .object([
        .required("id", .id(IdeaID.self)), .required("title", .text), .required("state", .text),
        .required("votes", .count), .required("score", .number, "From 0 to 1"),
      ]), 0...5)
  )

  private static let saleLine = Shape.object([
    .required("external_id", .length(1...128), "With the source, the line's natural key"),
    .required("product_id", .length(1...128)), .required("channel", .length(1...64)),
    .required("quantity", .whole(-1_000_000_000...1_000_000_000), "Negative: units came back"),
    .required("unit_price", .decimal), .required("currency", .currency),
    .required("sold_at", .text, "A moment (RFC 3339) or a date"),
    .optional("discount", .nullable(.decimal), "Of the whole line"),
    .optional("allowance", .nullable(.decimal), "Of the whole line"),
    .optional("return_of", .nullable(.text), "The external_id of the sale that came back"),
    .optional("referral", .nullable(.length(1...64))),
    .optional("territory", .nullable(.matching("^[A-Z]{2}$")), "ISO 3166-1"),
    .optional("format", .nullable(.matching("^[a-z][a-z0-9_]{0,31}$"))),
    .optional("list_price", .nullable(.decimal), "Of one unit"),
    .optional(
      "deductions", .anything, "Other deductions of the line, such as {\"shipping\": \"4.50\"}"),
  ])

  private static let moneyAnswers: [(name: String, shape: Shape)] = [
    (
      "EarningsTotal",
      .object([
        .required("currency", .currency), .required("credited", .decimal),
        .required("payable", .decimal), .required("in_flight", .decimal),
        .required("paid", .decimal), .required("held", .decimal),
        .required("fees", .decimal, "Taken for submission fees, less what was refunded"),
        .optional("given", .decimal, "To the house, by a member who has left"),
        .required("why_not_paid", .nullable(.text)),
        .required("why_not_paid_detail", .nullable(.text)),
      ])
    ),
    ("SaleLine", saleLine),
    (
      "WaitingSales",
      .object([
        .required("product_id", .id(ProductID.self)), .required("currency", .currency),
        .required("lines", .count), .required("gross", .decimal), .required("reason", .text),
      ])
    ),
  ]
}
