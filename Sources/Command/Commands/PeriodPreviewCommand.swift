import Coinvent
import JSON
import Postgres

/// `coinvent period preview`
enum PeriodPreviewCommand: Command {
  static let ahead = Option.flag(
    "ahead",
    "Allow a period that is not over. Reserves are released and guarantees topped up as of its "
      + "end, for good: a cut-off never moves back.")

  static let spec = CommandSpec(
    "period preview", summary: "Compute what a period's settlement would do, and keep it.",
    examples: [
      Example("coinvent period preview 2026-10 --by eve", "Eve looks at October.")
    ],
    arguments: [PeriodOptions.period],
    options: [PeriodOptions.by, ahead, Setting.approveAbove.option],
    notes: [
      "A period can be previewed when its last day is over, in UTC. One that coinvent settle "
        + "opened by itself can be before: then it counts what there is.",
      "Above --approve-above it needs --by: another member approves it, so its maker has a name.",
      "Nothing is posted. Sales that come later are not in it; they belong to the next settlement. "
        + "Another preview replaces one that is not approved.",
      "Exit codes: 2 the period is not over, 3 it is past that, an earlier one is not approved, or "
        + "a settlement runs.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await PreviewPeriod.run(
        context.argument(PeriodOptions.period), limits: context.settings.approveAbove, by: by,
        ahead: context.has(ahead), pool: pool
      ) { context.output.note(SettleCommand.line($0)) }
      switch outcome {
      case .previewed(let preview):
        let report = try await PreviewReport.of(preview, in: pool)
        show(report, context)
        context.output.json(report.json)
        return .ok
      case .unknown: throw PeriodOptions.unknown(context)
      case .notOpen(let period):
        throw Failure(
          .busy, "\(period.name) is \(period.state) already.",
          mend: "Late sales belong to the next period; or reopen it: coinvent period reopen.")
      case .notOver(let period):
        throw Failure.usage(
          "\(period.name) goes through \(period.through) (UTC), which is not over.",
          mend: "Preview it after that; or say --ahead if its end is meant already.")
      case .earlierFirst(let first):
        throw Failure(
          .busy, "\(first.name) comes first: it is \(first.state).",
          mend: "Preview and approve that, then this.")
      case .busy: throw PeriodOptions.busy
      }
    }
  }

  /// So many products are shown; --json has all.
  private static let shown = 20

  static func show(_ report: PreviewReport, _ context: Context) {
    let output = context.output
    output.say("Preview \(report.preview.id): sales before \(report.preview.cutOff)")
    for total in report.totals {
      output.say("  \(total.change) over \(total.products) products")
    }
    if report.totals.isEmpty { output.say("  No pool would change.") }
    for product in report.products.prefix(shown) {
      output.say(
        "    \(product.name)  \(product.change), last period \(product.last.decimal)")
    }
    if report.products.count > shown {
      output.say("    … and \(report.products.count - shown) more; --json has all.")
    }
    for warning in report.warnings { output.say("  Warning: \(warning)") }
    if let exceeds = report.preview.exceeds {
      output.say("  Another person has to approve it: \(exceeds).")
      if report.preview.madeBy == nil {
        output.say("  Nobody can yet, for its maker is not named: preview it again with --by.")
      }
    }
  }
}

/// `coinvent period approve`
enum PeriodApproveCommand: Command {
  static let preview = Option.value(
    "preview", "ID", "The preview that was looked at; refused when another has replaced it.")
  static let reason = Option.value("reason", "TEXT", "What to record.")

  static let spec = CommandSpec(
    "period approve", summary: "Say yes to a preview and post exactly that.",
    examples: [Example("coinvent period approve 2026-10 --by max", "Max says yes.")],
    arguments: [PeriodOptions.period],
    options: [
      PeriodOptions.by, preview, reason, SettleCommand.unsealed, Setting.proofKeyFile.option,
    ],
    notes: [
      "Safe to kill and to start again: what is approved is posted to the end by the next run.",
      "Exit codes: 3 there is nothing to approve, another preview has replaced it or a settlement "
        + "runs, 8 another person has to approve it.",
      "Above the limit that person is another member than who previewed it, with the role finance "
        + "or admin, and both are named with --by.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    let wanted = try context.value(preview, expecting: "a preview's id") { SettlementID($0) }
    let why = try PeriodOptions.reason(context, reason) ?? "Approved."
    return try await context.withPool { pool in
      let by = try await PeriodOptions.member(context, in: pool)
      let outcome = try await ApprovePeriod.run(
        context.argument(PeriodOptions.period), preview: wanted, reason: why, by: by, pool: pool
      ) { context.output.note(SettleCommand.line($0)) }
      switch outcome {
      case .repeated(let period):
        return PeriodOptions.done(period, "\(period.name) is approved and posted.", context)
      case .approved(let period, nil):
        return PeriodOptions.done(
          period, "\(period.name) is approved; there was nothing to post.", context)
      case .approved(_, let summary?):
        // A waiting worker pays at once.
        try await PayoutBell.ring(in: pool)
        SettleCommand.show(summary, context)
        if !context.has(SettleCommand.unsealed) {
          try await ProofWork.afterSettling(pool, context)
        }
        return .ok
      case .unknown, .notPreviewed, .makerUnnamed, .needsAnother, .needsFinance, .otherPreview,
        .changed, .busy:
        throw failure(outcome, context)
      }
    }
  }

  private static func failure(_ outcome: ApprovePeriodOutcome, _ context: Context) -> Failure {
    switch outcome {
    case .notPreviewed(let period):
      Failure(
        .busy, "\(period.name) is \(period.state): there is nothing to approve.",
        mend: "First: coinvent period preview \(period.name)")
    case .makerUnnamed(let preview):
      Failure(
        .needsApproval,
        "Above the limit a plan takes two people, and nobody is named who previewed it: "
          + "\(preview.exceeds ?? "").",
        mend: "Preview it again with --by: coinvent period preview "
          + "\(context.argument(PeriodOptions.period)) --by MEMBER")
    case .needsAnother(let preview):
      Failure(
        .needsApproval, "Above the limit a plan takes two people: \(preview.exceeds ?? "").",
        mend: "Somebody else than who previewed it approves it, named with --by.")
    case .needsFinance(let preview):
      Failure(
        .needsApproval,
        "Above the limit a plan is approved by finance: \(preview.exceeds ?? "").",
        mend: "Name a member whose role is finance or admin with --by.")
    case .otherPreview(let current):
      Failure(
        .busy, "The preview was replaced by \(current.id).", mend: "Look at that one first.")
    case .changed:
      Failure(
        .busy, "The plan is no longer the one that was previewed.", mend: "Preview it again.")
    case .busy: PeriodOptions.busy
    case .unknown, .repeated, .approved: PeriodOptions.unknown(context)
    }
  }
}
