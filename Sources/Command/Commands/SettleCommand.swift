import Coinvent
import JSON
import Ledger
import Postgres

/// `coinvent settle`
enum SettleCommand: Command {
  static let through = Option.value(
    "through", "DATE",
    "The last day whose sales count. Without it all count that are not dated after tomorrow.")
  static let ahead = Option.flag(
    "ahead",
    "Allow a --through after tomorrow. Sales up to it count now and reserves and guarantees are as "
      + "of it, for good: a cut-off never moves back.")
  static let unsealed = Option.flag(
    "unsealed", "Leave the tree of members' lines to a worker or to coinvent proof seal.")
  static let jobs = Option.value(
    "jobs", "NUMBER", "On how many connections products are posted at once; 2 unless given.")
  static let dryRun = Option.flag("dry-run", "Show what would change and write nothing.")

  static let spec = CommandSpec(
    "settle",
    summary: "Split what was earned and credit every member's exact share.",
    examples: [
      Example("coinvent settle", "Settle every sale that is recorded, up to tomorrow, UTC."),
      Example("coinvent settle --through 2026-01-31", "Only sales up to the end of January, UTC."),
      Example("coinvent settle --dry-run", "Show each pool before and after."),
    ],
    options: [
      through, ahead, PeriodOptions.by, jobs, dryRun, unsealed, Setting.approveAbove.option,
      Setting.proofKeyFile.option,
    ],
    notes: [
      "Safe to run from cron, to start twice and to kill at any point: the next run finishes what "
        + "an earlier one left. A cut-off never moves back: sales that were counted stay counted.",
      "Sales dated after tomorrow wait until their day has come, and are named.",
      "A plan above --approve-above is not posted: it is kept as the period's preview until "
        + "another person approves it with coinvent period approve. For that it has to be known "
        + "who made it: name them with --by.",
      "When members are credited it makes the hash tree of their lines and signs the end of the "
        + "chain, if there is a key (coinvent proof key).",
      "Exit codes: 0 settled, 3 another settlement is running, 6 nothing to do, 8 the plan waits "
        + "for approval.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let day = try context.value(through, expecting: "a date such as 2026-01-31") { Day($0) }
    let jobs =
      try context.value(jobs, expecting: "a number from 1 to 8") { text in
        Int(text).flatMap { (1...8).contains($0) ? $0 : nil }
      } ?? 2
    return try await context.withPool(size: jobs + 3) { pool in
      if let day, !context.has(ahead) { try await refuse(day, ahead: pool) }
      if context.has(dryRun) { return try await preview(day, pool, context) }
      let by = try await PeriodOptions.member(context, in: pool)
      let limits = context.settings.approveAbove
      let outcome = try await Settle.run(
        through: day, limits: limits, by: by, jobs: jobs, pool: pool
      ) { context.output.note(line($0)) }
      return try await end(outcome, pool, context)
    }
  }

  private static func refuse(_ day: Day, ahead pool: Pool) async throws {
    let now = try await DatabaseClock.now(in: pool)
    guard Foresight.isAhead(day, at: now) else { return }
    throw Failure.usage(
      "--through \(day) is after tomorrow, \(Foresight.lastDay(at: now)) (UTC): all up to it "
        + "would count now, and a cut-off never moves back.",
      mend: "Say --ahead if that is meant.")
  }

  private static func end(_ outcome: SettleOutcome, _ pool: Pool, _ context: Context) async throws
    -> ExitCode
  {
    switch outcome {
    case .settled(let summary):
      // A waiting worker pays at once.
      try await PayoutBell.ring(in: pool)
      show(summary, context)
      if !context.has(unsealed) { try await ProofWork.afterSettling(pool, context) }
      return .ok
    case .nothingToDo(let waiting, let ahead):
      context.output.say("Nothing to settle: every pool is as posted.")
      show(waiting, ahead, context)
      context.output.json(SettleOutcome.nothingJSON(waiting, ahead))
      return .nothingToDo
    case .needsApproval(let period, let preview):
      context.output.say("Nothing was posted: \(preview.exceeds ?? "a preview is waiting").")
      context.output.say("Look at it:  coinvent period show \(period.name)")
      if preview.exceeds != nil && preview.madeBy == nil {
        context.output.say("Name its maker:  coinvent period preview \(period.name) --by MEMBER")
      }
      context.output.say("Approve it:  coinvent period approve \(period.name) --by MEMBER")
      context.output.json(SettleOutcome.waitingJSON(period, preview))
      return .needsApproval
    case .busy:
      throw Failure(
        .busy, "Another settlement is running.",
        mend: "It does the same work; wait for it to end.")
    }
  }

  static func line(_ progress: Settle.Progress) -> String {
    switch progress {
    case .resuming(let id): "Finishing settlement \(id), which an earlier run left."
    case .planned(let id): "Planned settlement \(id)."
    case .posted(let posted, let all, let remaining):
      "Posted \(posted) of \(all) products (\(posted * 100 / max(1, all)) %), "
        + "about \(remaining.components.seconds) s to go."
    case .delivered(let step, let steps): "Credited members, step \(step) of \(steps)."
    }
  }

  static func show(_ summary: SettlementSummary, _ context: Context) {
    context.output.say("Settlement \(summary.id), sales before \(summary.cutOff)")
    for line in summary.lines {
      func money(_ nanos: Int64) -> String {
        Amount(nanos: nanos, currency: line.currency).decimal
      }
      context.output.say(
        """
          \(line.currency)  pools \(money(line.pool)) of \(line.products) products
               credited \(money(line.credited)) to \(line.members) members
               house    \(money(line.house)), crumbs \(money(line.crumbs))
        """)
    }
    show(summary.waiting, summary.ahead, context)
    context.output.json(summary.json)
  }

  private static func show(
    _ waiting: [WaitingSales], _ ahead: SalesAhead?, _ context: Context
  ) {
    for sales in waiting {
      let gross = Amount(nanos: sales.gross, currency: sales.currency)
      context.output.say(
        "Waiting: \(counted(sales.lines, "sale line")) of \(sales.product), \(gross) gross, "
          + "until its shares are locked.")
    }
    if let ahead { context.output.say(ahead.sentence) }
  }

  private static func preview(_ day: Day?, _ pool: Pool, _ context: Context) async throws
    -> ExitCode
  {
    let preview = try await PreviewSettlement.run(through: day, pool: pool)
    let changes = preview.changes
    for change in changes {
      context.output.say(
        "\(change.product)  contract \(change.contractVersion)  shares \(change.shareVersion)  "
          + "\(change.before.decimal) -> \(change.after)")
    }
    context.output.say("\(changes.count) pools would change; nothing was written.")
    show([], preview.ahead, context)
    context.output.json(preview.json)
    return changes.isEmpty ? .nothingToDo : .ok
  }
}
