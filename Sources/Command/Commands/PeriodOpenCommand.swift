import Coinvent
import JSON
import Postgres

/// What all commands about periods take.
enum PeriodOptions {
  static let period = Argument("PERIOD", "A period's name, such as 2026-10, or its id.")
  static let by = Option.value("by", "MEMBER", "Who does it: a member's id or handle.")

  static func member(_ context: Context, in pool: Pool) async throws -> MemberID? {
    guard let text = context[by] else { return nil }
    return try await PayoutsListCommand.find(text, in: pool).id
  }

  static func unknown(_ context: Context) -> Failure {
    Failure(
      .error, "There is no period “\(context.argument(period))”.",
      mend: "See them: coinvent period list")
  }

  static var busy: Failure {
    Failure(
      .busy, "A settlement, approval or publication is running.", mend: "Wait for it to end.")
  }

  static func reason(_ context: Context, _ option: Option) throws -> String? {
    guard let text = context[option] else { return nil }
    guard (1...2000).contains(text.count) else {
      throw Failure.usage("--\(option.name) has 1 to 2000 characters.")
    }
    return text
  }

  static func done(_ period: Period, _ words: String, _ context: Context) -> ExitCode {
    context.output.say(words)
    context.output.json(period.json)
    return .ok
  }
}

/// `coinvent period open`
enum PeriodOpenCommand: Command {
  static let name = Argument("NAME", "Its name, such as 2026-10.")
  static let through = Option.value(
    "through", "DATE", "The last day whose sales count; a month's last unless given.")
  static let ahead = Option.flag(
    "ahead", "Allow a last day more than a year from now. No later period can end before it.")

  static let spec = CommandSpec(
    "period open", summary: "Open a settlement period after all others.",
    examples: [
      Example("coinvent period open 2026-10", "October."),
      Example("coinvent period open q4 --through 2026-12-31", "Any other span."),
    ],
    arguments: [name], options: [through, ahead, PeriodOptions.by],
    notes: [
      "Settlements belong to the period that is open. Without one coinvent settle opens one of the "
        + "month by itself.",
      "Exit codes: 3 the name is another's, or a later period is there.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let name = context.argument(name)
    if let fault = OpenPeriod.fault(name: name) { throw Failure.usage("NAME \(fault).") }
    let given = try context.value(through, expecting: "a date such as 2026-10-31") { Day($0) }
    guard let through = given ?? OpenPeriod.lastDay(of: name) else {
      throw Failure.usage("“\(name)” is no month: say the last day with --through.")
    }
    return try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await pool.transaction { tx in
        try await OpenPeriod.run(
          name, through: through, by: by, ahead: context.has(ahead), in: tx)
      }
      switch outcome {
      case .repeated(let period):
        return PeriodOptions.done(period, "\(name) is there already: \(period.state).", context)
      case .opened(let period):
        return PeriodOptions.done(period, "\(name) is open, through \(through).", context)
      case .nameTaken(let other):
        throw Failure(
          .busy, "There is a period \(name) through \(other.through).",
          mend: "Choose another name.")
      case .notAfter(let latest):
        throw Failure(
          .busy, "\(latest.name) goes through \(latest.through) already.",
          mend: "Periods follow one another: choose a later last day.")
      case .farAhead:
        throw Failure.usage(
          "\(name) would go through \(through), more than a year from now, and no later period "
            + "could end before it.",
          mend: "Say --ahead if that is meant.")
      }
    }
  }
}

/// `coinvent period list`
enum PeriodListCommand: Command {
  static let spec = CommandSpec(
    "period list", summary: "Settlement periods, the newest first.",
    examples: [Example("coinvent period list", "All of them.")])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let periods = try await Period.all(in: pool)
      for period in periods {
        let policy = period.isAutomatic ? "  by the policy" : ""
        context.output.say("\(period.name)  through \(period.through)  \(period.state)\(policy)")
      }
      if periods.isEmpty { context.output.say("There are no periods.") }
      context.output.json(["periods": .array(periods.map(\.json))])
      return .ok
    }
  }
}

/// `coinvent period show`
enum PeriodShowCommand: Command {
  static let spec = CommandSpec(
    "period show", summary: "A period's history, and what its latest preview says.",
    examples: [Example("coinvent period show 2026-10", "Before approving it.")],
    arguments: [PeriodOptions.period])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      guard let period = try await Period.find(context.argument(PeriodOptions.period), in: pool)
      else { throw PeriodOptions.unknown(context) }
      let events = try await PeriodEvent.all(of: period.id, in: pool)
      var report: PreviewReport?
      if let preview = try await PeriodPreview.latest(of: period.id, in: pool) {
        report = try await PreviewReport.of(preview, in: pool)
      }
      context.output.say("\(period.name)  through \(period.through)  \(period.state)")
      for event in events {
        let who = event.changedBy.map { " by \($0)" } ?? ""
        context.output.say("  \(event.changedAt)  \(event.what)\(who): \(event.reason)")
      }
      if let report { PeriodPreviewCommand.show(report, context) }
      context.output.json(period.json(events, report))
      return .ok
    }
  }
}
