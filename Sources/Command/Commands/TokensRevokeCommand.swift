import Coinvent
import JSON

/// `coinvent tokens revoke`
enum TokensRevokeCommand: Command {
  static let token = Argument("TOKEN", "The token's id (tok_…) or the token itself.")

  static let spec = CommandSpec(
    "tokens revoke", summary: "End a token; it is refused from now on.",
    examples: [
      Example("coinvent tokens revoke tok_01h455vb4pex5vsknk084sn02q", "By its id.")
    ],
    arguments: [token],
    notes: ["A token that was revoked before ends with exit code 6, nothing to do."])

  static func run(_ context: Context) async throws -> ExitCode {
    let id = try context.value(token, expecting: "a token's id like tok_01h…") {
      TokenID($0) ?? TokenSecret($0)?.id
    }
    return try await context.withPool { pool in
      let outcome = try await RevokeToken.run(id, of: nil, in: pool)
      context.output.json(["id": .string(id.description), "outcome": .string("\(outcome)")])
      switch outcome {
      case .alreadyRevoked:
        context.output.say("\(id) was revoked before.")
        return .nothingToDo
      case .revoked:
        context.output.say("\(id) is revoked.")
        return .ok
      case .unknown: throw Failure(.error, "There is no token \(id).")
      }
    }
  }
}
