import Coinvent
import JSON
import Postgres

/// `coinvent books balance ACCOUNT`
enum BooksBalanceCommand: Command {
  static let account = Argument(
    "ACCOUNT", "A kind of account, or KIND:ID for a member's or a product's own.")

  static let spec = CommandSpec(
    "books balance", summary: "Show what an account held at a moment.",
    examples: [
      Example("coinvent books balance bank --at 2025-12-31", "At the end of the year, UTC."),
      Example("coinvent books balance member_payable:mem_01jd…", "A member's, now."),
      Example("coinvent books balance product_pool:prod_01jd…", "A product's pool, now."),
    ],
    arguments: [account], options: [BooksMoment.at],
    notes: [
      "Kinds are those of coinvent books trial-balance. Of members there are member_payable, "
        + "payout_in_flight and fees_held, of products product_pool and channel_revenue."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let moment = try BooksMoment.read(context)
    let name = try context.value(account, expecting: "an account such as bank or member_payable:ID")
    { AccountName($0) }
    return try await context.withPool { pool in
      let (at, balances) = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx in
        let now = try await DatabaseClock.now(in: tx)
        let at = moment ?? now
        return (at, try await AccountBalance.of(name, at: at, in: tx))
      }
      if balances.isEmpty { context.output.say("\(name) held nothing.") }
      for (currency, nanos) in balances {
        context.output.say("\(name)  \(NineDigits.text(nanos)) \(currency)")
      }
      context.output.json([
        "account": .string("\(name)"), "at": .string("\(at)"),
        "balances": AccountBalance.json(balances),
      ])
      return .ok
    }
  }
}
