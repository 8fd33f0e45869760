import Coinvent
import JSON
import Postgres

/// `coinvent members erase`
enum MembersEraseCommand: Command {
  static let yes = Option.flag("yes", "Do it at once; without it, only say what would happen.")
  static let give = Option.flag(
    "give-to-house", "What is payable, and what shares earn later, goes to the house.")
  static let cancel = Option.flag("cancel", "Take back what the member has asked for.")

  static let spec = CommandSpec(
    "members erase", summary: "Make a former member of a member, now.",
    examples: [
      Example("coinvent members erase ada", "What would go, and what would stay."),
      Example("coinvent members erase ada --yes", "It cannot be undone."),
    ],
    arguments: [MembersExportCommand.member], options: [yes, give, cancel],
    notes: [
      "Refused with exit code 3 while a payout is open, and while money is payable or shares go on "
        + "earning unless --give-to-house is given.",
      "Members who ask themselves (DELETE /v1/me) are erased by the worker after 14 days; signing "
        + "in before takes it back.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let member = try await MembersExportCommand.member(context, in: pool)
      if context.has(cancel) {
        let was = try await AskErasure.cancel(member.id, in: pool)
        context.output.say(was ? "\(member.handle) stays." : "Nothing was asked.")
        context.output.json(["cancelled": .bool(was)])
        return was ? .ok : .nothingToDo
      }
      guard context.has(yes) else { return try await show(member, pool, context) }
      let gives = context.has(give)
      let outcome = try await pool.transaction { tx in
        switch try await AskErasure.run(member.id, gives: gives, after: .zero, in: tx) {
        case .asked: try await EraseMember.run(member.id, in: tx)
        case let other: other
        }
      }
      return try report(outcome, member, context)
    }
  }

  private static func report(_ outcome: Erasure.Outcome, _ member: Member, _ context: Context)
    throws -> ExitCode
  {
    switch outcome {
    case .asked(let erasure), .erased(let erasure):
      context.output.say("\(member.id) is a former member.")
      context.output.json([
        "member_id": .string(member.id.description),
        "erased_at": erasure.erasedAt.map { .string($0.description) } ?? .null,
      ])
      return .ok
    case .moneyWaits(let money):
      throw Failure(
        .busy, "\(sentence(money))",
        mend: "Pay it out first, or give --give-to-house.")
    case .payoutOpen(let money):
      throw Failure(.busy, "\(money.openPayouts) payouts of \(member.handle) are on their way.")
    }
  }

  private static func sentence(_ money: Erasure.Money) -> String {
    let amounts = money.payable.map(\.description).joined(separator: ", ")
    return amounts.isEmpty
      ? "The member's shares go on earning." : "\(amounts) can be paid to the member."
  }

  private static func show(_ member: Member, _ pool: Pool, _ context: Context) async throws
    -> ExitCode
  {
    let money = try await Erasure.money(of: member.id, in: pool)
    let output = context.output
    output.say(
      "Of \(member.handle) (\(member.id)) would go: "
        + Erasure.goes.joined(separator: ", "))
    output.say("Would change:")
    for part in Erasure.changes { output.say("  \(part.name): \(part.how).") }
    output.say("Would stay:")
    for part in Erasure.stays { output.say("  \(part.name): \(part.why).") }
    if money.needsChoice { output.say(sentence(money) + " It needs --give-to-house.") }
    output.say("Nothing was done. Give --yes to do it.")
    output.json([
      "member_id": .string(member.id.description),
      "erased": .array(Erasure.goes.map { .string($0) }),
      "payable": .array(money.payable.map { .string($0.description) }),
      "must_choose": .bool(money.needsChoice), "done": false,
    ])
    return .nothingToDo
  }
}
