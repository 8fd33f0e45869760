import Coinvent
import JSON
import Postgres

/// `coinvent period publish`
enum PeriodPublishCommand: Command {
  static let unsealed = Option.flag(
    "unsealed", "Leave the SHA-256 of statements to a worker or to coinvent proof seal.")

  static let spec = CommandSpec(
    "period publish", summary: "Make every member's statement of a period, and tell them.",
    examples: [Example("coinvent period publish 2026-10 --by eve", "After it is approved.")],
    arguments: [PeriodOptions.period],
    options: [PeriodOptions.by, unsealed, Setting.proofKeyFile.option],
    notes: [
      "Members see their statements when all are made; the SHA-256 of each is kept behind that. "
        + "Killed, it goes on where it was.",
      "Exit codes: 3 the period is not approved, an earlier one is not published, or a settlement "
        + "runs.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await PublishPeriod.run(
        context.argument(PeriodOptions.period), by: by, pool: pool
      ) { context.output.note("Step \($0.steps) of \($0.of) is done.") }
      switch outcome {
      case .repeated(let period):
        try await seal(pool, context)
        return PeriodOptions.done(period, "\(period.name) is \(period.state).", context)
      case .published(let period, let version, let statements):
        context.output.say(
          "\(period.name) is published: \(statements) statements, version \(version).")
        context.output.json([
          "name": .string(period.name), "state": .string(period.state.rawValue),
          "version": .int(Int64(version)), "statements": .int(statements),
        ])
        try await seal(pool, context)
        return .ok
      case .unknown: throw PeriodOptions.unknown(context)
      case .notApproved(let period):
        throw Failure(
          .busy, "\(period.name) is \(period.state).",
          mend: "First: coinvent period preview \(period.name), then approve.")
      case .earlierFirst(let first):
        throw Failure(
          .busy, "\(first.name) comes first: it is \(first.state).",
          mend: "Statements follow one another: publish that, then this.")
      case .busy: throw PeriodOptions.busy
      }
    }
  }

  private static func seal(_ pool: Pool, _ context: Context) async throws {
    if !context.has(unsealed) { try await ProofWork.afterSettling(pool, context) }
  }
}

/// `coinvent period close`
enum PeriodCloseCommand: Command {
  static let spec = CommandSpec(
    "period close", summary: "End a published period.",
    examples: [Example("coinvent period close 2026-10 --by eve", "Nothing more is expected.")],
    arguments: [PeriodOptions.period], options: [PeriodOptions.by, PeriodApproveCommand.reason],
    notes: ["Exit codes: 3 it is not published."])

  static func run(_ context: Context) async throws -> ExitCode {
    let why = try PeriodOptions.reason(context, PeriodApproveCommand.reason) ?? "Closed."
    return try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let name = context.argument(PeriodOptions.period)
      let outcome = try await pool.transaction { tx in
        try await ClosePeriod.run(name, reason: why, by: by, in: tx)
      }
      switch outcome {
      case .repeated(let period), .closed(let period):
        return PeriodOptions.done(period, "\(period.name) is closed.", context)
      case .unknown: throw PeriodOptions.unknown(context)
      case .notPublished(let period):
        throw Failure(
          .busy, "\(period.name) is \(period.state).",
          mend: "Only what members were told can be closed: coinvent period publish.")
      }
    }
  }
}

/// `coinvent period reopen`
enum PeriodReopenCommand: Command {
  static let reason = Option.value(
    "reason", "TEXT", "Why; it is recorded.", required: true)

  static let spec = CommandSpec(
    "period reopen", summary: "Take a period back to open, for another settlement of its own.",
    examples: [
      Example("coinvent period reopen 2026-10 --reason late-report --by eve", "A late report.")
    ],
    arguments: [PeriodOptions.period], options: [reason, PeriodOptions.by],
    notes: [
      "What was posted and told stays as it is: publishing again makes another version of the "
        + "statements that change.",
      "Exit codes: 3 work in a later period has begun, or this one is not finished.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    guard let why = try PeriodOptions.reason(context, reason) else {
      throw Failure.usage("--reason needs a text.")
    }
    return try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await ReopenPeriod.run(
        context.argument(PeriodOptions.period), reason: why, by: by, pool: pool)
      switch outcome {
      case .repeated(let period), .reopened(let period):
        return PeriodOptions.done(period, "\(period.name) is \(period.state).", context)
      case .unknown: throw PeriodOptions.unknown(context)
      case .laterBegan(let later):
        throw Failure(
          .busy, "Work in \(later.name) has begun.",
          mend: "Late sales belong to that; statements follow one another.")
      case .unfinished(let period):
        throw Failure(
          .busy, "\(period.name) is not finished.",
          mend: "First end it: coinvent settle, or coinvent period publish \(period.name).")
      case .busy: throw PeriodOptions.busy
      }
    }
  }
}
