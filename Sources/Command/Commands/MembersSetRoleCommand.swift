import Coinvent
import JSON

/// `coinvent members set-role`
enum MembersSetRoleCommand: Command {
  static let member = Argument("MEMBER", "The member's handle or id.")
  static let role = Argument("ROLE", "member, curator, finance or admin.")
  static let reason = Option.value(
    "reason", "TEXT", "Why; it goes on record.", required: true)

  static let spec = CommandSpec(
    "members set-role", summary: "Give a member another role.",
    examples: [
      Example(
        "coinvent members set-role ada curator --reason elected", "Ada decides about ideas.")
    ],
    arguments: [member, role], options: [reason],
    notes: [
      "It counts from the member's next request, and is on record: GET /v1/audit.",
      "A member who has the role already ends with exit code 6, the last admin with 3.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let words = Role.allCases.map(\.rawValue).joined(separator: ", ")
    let role = try context.value(role, expecting: "one of \(words)") { Role(rawValue: $0) }
    let name = context.argument(member)
    let why = context[reason] ?? ""
    if let fault = MoveIdea.fault(reason: why) { throw Failure.usage("--reason \(fault).") }
    return try await context.withPool { pool in
      guard let found = try await FindMember.by(handleOrID: name, in: pool) else {
        throw Failure(.error, "There is no member \(name).")
      }
      let outcome = try await pool.transaction { tx in
        try await SetRole.run(role, of: found.id, reason: why, by: nil, in: tx)
      }
      switch outcome {
      case .unchanged(let member):
        context.output.say("\(member.handle) is \(role.rawValue) already.")
        context.output.json(member.json)
        return .nothingToDo
      case .changed(let member, let old):
        context.output.say("\(member.handle): \(old.rawValue) → \(member.role.rawValue)")
        context.output.json(member.json)
        return .ok
      case .unknown: throw Failure(.error, "There is no member \(name).")
      case .lastAdmin:
        throw Failure(.busy, "\(found.handle) is the only admin; make another one first.")
      }
    }
  }
}
