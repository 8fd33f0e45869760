import Coinvent
import JSON

/// `coinvent tally verify IDEA`
enum TallyVerifyCommand: Command {
  static let idea = Argument("IDEA", "An idea's id.")

  static let spec = CommandSpec(
    "tally verify", summary: "Count the sealed votes of an idea again.",
    examples: [
      Example("coinvent tally verify idea_01…", "Every gate it has passed or missed.")
    ],
    arguments: [idea],
    notes: [
      "The count and the SHA-256 of a seal are made anew from the sealed votes; it ends with 5 "
        + "when one differs, and with 6 when nothing is sealed yet."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    guard let id = IdeaID(context.argument(idea)) else {
      throw Failure(
        .usage, "“\(context.argument(idea))” is no idea's id.", mend: "One looks like idea_01….")
    }
    return try await context.withPool { pool in
      let recounts = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx -> [SealTally.Recount]? in
        let found = try await FindIdeas.run([id], in: tx)[0]
        guard case .some = found else { return nil }
        return try await SealTally.recount(id, in: tx)
      }
      guard let recounts else { throw Failure(.error, "There is no idea \(id).") }
      for one in recounts {
        context.output.say(
          "Gate \(one.number), sealed \(one.sealedAt): \(one.votes) votes of \(one.electorate) "
            + "members; "
            + (one.isRight ? "counted again, the same" : "counted \(one.counted): WRONG")
            + (one.goneSince > 0 ? "; \(one.goneSince) no longer stand there" : "") + ".")
      }
      if recounts.isEmpty { context.output.say("Nothing is sealed yet.") }
      context.output.json(["idea_id": .string("\(id)"), "seals": .array(recounts.map(json))])
      if recounts.isEmpty { return .nothingToDo }
      return recounts.allSatisfy(\.isRight) ? .ok : .unbalanced
    }
  }

  private static func json(_ one: SealTally.Recount) -> JSON {
    [
      "gate": .int(Int64(one.number)), "sealed_at": .string("\(one.sealedAt)"),
      "electorate": .int(one.electorate), "votes": .int(one.votes),
      "hash": .string(Base64URL.encode(one.hash)), "counted": .int(one.counted),
      "counted_hash": .string(Base64URL.encode(one.countedHash)),
      "gone_since": .int(one.goneSince), "right": .bool(one.isRight),
    ]
  }
}
