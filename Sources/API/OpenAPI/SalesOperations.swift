import Coinvent

/// The operations of `SalesRoute`.
enum SalesOperations {
  static let all = reports + names + suspense

  private static let source = Operation.Parameter("source", .length(1...64), "Only this source's")

  private static let reports = [
    Operation(
      .get, "/v1/sales/reports", "listSaleReports", "Reports of sales, the newest first",
      query: Operation.Parameter.paging + [source],
      answers: [.json(200, "A page", .page("reports", of: .named("SaleReport")))]),
    Operation(
      .get, "/v1/sales/reports/{sale_report_id}", "readSaleReport",
      "A report and what became of its lines",
      answers: [.json(200, "The report", .named("SaleReport"))]),
    Operation(
      .post, "/v1/sales/reports/{sale_report_id}/withdrawal", "withdrawSaleReport",
      "Take a report back as a whole: the next settlement is as if it had never come",
      body: .json(.object([.required("reason", .length(1...2000))])),
      answers: [.json(200, "The report, withdrawn now or before", .named("SaleReport"))]),
  ]

  private static let names = [
    Operation(
      .get, "/v1/sales/mappings", "listSaleMappings",
      "How columns of reports are read: shipped ones, then those of sources", query: [source],
      answers: [
        .json(
          200, "All of them",
          .object([
            .required(
              "mappings",
              .list(
                .object([
                  .required("source", .nullable(.text), "Null: shipped"),
                  .required("name", .text), .required("version", .count, "0: shipped"),
                  .required("mapping", .anything), .required("added_at", .nullable(.time)),
                ])))
          ]))
      ]),
    Operation(
      .post, "/v1/sales/mappings", "addSaleMapping", "Add a version of a source's mapping",
      body: .json(
        .object([
          .required("source", .length(1...64)),
          .required("name", .matching("^[a-z][a-z0-9_-]{0,31}$")),
          .required("mapping", .anything, "As Docs/sales.md describes it"),
        ])),
      answers: [
        .json(200, "The newest version says the same", versioned),
        .json(201, "Added", versioned),
      ]),
    Operation(
      .get, "/v1/sales/aliases", "listProductAliases", "What sources call products",
      query: [source],
      answers: [
        .json(
          200, "All of them",
          .object([
            .required(
              "aliases",
              .list(
                .object([
                  .required("source", .text), .required("sku", .text),
                  .required("product_id", .id(ProductID.self)), .required("added_at", .time),
                ])))
          ]))
      ]),
    Operation(
      .post, "/v1/sales/aliases", "addProductAlias",
      "Say which product a source means by a number or title",
      body: .json(
        .object([
          .required("source", .length(1...64)), .required("sku", .length(1...128)),
          .required("product_id", .id(ProductID.self)),
        ])),
      answers: [
        .json(200, "It meant it already", outcome(["repeated"])),
        .json(201, "Added", outcome(["added"])),
      ], problems: [(404, "not-found"), (409, "alias-taken")]),
  ]

  private static let suspense = [
    Operation(
      .get, "/v1/sales/suspense", "listSuspense", "Lines that cannot be counted yet, and why",
      query: Operation.Parameter.paging + [
        source, .init("reason", .words(SuspenseReason.allCases.map(\.rawValue)), "Only these"),
      ],
      answers: [
        .json(
          200, "Counts of all, and a page",
          .all([
            .page("lines", of: .named("SuspendedLine")),
            .object([
              .required(
                "counts",
                .list(
                  .object([
                    .required("source", .text), .required("reason", .text),
                    .required("lines", .count),
                  ])))
            ]),
          ]))
      ]),
    Operation(
      .post, "/v1/sales/suspense/repair", "repairSuspense",
      "Mend a line in suspense, and record it when it fits",
      body: .json(
        .object(
          named + [
            .required("changes", .anything, "Fields and what they should say; null: take away")
          ])),
      answers: [.json(200, "What became of it", .named("SaleOutcome"))],
      problems: [(404, "not-found"), (409, "report-withdrawn")]),
    Operation(
      .post, "/v1/sales/suspense/reject", "rejectSuspense",
      "Decide that a line is not to be counted; it stays visible", body: .json(.object(named)),
      answers: [
        .json(
          200, "It is rejected, now or before",
          .object([
            .required("external_id", .text),
            .required("outcome", .words(["rejected", "repeated"])),
          ]))
      ], problems: [(404, "not-found")]),
    Operation(
      .post, "/v1/sales/suspense/replay", "replaySuspense",
      "Record every line in suspense that fits now",
      body: .json(.object([.optional("source", .nullable(.length(1...64)))])),
      answers: [
        .json(
          200, "How many",
          .object([
            .required("recorded", .count), .required("known", .count), .required("waiting", .count),
          ]))
      ]),
  ]

  private static let named: [Shape.Field] = [
    .required("source", .length(1...64)), .required("external_id", .length(1...128)),
    .required("reason", .length(1...2000), "Why, for those who look later"),
  ]
  private static let versioned = Shape.object([
    .required("outcome", .words(["added", "repeated"])), .required("version", .count),
  ])

  private static func outcome(_ words: [String]) -> Shape {
    .object([.required("outcome", .words(words))])
  }

  static let schemas: [(name: String, shape: Shape)] = [
    (
      "SaleOutcome",
      .object([
        .required("external_id", .text),
        .required("outcome", .words(["repeated", "recorded", "conflict", "suspended"])),
        .required("reason", .nullable(.text)),
      ])
    ),
    (
      "SaleReport",
      .object([
        .required("id", .id(SaleReportID.self)), .required("source", .text),
        .required("name", .text), .required("sha256", .matching("^[0-9a-f]{64}$")),
        .required("mapping", .nullable(.text)), .required("mapping_version", .nullable(.count)),
        .required("lines", .count), .required("units", .whole(Int64.min...Int64.max)),
        .required("gross", .anything, "Decimals by currency"),
        .required("passed_over", .anything, "Rows that are no lines, by reason"),
        .required("received_at", .time), .required("recorded", .count),
        .required("suspended", .anything, "Lines that wait now, by reason"),
        .required(
          "over_returned", .nullable(.count),
          "Its returns of more units than their sale had, which count; null in lists"),
        .required("warning", .nullable(.text), "Names the first of those"),
        .required("withdrawn_at", .nullable(.time)),
        .required("withdrawal", .nullable(.text), "Why it was taken back"),
        .required(
          "last_import",
          .nullable(
            .object([
              .required("recorded", .count), .required("repeated", .count),
              .required("conflicts", .count), .required("suspended", .count),
              .required("at", .time),
            ]))),
      ])
    ),
    (
      "SuspendedLine",
      .object([
        .required("source", .text), .required("external_id", .text),
        .required("reason", .words(SuspenseReason.allCases.map(\.rawValue))),
        .required("advice", .nullable(.text), "What people can do about it"),
        .required("line", .anything), .required("report_id", .nullable(.id(SaleReportID.self))),
        .required("repairs", .count), .required("received_at", .time),
        .required("rejection", .nullable(.text)),
      ])
    ),
  ]
}
