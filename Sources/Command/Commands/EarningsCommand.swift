import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent earnings MEMBER`
enum EarningsCommand: Command {
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let product = Option.value("product", "ID", "Only this product.")
  static let since = Option.value("since", "DATE", "Settlements on or after this day.")
  static let until = Option.value("until", "DATE", "Settlements on or before this day.")
  static let csv = Option.flag("csv", "Print the products as CSV.")

  static let spec = CommandSpec(
    "earnings",
    summary: "Show what a member has earned, and why money is not paid yet.",
    examples: [
      Example("coinvent earnings ada", "By currency, product and settlement."),
      Example("coinvent earnings ada --since 2026-01-01 --csv", "This year's, for a spreadsheet."),
    ],
    arguments: [member],
    options: [product, since, until, csv, Setting.payoutMinimum.option],
    notes: [
      "Filters narrow what counts as credited; payable, in flight, paid, held and fees are as of "
        + "now."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let filter = Earnings.Filter(
      product: try context.value(product, expecting: "a product's id like prod_01…") {
        ProductID($0)
      }, since: try day(since, context), until: try day(until, context))
    let name = context.argument(member)
    let policy = PayoutSettings.policy(context.settings)
    return try await context.withPool { pool in
      let found = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx -> (Earnings, [Currency: WhyNotPaid.Reason])? in
        guard let member = try await FindMember.by(handleOrID: name, in: tx) else { return nil }
        return (
          try await Earnings.of(member.id, filter: filter, in: tx),
          try await WhyNotPaid.explain(member: member.id, policy: policy, in: tx)
        )
      }
      guard let (earnings, reasons) = found else {
        throw Failure(
          .error, "There is no member \(name).", mend: "See coinvent members list for handles.")
      }
      if context.has(csv) {
        context.output.put(table(earnings))
      } else {
        show(earnings, reasons, context)
      }
      context.output.json(earnings.json(reasons: reasons))
      return .ok
    }
  }

  private static func day(_ option: Option, _ context: Context) throws -> Day? {
    try context.value(option, expecting: "a date such as 2026-01-31") { Day($0) }
  }

  private static func show(
    _ earnings: Earnings, _ reasons: [Currency: WhyNotPaid.Reason], _ context: Context
  ) {
    context.output.say("Earnings of \(earnings.member)")
    if earnings.totals.isEmpty { context.output.say(WhyNotPaid.Reason.nothingCredited.sentence) }
    for total in earnings.totals {
      func money(_ nanos: Int64) -> String {
        Amount(nanos: nanos, currency: total.currency).decimal
      }
      context.output.say(
        """

        \(total.currency)
          credited   \(money(total.credited))
          payable    \(money(total.payable))
          in flight  \(money(total.inFlight))
          paid       \(money(total.paid))
          held       \(money(total.held))
          fees       \(money(total.fees))
        """)
      if let reason = reasons[total.currency] { context.output.say("  \(reason.sentence)") }
      for product in earnings.products where product.currency == total.currency {
        context.output.say(
          "  \(product.product)  \(product.sharePPB) ppb  \(money(product.credited))"
            + (product.referred == 0 ? "" : ", \(money(product.referred)) of it by referral"))
      }
    }
  }

  private static func table(_ earnings: Earnings) -> String {
    var text = "member_id,product_id,currency,share_ppb,credited\n"
    for product in earnings.products {
      let credited = Amount(nanos: product.credited, currency: product.currency).decimal
      text +=
        "\(earnings.member),\(product.product),\(product.currency),\(product.sharePPB),"
        + "\(credited)\n"
    }
    return text
  }
}
