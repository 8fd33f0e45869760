import Coinvent
import JSON

/// `coinvent members list`
enum MembersListCommand: Command {
  static let spec = CommandSpec(
    "members list", summary: "List all members by handle.",
    examples: [
      Example("coinvent members list", "One line a member: id, handle, role."),
      Example("coinvent members list --json", "One JSON document."),
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      var all: [JSON] = []
      var last = ""
      while context.output.isRead {
        let members = try await FindMember.all(after: last, limit: 1000, in: pool)
        for member in members {
          context.output.say("\(member.id)  \(member.handle)  \(member.role.rawValue)")
        }
        if context.asJSON { all += members.map(\.json) }
        guard let next = members.last, members.count == 1000 else { break }
        last = next.handle
      }
      context.output.json(["members": .array(all)])
      return .ok
    }
  }
}
