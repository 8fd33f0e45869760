import Coinvent
import JSON
import Postgres

/// `coinvent payouts hold`
enum PayoutsHoldCommand: Command {
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let because = Option.value(
    "because", "TEXT", "The reason, which the member can read.", required: true)

  static let spec = CommandSpec(
    "payouts hold", summary: "Stop a member's payouts.",
    examples: [
      Example("coinvent payouts hold ada --because address-changed", "Until resumed.")
    ],
    arguments: [member], options: [because],
    notes: ["What is on its way already is not stopped."])

  static func run(_ context: Context) async throws -> ExitCode {
    guard let reason = context[because], !reason.isEmpty else {
      throw Failure.usage("--because needs a reason.")
    }
    return try await context.withPool { pool in
      let member = try await PayoutsListCommand.find(context.argument(member), in: pool)
      let now = try await DatabaseClock.now(in: pool)
      try await pool.transaction {
        try await HoldPayouts.run(member.id, because: reason, now: now, in: $0)
      }
      context.output.say("Payouts of \(member.handle) are on hold: \(reason).")
      context.output.json(["member_id": .string(member.id.description), "held": .string(reason)])
      return .ok
    }
  }
}

/// `coinvent payouts resume`
enum PayoutsResumeCommand: Command {
  static let spec = CommandSpec(
    "payouts resume", summary: "Let a member's payouts go on.",
    examples: [
      Example("coinvent payouts resume ada", "After a hold, or a payout that failed or came back.")
    ],
    arguments: [PayoutsHoldCommand.member])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let text = context.argument(PayoutsHoldCommand.member)
      let member = try await PayoutsListCommand.find(text, in: pool)
      let now = try await DatabaseClock.now(in: pool)
      try await pool.transaction { try await HoldPayouts.resume(member.id, now: now, in: $0) }
      context.output.say("Payouts of \(member.handle) go on.")
      context.output.json(["member_id": .string(member.id.description), "held": .null])
      return .ok
    }
  }
}
