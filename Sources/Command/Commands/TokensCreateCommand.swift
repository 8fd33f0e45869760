import Coinvent
import JSON
import Postgres

/// `coinvent tokens create`
enum TokensCreateCommand: Command {
  static let member = Option.value(
    "member", "MEMBER", "The member's handle or id.", required: true)
  static let scope = Option.value(
    "scope", "SCOPE", "What it may be used for; all when not given.", many: true,
    completes: .words(Scope.allCases.map(\.rawValue)))
  static let expires = Option.value(
    "expires", "WHEN", "Days from now, or the day after which it ends.", standard: "365")

  static let spec = CommandSpec(
    "tokens create", summary: "Make a token and print it, this once.",
    examples: [
      Example("coinvent tokens create --member ada", "For everything the member may do."),
      Example(
        "coinvent tokens create --member till --scope finance --expires 30",
        "For sales and settlements only, for thirty days."),
    ],
    options: [member, scope, expires],
    notes: [
      "Scopes: \(Scope.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "A token never allows more than its member's role."
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let scopes = try scopes(context)
    let now = Timestamp.now
    let lasting =
      try context.value(expires, expecting: "1 to 3650 days or a day like 2027-01-31") {
        duration($0, from: now)
      } ?? .seconds(365 * 86_400)
    return try await context.withPool { pool in
      let member = try await TokensListCommand.member(context[member] ?? "", in: pool)
      let made = try await CreateToken.run(
        for: member.id, scopes: scopes, lasting: lasting, at: now, in: pool)
      switch made {
      case .created(let token, let secret):
        context.output.say(secret.text)
        context.output.note("\(token.id) of \(member.handle) ends at \(token.expiresAt).")
        var json = token.json.object ?? JSONObject()
        json["token"] = .string(secret.text)
        context.output.json(.object(json))
        return .ok
      case .unknownMember: throw Failure(.error, "The member is gone.")
      }
    }
  }

  private static func scopes(_ context: Context) throws(Failure) -> Set<Scope> {
    let words = context.all(scope)
    var scopes: Set<Scope> = []
    for word in words {
      guard let scope = Scope(rawValue: word) else {
        let all = Scope.allCases.map(\.rawValue).joined(separator: ", ")
        throw .usage("--scope: “\(word)” is not one of \(all).")
      }
      scopes.insert(scope)
    }
    return words.isEmpty ? .everything : scopes
  }

  /// Whole days, or up to the end of a day.
  private static func duration(_ text: String, from now: Timestamp) -> Duration? {
    let longest = Duration.seconds(3650 * 86_400)
    if let days = Int64(text) {
      return (1...3650).contains(days) ? .seconds(days * 86_400) : nil
    }
    guard let day = Day(text) else { return nil }
    let lasting = day.start + .seconds(86_400) - now
    return lasting > .zero && lasting <= longest ? lasting : nil
  }
}
