import Coinvent

/// Contracts, as they are sent and shown; Docs/contracts.md tells what each term means.
enum ContractSchemas {
  static let all: [(name: String, shape: Shape)] = [
    ("Contract", contract), ("ContractRule", rule), ("RecoupItem", item),
    ("Guarantee", guarantee), ("DatedContract", dated),
  ]

  private static let ppm = Shape.whole(0...1_000_000)
  private static let label = Shape.matching("^[a-z][a-z0-9_-]{0,31}$")
  private static let month = Shape.matching("^[0-9]{4}-[0-9]{2}$")

  private static let contract = Shape.object([
    .required("base", .words(ContractTerms.Revenue.allCases.map(\.rawValue))),
    .required("rates", .anything, "Parts per million by channel, such as {\"direct\": 300000}"),
    .optional(
      "referral_ppm", ppm,
      "Which part of the pool of a sale with a referral code is the referrer's"),
    .optional("rules", .list(.named("ContractRule"), 1...200), "Before the rates of channels"),
    .optional("list_prices", .anything, "By currency, such as {\"USD\": \"29.99\"}"),
    .optional(
      "deductions",
      .list(.object([.required("name", label), .optional("cap_ppm", ppm)]), 1...20),
      "Of the base net; discount and allowance when left out"),
    .optional("deductions_cap_ppm", ppm, "All deductions together, of a line's gross"),
    .optional(
      "opening",
      .list(
        .object([
          .required("counter", label), .optional("units", .anything),
          .optional("currency", .currency), .optional("money", .decimal),
        ]), 1...200), "Where counters start"),
    .optional("advances", .list(.named("RecoupItem"), 1...50)),
    .optional("costs", .list(.named("RecoupItem"), 1...50)),
    .optional("guarantees", .list(.named("Guarantee"), 1...50)),
    .optional(
      "reserve",
      .object([
        .required("ppm", .whole(1...1_000_000)),
        .required("period", .words(ReserveTerm.Period.allCases.map(\.rawValue))),
        .required("held", .whole(0...40), "Whole periods after the one of the sale"),
      ]), "Held back against returns"),
    .optional("collateral", label, "Products that name the same pay back each other's items"),
  ])

  private static let rule = Shape.object([
    .optional("channel", .text), .optional("territory", .matching("^[A-Z]{2}$")),
    .optional("format", .text), .required("rate_ppm", ppm),
    .optional("by", .words(RateRule.Measure.allCases.map(\.rawValue))),
    .optional("currency", .currency, "Only by money"),
    .optional(
      "steps",
      .list(
        .object([
          .optional("above", .anything, "Units or money"),
          .optional("from", .text, "By date, such as 2027-01-01"), .required("rate_ppm", ppm),
        ]), 1...20)),
    .optional("counter", label), .optional("minimum_per_unit", .anything, "By currency"),
  ])

  private static let item = Shape.object([
    .required("name", label), .required("amount", .decimal), .required("currency", .currency),
    .optional("order", .whole(1...1_000_000)),
    .optional("share_ppm", .whole(1...1_000_000), "Only of costs"),
  ])

  private static let guarantee = Shape.object([
    .required("name", label), .required("amount", .decimal), .required("currency", .currency),
    .required("from", month), .required("until", month, "The last month that counts"),
  ])

  private static let dated = Shape.all([
    .named("Contract"),
    .object([
      .required("version", .count),
      .required("starts_at", .nullable(.time), "Null: it governs every earlier sale too"),
      .required("made_at", .time),
      .required(
        "made_by", .nullable(.id(MemberID.self)),
        "Null: the decision that opened the product, or somebody at the machine"),
      .required("reason", .nullable(.text), "Null for the first"),
    ]),
  ])
}
