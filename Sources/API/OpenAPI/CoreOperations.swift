import Coinvent

/// The operations of the routes that `Route` lists itself.
enum CoreOperations {
  static let all = about + members + ideas + lives + products + money

  private static let about = [
    Operation(
      .get, "/", "describe", "What this is and where things are",
      answers: [.json(200, "Links", .anything)]),
    Operation(
      .get, "/healthz", "health", "Whether the process answers",
      answers: [.json(200, "It does", .object([.required("status", .words(["ok"]))]))]),
    Operation(
      .get, "/readyz", "readiness", "Whether the database answers too",
      answers: [.json(200, "It does", .object([.required("status", .words(["ready"]))]))],
      problems: [(503, "unavailable")]),
  ]

  private static let members = [
    Operation(
      .post, "/v1/members", "createMember", "Join",
      body: .json(
        .object([
          .required("handle", .matching("^[a-z0-9_]{3,30}$")),
          .required("display_name", .length(1...60)), .required("email", .length(3...254)),
          .required("password", .length(8...128)),
        ])),
      answers: [.json(201, "The member", .named("Me"))],
      problems: [(409, "handle-taken"), (409, "email-taken"), (429, "too-many-requests")]),
    Operation(
      .get, "/v1/me", "readMe", "Who the token speaks for",
      answers: [.json(200, "The member", .named("Me"))]),
    Operation(
      .post, "/v1/sessions", "signIn", "Sign in",
      body: .json(
        .object([
          .required("login", .text, "Handle or e-mail address"), .required("password", .text),
        ])),
      answers: [.json(201, "A session, with its secret", .named("Token"))],
      problems: [(401, "unauthorized"), (429, "too-many-requests"), (503, "unavailable")]),
    Operation(
      .delete, "/v1/sessions", "signOut", "End the token that the request carries",
      answers: [.empty(204, "Ended")]),
    Operation(
      .post, "/v1/tokens", "createToken", "Make a token that may do no more than this one",
      body: .json(
        .object([
          .optional("scopes", .list(.words(Scope.allCases.map(\.rawValue)), 1...20)),
          .optional("expires_in_days", .whole(1...3650)),
        ])),
      answers: [.json(201, "The token, with its secret", .named("Token"))]),
    Operation(
      .get, "/v1/tokens", "listTokens", "One's own tokens",
      answers: [
        .json(200, "Tokens", .object([.required("tokens", .list(.named("Token")))]))
      ]),
    Operation(
      .delete, "/v1/tokens/{token_id}", "revokeToken", "End a token of one's own",
      answers: [.empty(204, "Ended, now or already")]),
  ]

  private static let roles = Shape.words(ContributionRole.Written.allCases.map(\.rawValue))

  private static let products = [
    Operation(
      .get, "/v1/products/{product_id}", "readProduct", "A product with recipe and contract",
      answers: [.json(200, "The product", .anything)]),
    Operation(
      .post, "/v1/products/{product_id}/contributions", "recordContribution",
      "Record an adopted contribution, which earns influence",
      body: .json(
        .object([
          .required("member_id", .id(MemberID.self)),
          .required("slice", .words(Slice.allCases.map(\.rawValue))),
          .optional("role", roles, "Where the recipe cuts the slice; entry unless given"),
          .optional("weight", .whole(InfluenceEvent.weights), "Units, or the weight of a pick"),
          .optional(
            "spread", .whole(InfluenceEvent.weights), "How many choices the member spread"),
          .optional(
            "place", .whole(InfluenceEvent.weights), "Which vote for its entry this was, from 1"),
          .optional(
            "guess",
            .object([.required("value", .decimal), .required("target", .decimal)]),
            "What was guessed, and what it turned out to be"),
          .optional("evidence", .length(0...500)),
        ])),
      answers: [
        .json(
          201, "The event",
          .object([
            .required("id", .text), .required("product_id", .id(ProductID.self)),
            .required("member_id", .id(MemberID.self)), .required("slice", .text),
            .optional("role", roles), .required("weight", .count),
            .required("evidence", .text),
          ]))
      ]),
    Operation(
      .get, "/v1/products/{product_id}/influence", "readInfluence", "Who holds what of a product",
      query: [.init("member_id", .id(MemberID.self), "Only this member's shares")],
      answers: [
        .json(
          200, "The shares; without member_id all together 10⁹ ppb",
          .object([
            .required("product_id", .id(ProductID.self)),
            .required("state", .words(["running", "proposed", "locked"])),
            .optional("version", .count), .optional("dispute_until", .time),
            .required("total_ppb", .count), .required("sha256", .matching("^[0-9a-f]{64}$")),
            .required(
              "shares",
              .list(
                .object([
                  .required(
                    "member_id", .nullable(.id(MemberID.self)), "Null: the house, or `anonymous`"),
                  .optional("anonymous", .flag, "A member who chose not to be shown"),
                  .required("slice", .nullable(.text)),
                  .optional("role", roles, "Where the recipe cuts the slice by role"),
                  .required("ppb", .count),
                  .required("reason", .nullable(.text)),
                ]))),
          ]))
      ]),
    Operation(
      .post, "/v1/products/{product_id}/shares/propose", "proposeShares",
      "Propose the shares as they are now; the dispute window begins",
      body: .optionalJSON(.object([.optional("dispute_days", .whole(0...365))])),
      answers: [
        .json(
          201, "The proposal",
          .object([
            .required("product_id", .id(ProductID.self)), .required("state", .words(["proposed"])),
            .required("version", .count), .required("dispute_until", .time),
          ]))
      ]),
    Operation(
      .post, "/v1/products/{product_id}/shares/lock", "lockShares",
      "Lock the proposed shares; money moves on them from then on",
      answers: [
        .json(
          200, "Locked, now or already",
          .object([
            .required("product_id", .id(ProductID.self)), .required("state", .words(["locked"])),
            .required("version", .count),
          ]))
      ],
      problems: [
        (409, "nothing-proposed"), (409, "dispute-window-open"), (409, "recipe-changed"),
        (409, "dispute-open"), (409, "dispute-upheld"),
      ]),
  ]

  private static let money = [
    Operation(
      .post, "/v1/sales", "recordSales", "Record sale lines; a repeat changes nothing",
      body: .json(
        .object([
          .required("source", .length(1...64)),
          .required("lines", .list(.named("SaleLine"), 1...RecordSales.limit)),
          .optional("report", .length(1...200), "Name of the report that the lines are"),
          .optional(
            "expect",
            .object([
              .optional("lines", .count), .optional("units", .whole(Int64.min...Int64.max)),
              .optional("gross", .anything, "Decimals by currency: quantity times unit price"),
            ]), "Nothing is recorded when the lines add up to something else"),
        ])),
      answers: [
        .json(
          200, "What became of each line",
          .object([
            .required(
              "lines",
              .list(.named("SaleOutcome"))),
            .optional("report_id", .id(SaleReportID.self), "When the lines are a report"),
          ]))
      ], problems: [(409, "report-withdrawn")]),
    Operation(
      .post, "/v1/settlements", "settle", "Settle royalties on lifetime sums",
      body: .optionalJSON(
        .object([
          .optional("through", .text, "A date; later sales wait"), .optional("dry_run", .flag),
          .optional(
            "ahead", .flag,
            "Allow a date after tomorrow, UTC; all up to it counts now, and for good"),
        ])),
      answers: [
        .json(200, "Nothing to do, or what would change", .anything),
        .json(201, "What was settled", .anything),
        .json(202, "It is above a limit: previewed, and to be approved", .anything),
      ],
      problems: [(409, "settlement-running")]),
    Operation(
      .get, "/v1/members/{member_id}/earnings", "readEarnings", "What a member has earned",
      query: [
        .init("product", .id(ProductID.self), "Only of this product"),
        .init("since", .text, "A date"), .init("until", .text, "A date"),
      ],
      answers: [
        .json(
          200, "The same figures as everywhere",
          .object([
            .required("member_id", .id(MemberID.self)),
            .required("currencies", .list(.named("EarningsTotal"))),
            .required("products", .list(.anything)), .required("periods", .list(.anything)),
            .required("why_not_paid", .nullable(.text)),
            .required("why_not_paid_detail", .nullable(.text)),
          ]))
      ]),
    Operation(
      .post, "/v1/payouts", "requestPayout", "Ask for a payout of what is payable",
      body: .json(
        .object([
          .optional("member_id", .id(MemberID.self)), .optional("amount", .named("Money")),
          .optional("currency", .currency, "Everything in this currency"),
        ])),
      answers: [.json(201, "The payout", .named("Payout"))],
      problems: [
        (403, "payouts-held"), (409, "payout-open"), (409, "payout-stopped"),
        (409, "below-minimum"), (409, "more-than-payable"), (409, "key-reused"),
      ]),
    Operation(
      .get, "/v1/payouts", "listPayouts", "Payouts, one's own or, for finance, all",
      query: Operation.Parameter.paging + [
        .init("state", .words(PayoutState.allCases.map(\.rawValue)), "Only in this state"),
        .init("member", .id(MemberID.self), "Only of this member"),
      ],
      answers: [.json(200, "A page", .page("payouts", of: .named("Payout")))]),
    Operation(
      .get, "/v1/payouts/{payout_id}", "readPayout", "A payout and what has happened to it",
      answers: [.json(200, "The payout", .named("Payout"))]),
  ]
}
