import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent payouts request`
enum PayoutsRequestCommand: Command {
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let amount = Option.value(
    "amount", "AMOUNT", "How much; all that is payable if not given.")
  static let currency = Option.value("currency", "CODE", "In which currency.", required: true)
  static let key = Option.value(
    "key", "TEXT", "A name for this request: the same again makes no second payout.")

  static let spec = CommandSpec(
    "payouts request", summary: "Ask for a member's payout.",
    examples: [
      Example("coinvent payouts request ada --currency USD", "All that can be paid."),
      Example("coinvent payouts request ada --currency USD --amount 25.00", "A part of it."),
    ],
    arguments: [member], options: [amount, currency, key] + PayoutSettings.options)

  static func run(_ context: Context) async throws -> ExitCode {
    let wanted = try wanted(context)
    let policy = PayoutSettings.policy(context.settings)
    return try await context.withPool { pool in
      let member = try await PayoutsListCommand.find(context.argument(member), in: pool)
      let now = try await DatabaseClock.now(in: pool)
      let request = RequestPayout(
        member: member.id, wanted: wanted, key: context[key], actor: "command", policy: policy,
        now: now)
      let outcome = try await pool.transaction { try await request.run(in: $0) }
      return try answer(outcome, context)
    }
  }

  private static func wanted(_ context: Context) throws(Failure) -> RequestPayout.Wanted {
    guard
      let currency = try context.value(
        currency, expecting: "a currency's code like USD", { Currency($0) })
    else { throw .usage("--currency is missing.") }
    guard let text = context[amount] else { return .everything(currency) }
    do throws(AmountError) {
      return .exactly(try Amount(decimal: text, currency: currency))
    } catch {
      throw .usage("--amount: “\(text)” \(error).")
    }
  }

  private static func answer(_ outcome: RequestPayoutOutcome, _ context: Context) throws(Failure)
    -> ExitCode
  {
    switch outcome {
    case .repeated(let payout), .requested(let payout):
      context.output.say(PayoutsListCommand.line(payout))
      if context.asJSON { context.output.put(payout.json() + [10]) }
      return .ok
    case .otherRequest: throw Failure(.busy, "The key belongs to another request.")
    case .noSuchMember: throw Failure(.error, "There is no such member.")
    case .alreadyOpen: throw Failure(.busy, "A payout is on its way already.")
    case .stopped: throw Failure(.busy, "The last payout failed or came back.")
    case .held(let because): throw Failure(.notAllowed, "Payouts are on hold: \(because).")
    case .notWholeUnits:
      throw Failure(.usage, "The amount is not in whole coins of its currency.")
    case .belowMinimum(let minimum):
      throw Failure(.nothingToDo, "That is less than the minimum of \(minimum).")
    case .moreThanPayable(let payable): throw Failure(.busy, "Only \(payable) is payable.")
    }
  }
}
