import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent payouts list`
enum PayoutsListCommand: Command {
  static let member = Option.value("member", "MEMBER", "Only this member's, by id or handle.")
  static let state = Option.value(
    "state", "STATE", "Only those in this state.",
    completes: .words(PayoutState.allCases.map(\.rawValue)))
  static let limit = Option.value("limit", "N", "At most so many.", standard: "50")

  static let spec = CommandSpec(
    "payouts list", summary: "List payouts, newest first.",
    examples: [
      Example("coinvent payouts list", "The last fifty."),
      Example("coinvent payouts list --member ada", "One member's."),
      Example("coinvent payouts list --state submitting", "Those whose outcome is not known."),
    ],
    options: [member, state, limit])

  static func run(_ context: Context) async throws -> ExitCode {
    let states = PayoutState.allCases.map(\.rawValue).joined(separator: ", ")
    var list = ListPayouts()
    list.state = try context.value(state, expecting: "one of \(states)") {
      PayoutState(rawValue: $0)
    }
    list.limit =
      try context.value(limit, expecting: "a number from 1 to 100000") {
        Int($0).flatMap { (1...100_000).contains($0) ? $0 : nil }
      } ?? 50
    return try await context.withPool { pool in
      if let text = context[member] { list.member = try await find(text, in: pool).id }
      let payouts = try await list.run(in: pool)
      for payout in payouts { context.output.say(line(payout)) }
      if payouts.isEmpty { context.output.say("There are no such payouts.") }
      if context.asJSON {
        context.output.put(
          JSONWriter.object {
            $0.array("payouts", payouts) { writer, payout in
              writer.object { payout.write(&$0) }
            }
          } + [10])
      }
      return .ok
    }
  }

  static func line(_ payout: Payout) -> String {
    "\(payout.id)  \(payout.createdAt.day)  \(payout.state.rawValue)  \(payout.amount)  "
      + payout.handle
  }

  static func find(_ text: String, in db: some Queryable) async throws -> Member {
    guard let member = try await FindMember.by(handleOrID: text, in: db) else {
      throw Failure(.error, "There is no member “\(text)”.")
    }
    return member
  }
}
