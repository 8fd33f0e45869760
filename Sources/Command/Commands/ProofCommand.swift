import Coinvent
import JSON
import Postgres

/// `coinvent proof MEMBER`
enum ProofCommand: Command {
  static let member = Argument("MEMBER", "A member's id or handle.")
  static let settlement = Option.value(
    "settlement", "ID", "Only the lines of this settlement, without payouts.")
  static let to = Option.value(
    "to", "FILE", "Where to write; standard output if not given.", completes: .file)

  static let spec = CommandSpec(
    "proof", summary: "Write a file that proves what a member was credited and paid.",
    examples: [
      Example("coinvent proof ada --to ada.json", "Everything that is signed."),
      Example("coinvent proof ada --settlement settle_01jd… --to jan.json", "One settlement."),
      Example("coinvent proof check ada.json", "Check it, without a database."),
    ],
    arguments: [member], options: [settlement, to],
    notes: [
      "The file has the member's own lines, the hashes that lead from them to the chain, and a "
        + "signed checkpoint; it tells nothing of other members. Docs/proof.md has its format.",
      "A member whose handle is “check”, “key” or “seal” is named by id.",
      "Exit codes: 0 written, 6 there is nothing to prove, or nothing is signed yet.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let only = try context.value(settlement, expecting: "a settlement's id like settle_01…") {
      SettlementID($0)
    }
    let name = context.argument(member)
    if context.asJSON && context[to] == nil {
      throw Failure.usage("--json reports about a file: name one with --to.")
    }
    return try await context.withPool { pool in
      let outcome = try await pool.transaction(isolation: .repeatableRead, readOnly: true) {
        tx -> MakeProofOutcome in
        guard let member = try await FindMember.by(handleOrID: name, in: tx) else {
          throw Failure(
            .error, "There is no member \(name).", mend: "See coinvent members list for handles.")
        }
        return try await MakeProof.run(for: member.id, settlement: only, in: tx)
      }
      return try write(outcome, name, context)
    }
  }

  private static func write(_ outcome: MakeProofOutcome, _ name: String, _ context: Context)
    throws -> ExitCode
  {
    switch outcome {
    case .made(let proof, let waiting):
      try put(proof, context)
      if waiting > 0 {
        context.output.note("\(waiting) more are not signed yet; see coinvent proof seal.")
      }
      context.output.json([
        "settlements": .int(Int64(proof.settlements.count)),
        "payouts": .int(Int64(proof.payouts.count)), "waiting": .int(Int64(waiting)),
        "path": context[to].map { .string($0) } ?? .null,
      ])
      return .ok
    case .unsigned:
      context.output.note(
        "Nothing of \(name) is signed yet. Make a key (coinvent proof key), then run: coinvent "
          + "proof seal")
      context.output.json(["outcome": "unsigned"])
      return .nothingToDo
    case .nothing:
      context.output.note("There is nothing to prove: nothing was credited to \(name), or paid.")
      context.output.json(["outcome": "nothing"])
      return .nothingToDo
    case .noSuchSettlement:
      throw Failure(.error, "There is no settlement \(context[settlement] ?? "").")
    }
  }

  private static func put(_ proof: Proof, _ context: Context) throws(Failure) {
    guard let path = context[to] else { return context.output.put(proof.file) }
    let file = try WholeFile(path)
    try file.write(proof.file)
    try file.finish()
    context.output.say(
      "\(path): \(proof.settlements.count) settlements and \(proof.payouts.count) steps of payouts."
    )
  }
}
