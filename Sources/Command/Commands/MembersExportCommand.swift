import Coinvent
import JSON
import Postgres

/// `coinvent members export`
enum MembersExportCommand: Command {
  static let member = Argument("MEMBER", "A handle or an id.")
  static let to = Option.value(
    "to", "FILE", "Where to write; standard output if not given.", completes: .file)

  static let spec = CommandSpec(
    "members export", summary: "Write everything that is kept of a member, as JSON.",
    examples: [Example("coinvent members export ada --to ada.json", "All of it in one file.")],
    arguments: [member], options: [to],
    notes: ["The same as the member gets from GET /v1/me/export. No secrets are in it."])

  static func run(_ context: Context) async throws -> ExitCode {
    let output = context.output
    return try await context.withPool { pool in
      let member = try await MembersExportCommand.member(context, in: pool)
      guard let path = context[to] else {
        try await OwnData.run(of: member.id, from: pool) { output.put($0) }
        return .ok
      }
      let file = try WholeFile(path)
      try await OwnData.run(of: member.id, from: pool) { try file.write($0) }
      try file.finish()
      output.say("\(member.handle) in \(path)")
      output.json(["member_id": .string(member.id.description), "path": .string(path)])
      return .ok
    }
  }

  static func member(_ context: Context, in pool: Pool) async throws -> Member {
    let text = context.argument(member)
    guard let found = try await FindMember.by(handleOrID: text, in: pool) else {
      throw Failure(.error, "There is no member “\(text)”.")
    }
    return found
  }
}
