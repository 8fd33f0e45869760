import Coinvent
import JSON
import Postgres

/// `coinvent tokens list`
enum TokensListCommand: Command {
  static let member = Option.value(
    "member", "MEMBER", "The member's handle or id.", required: true)
  static let all = Option.flag("all", "Also those that have ended.")

  static let spec = CommandSpec(
    "tokens list", summary: "List a member's tokens and sessions, the newest first.",
    examples: [
      Example("coinvent tokens list --member ada", "Those that are good now."),
      Example("coinvent tokens list --member ada --all", "Also expired and revoked ones."),
    ],
    options: [member, all])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let member = try await member(context[member] ?? "", in: pool)
      let tokens = try await ListTokens.run(of: member.id, all: context.has(all), in: pool)
      for token in tokens {
        let words = token.scopes.words.joined(separator: ",")
        let end = token.revokedAt.map { "revoked \($0)" } ?? "ends \(token.expiresAt)"
        let used = token.lastUsedAt.map { "used \($0)" } ?? "never used"
        context.output.say("\(token.id)  \(token.kind.rawValue)  \(words)  \(end)  \(used)")
      }
      if tokens.isEmpty { context.output.note("\(member.handle) has no token.") }
      context.output.json(["tokens": .array(tokens.map(\.json))])
      return .ok
    }
  }

  /// The member that an option names.
  static func member(_ text: String, in pool: Pool) async throws -> Member {
    if let member = try await FindMember.by(handleOrID: text, in: pool) { return member }
    throw Failure(
      .error, "There is no member “\(text)”.", mend: "“coinvent members list” shows them.")
  }
}

extension Token {
  var json: JSON {
    [
      "id": .string(id.description), "member_id": .string(memberID.description),
      "kind": .string(kind.rawValue), "scopes": .array(scopes.words.map { .string($0) }),
      "created_at": .string(createdAt.description), "expires_at": .string(expiresAt.description),
      "revoked_at": revokedAt.map { .string($0.description) } ?? .null,
      "last_used_at": lastUsedAt.map { .string($0.description) } ?? .null,
    ]
  }
}
