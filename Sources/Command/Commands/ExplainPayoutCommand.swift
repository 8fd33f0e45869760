import Coinvent
import Ledger
import Postgres

/// `coinvent explain payout PAYOUT`
enum ExplainPayoutCommand: Command {
  static let payout = Argument("PAYOUT", "A payout's id.")

  static let spec = CommandSpec(
    "explain payout",
    summary: "Walk from a payout, the line on the bank's statement, back to the sales.",
    examples: [
      Example("coinvent explain payout pay_01h455vb4pex5vsknk084sn02q", "In sentences."),
      Example("coinvent explain payout pay_01h455vb4pex5vsknk084sn02q --json", "For a program."),
    ],
    arguments: [payout],
    notes: [
      "What was credited first is paid first; a payout that failed or came back has no parts.",
      "explain vote goes the other way. Exit code 1: there is no such payout.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try context.value(payout, expecting: "a payout's id like pay_01…") { PayoutID($0) }
    return try await context.withPool { pool in
      let trace = try await pool.transaction(isolation: .repeatableRead, readOnly: true) { tx in
        try await TracePayout.run(id, in: tx)
      }
      guard let trace else { throw Failure(.error, "There is no payout \(id).") }
      show(trace, context)
      context.output.json(trace.json)
      return .ok
    }
  }

  private static func show(_ trace: TracePayout, _ context: Context) {
    let say = context.output.say
    let paid = trace.paidAt.map { " \($0)" } ?? ""
    let line = trace.payout.providerID ?? trace.payout.batch?.description
    say(
      "\(trace.payout.amount) to \(trace.payout.member), \(trace.payout.state.rawValue)\(paid)"
        + (line.map { ", \(trace.payout.rail.rawValue) \($0)" } ?? ""))
    if trace.parts.isEmpty { say("It took nothing out of the balance.") }
    for (part, sales) in trace.parts {
      let amount = Amount(nanos: part.amount, currency: part.credit.currency)
      say("\n\(amount) of it was credited \(part.credit.settledAt) for \(part.credit.product)")
      say("by settlement \(part.credit.settlement):")
      for sentence in part.credit.sentences(sales) { say("  \(sentence)") }
      ExplainedSales.show(sales, part.credit, context)
    }
    if !trace.parts.isEmpty {
      say("\nWhy the share is what it is: coinvent explain vote PRODUCT \(trace.payout.member)")
    }
  }
}

/// The sale lines behind a credit, as both commands print them.
enum ExplainedSales {
  static func show(_ sales: TracedSales, _ credit: TracedCredit, _ context: Context) {
    for sale in sales.sales {
      func money(_ nanos: Int64) -> String {
        Amount(nanos: nanos, currency: credit.currency).description
      }
      var text = "\(sale.quantity) × \(money(sale.unitPrice))"
      // Of a return they are given back.
      let sign = sale.quantity < 0 ? "+" : "−"
      if sale.discount != 0 { text += " \(sign) \(money(sale.discount)) discount" }
      if sale.deductions != 0 { text += " \(sign) \(money(sale.deductions)) deductions" }
      let list = sale.listPrice.map { "list price \(money($0))" }
      let back = sale.returnOf.map { "of sale \($0)" }
      text = [text, list, sale.channel, sale.territory, sale.soldAt.description, back]
        .compactMap(\.self).joined(separator: ", ")
      context.output.say("  sale \(sale.externalID) of \(sale.source): \(text)")
    }
    let more = sales.saleCount - Int64(sales.sales.count)
    if more > 0 { context.output.say("  and \(more) more sale \(more == 1 ? "line" : "lines")") }
  }
}
