import Coinvent
import JSON
import Postgres

/// `coinvent payouts show`
enum PayoutsShowCommand: Command {
  static let payout = Argument("PAYOUT", "A payout's id.")

  static let spec = CommandSpec(
    "payouts show", summary: "Show a payout and everything that happened to it.",
    examples: [Example("coinvent payouts show pay_01jd…", "State, amount, history, problem.")],
    arguments: [payout])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try context.value(payout, expecting: "a payout's id like pay_01…") { PayoutID($0) }
    return try await context.withPool { pool in
      guard let payout = try await FindPayout.run(id, in: pool) else {
        throw Failure(.error, "There is no payout \(id).")
      }
      let events = try await FindPayout.events(of: payout, in: pool)
      context.output.say(PayoutsListCommand.line(payout))
      for event in events {
        let note = event.note.map { ": \($0)" } ?? ""
        context.output.say("  \(event.at)  \(event.state.rawValue) (\(event.actor))\(note)")
      }
      if let problem = payout.problem { context.output.say("  \(problem)") }
      if context.asJSON { context.output.put(payout.json(events: events) + [10]) }
      return .ok
    }
  }
}
