import Coinvent
import JSON
import Postgres

/// `coinvent sales hook add SOURCE`
enum SalesHookAddCommand: Command {
  static let source = Argument("SOURCE", "Where the lines come from.")
  static let signer = Option.value(
    "signer", "WAY", "In whose way deliveries are signed.", standard: "standard",
    completes: .words(HookSecrets.Signer.allCases.map(\.rawValue)))
  static let file = Option.value(
    "secret-file", "FILE", "Holds the shop's own secret; one is made unless given.",
    completes: .file)

  static let spec = CommandSpec(
    "sales hook add", summary: "Add a secret under which a shop signs the sales that it sends.",
    examples: [
      Example("coinvent sales hook add store", "Shows the secret, this once."),
      Example(
        "coinvent sales hook add store --signer shopify --secret-file shopify.txt",
        "Shopify shows its secret where webhooks are set up."),
    ],
    arguments: [source], options: [signer, file],
    notes: ["Earlier secrets stay good until they are retired, so that none is missed meanwhile."])

  static func run(_ context: Context) async throws -> ExitCode {
    let source = try SalesMapping.valid(source: context.argument(source))
    let signer =
      try context.value(signer, expecting: "standard, shopify or woocommerce") {
        HookSecrets.Signer(rawValue: $0)
      } ?? .standard
    var secret = HookSecrets.make(signer)
    if let path = context[file] {
      secret = try String(readText(path).split(whereSeparator: \.isNewline).first ?? "")
    }
    let (made, isOurs) = (secret, context[file] == nil)
    return try await context.withPool { pool in
      let outcome = try await pool.transaction { tx in
        try await HookSecrets.add(made, signer, for: source, in: tx)
      }
      guard case .added(let number) = outcome else {
        throw Failure(
          .error, "The file holds no secret of this kind.",
          mend: "A secret has 8 to 256 bytes; one of Standard Webhooks begins with whsec_.")
      }
      context.output.say("Secret \(number) of \(source) is good from now on.")
      if isOurs { context.output.say("Keep it; it is not shown again: \(made)") }
      context.output.say("Deliveries go to POST /v1/hooks/sales/\(source)")
      context.output.json([
        "source": .string(source), "number": .int(Int64(number)),
        "secret": isOurs ? .string(made) : .null,
      ])
      return .ok
    }
  }
}

/// `coinvent sales hook retire SOURCE NUMBER`
enum SalesHookRetireCommand: Command {
  static let source = Argument("SOURCE", "Where the lines come from.")
  static let number = Argument("NUMBER", "The secret's number.")

  static let spec = CommandSpec(
    "sales hook retire", summary: "End a secret under which a shop signs.",
    examples: [Example("coinvent sales hook retire store 1", "After the shop has a newer one.")],
    arguments: [source, number])

  static func run(_ context: Context) async throws -> ExitCode {
    let number = try context.value(number, expecting: "a number from 1 on") { Int32($0) }
    return try await context.withPool { pool in
      let retired = try await pool.transaction { tx in
        try await HookSecrets.retire(number, of: context.argument(source), in: tx)
      }
      guard retired else {
        throw Failure(
          .error, "\(context.argument(source)) has no secret \(number) that is good.",
          mend: "See: coinvent sales hook list")
      }
      context.output.say("Secret \(number) is good no longer.")
      context.output.json(["retired": .int(Int64(number))])
      return .ok
    }
  }
}

/// `coinvent sales hook list`
enum SalesHookListCommand: Command {
  static let spec = CommandSpec(
    "sales hook list", summary: "List the secrets under which shops sign; not themselves.",
    examples: [Example("coinvent sales hook list", "With their numbers.")])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let found = try await HookSecrets.list(in: pool)
      for entry in found {
        let state = entry.retiredAt.map { "retired \($0)" } ?? "good"
        context.output.say("\(entry.source)  \(entry.number)  \(entry.signer.rawValue)  \(state)")
      }
      if found.isEmpty { context.output.say("No shop has a secret.") }
      context.output.json([
        "secrets": .array(
          found.map {
            [
              "source": .string($0.source), "number": .int(Int64($0.number)),
              "signer": .string($0.signer.rawValue),
              "added_at": .string($0.addedAt.description),
              "retired_at": $0.retiredAt.map { .string($0.description) } ?? .null,
            ]
          })
      ])
      return .ok
    }
  }
}
