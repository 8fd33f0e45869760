import Coinvent
import EventLoop
import JSON
import Postgres
import Rails

/// `coinvent worker`
enum WorkerCommand: Command {
  static let drain = Option.flag("drain", "Do what is due, then end.")

  static let spec = CommandSpec(
    "worker", summary: "Pay what is payable, decide gates that are due, and hand out notices.",
    examples: [
      Example("coinvent worker", "Until SIGINT or SIGTERM; any number may run."),
      Example("coinvent worker --drain", "For cron: once, then end."),
      Example("coinvent worker --drain --rail sandbox", "Through the sandbox provider."),
    ],
    options: [drain] + PayoutSettings.options + NoticeWork.options
      + [Setting.proofKeyFile.option], stopsGracefully: true,
    notes: [
      "First every member with enough payable and nothing on its way gets a payout; a member "
        + "whose last payout failed or came back has to ask (coinvent payouts request).",
      "An idea with enough votes goes to its next gate or qualifies, one that misses a deadline "
        + "expires; the votes that stand then are sealed (coinvent tally verify).",
      "Projects whose time is over are closed, and files that no entry uses are deleted.",
      "Ideas that a brief has hidden are opened once it has closed; who is to hear that a brief "
        + "has opened or closed is told.",
      "New votes are looked through for signals of rings and sock puppets (GET /v1/signals).",
      "With the csv rail the payouts are written to a file; mark them when they are paid: "
        + "coinvent payouts mark.",
      "Presales end on their day; commitments of those that reached their target are charged "
        + "through the provider at rail_url, and paid back when a presale is stopped.",
      "What has happened to ideas is handed out to who follows them, digests are made, and mails "
        + "are sent when smtp_url is set (coinvent mail list).",
      "Settlements get the hash tree of their lines, and the end of the chain is signed when "
        + "there is a key (coinvent proof key).",
      "With --drain it ends with 6 when there was nothing to do, and with 7 when a payout failed, "
        + "came back, or is still open, or a mail failed.",
    ])

  static func run(_ context: Context) async throws -> ExitCode {
    try await context.withPool(size: 12) { pool in
      let rails = PayoutSettings.rails(context)
      defer { rails.threads.stop() }
      let worker = PayoutWorker(
        pool: pool, provider: rails.provider, csv: rails.csv,
        settings: PayoutSettings.worker(context.settings),
        log: { line in if context.settings.logLevel <= .warning { context.output.remark(line) } })
      let presales = WorkerPresales.make(pool, context, threads: rails.threads)
      let stopper = Task {
        await context.stop.wait()
        worker.stop()
        presales.stop()
      }
      defer { stopper.cancel() }
      let notices = try await NoticeWork.make(pool, context, threads: rails.threads)
      guard context.has(drain) else {
        let beside = Task {
          async let told: Void = notices.keep()
          async let erased: Void = WorkerErasures.keep(pool, context)
          async let closed: Void = ProjectWork.keep(pool, context)
          async let charged: Void = presales.run()
          async let proven: Void = ProofWork.keep(pool, context)
          await keepGates(pool, context)
          await told
          await erased
          await closed
          await charged
          await proven
        }
        await worker.run()
        beside.cancel()
        await beside.value
        return .ok
      }
      let opened = try await openAnswers(pool)
      if opened > 0 { context.output.say(sentence(opened)) }
      var gates = AdvanceGates.Report()
      while true {
        let part = try await AdvanceGates.run(in: pool)
        if part.didNothing { break }
        gates += part
      }
      let watch = try await WatchVotes.run(in: pool)
      if !watch.didNothing { context.output.say(sentence(watch)) }
      let projects = try await ProjectWork.drain(pool)
      let erasures = try await WorkerErasures.drain(pool)
      let charged = try await presales.drain()
      let paid = try await worker.drain()
      let proof = try await ProofWork.pass(pool, context)
      if !proof.didNothing { context.output.say(ProofWork.sentence(proof)) }
      return report(
        paid, gates, opened, try await notices.drain(), erasures, projects, charged, proof, context)
    }
  }

  private static func openAnswers(_ pool: Pool) async throws -> Int {
    var opened = 0
    while true {
      let part = try await OpenAnswers.run(in: pool)
      if part == 0 { break }
      opened += part
    }
    _ = try await TellBriefs.run(in: pool)
    return opened
  }

  private static func sentence(_ opened: Int) -> String {
    "Briefs: \(opened) ideas opened, as their briefs have closed."
  }

  /// Looks after the gates and briefs until it is cancelled, through restarts of the database.
  private static func keepGates(_ pool: Pool, _ context: Context) async {
    while !Task.isCancelled {
      do {
        let watch = try await WatchVotes.run(in: pool)
        if !watch.didNothing, context.settings.logLevel <= .warning {
          context.output.remark(sentence(watch))
        }
        let opened = try await OpenAnswers.run(in: pool)
        if opened > 0 {
          if context.settings.logLevel <= .warning { context.output.remark(sentence(opened)) }
          continue
        }
        _ = try await TellBriefs.run(in: pool)
        let report = try await AdvanceGates.run(in: pool)
        if !report.didNothing {
          if context.settings.logLevel <= .warning { context.output.remark(sentence(report)) }
          continue
        }
        try await Task.sleep(for: context.settings.workerInterval)
      } catch is CancellationError {
        return
      } catch {
        if context.settings.logLevel <= .warning {
          context.output.remark("gates: \(error); trying again")
        }
        do { try await Task.sleep(for: .seconds(2)) } catch { return }
      }
    }
  }

  private static func sentence(_ watch: WatchVotes.Report) -> String {
    "Votes: \(watch.signals) signals are new or have grown, \(watch.held) were held."
  }

  private static func sentence(_ gates: AdvanceGates.Report) -> String {
    "Gates: \(gates.passed) passed, \(gates.qualified) qualified, \(gates.expired) expired, "
      + "\(gates.warned) warned."
  }

  private static func report(
    _ report: WorkerReport, _ gates: AdvanceGates.Report, _ opened: Int,
    _ notices: NoticeWork.Report, _ erasures: DueErasures.Report, _ projects: ProjectWork.Report,
    _ charged: ChargeReport, _ proof: KeepProof.Report,
    _ context: Context
  ) -> ExitCode {
    context.output.say("Payouts: \(report.sentence).")
    if !gates.didNothing { context.output.say(sentence(gates)) }
    if !notices.didNothing { context.output.say(notices.sentence) }
    if !erasures.didNothing { context.output.say(WorkerErasures.sentence(erasures)) }
    if !projects.didNothing { context.output.say(projects.sentence) }
    if !charged.didNothing { context.output.say(WorkerPresales.sentence(charged)) }
    for file in report.files { context.output.say("Pay from \(file)") }
    context.output.json([
      "made": .int(Int64(report.made)), "exported": .int(Int64(report.exported)),
      "files": .array(report.files.map { .string($0) }),
      "submitted": .int(Int64(report.submitted)), "paid": .int(Int64(report.paid)),
      "failed": .int(Int64(report.failed)), "returned": .int(Int64(report.returned)),
      "unknown": .int(Int64(report.unknown)),
      "contradictions": .int(Int64(report.contradictions)),
      "waiting": .int(Int64(report.waiting)),
      "gates": [
        "passed": .int(Int64(gates.passed)), "qualified": .int(Int64(gates.qualified)),
        "expired": .int(Int64(gates.expired)), "warned": .int(Int64(gates.warned)),
      ],
      "opened": .int(Int64(opened)), "notices": notices.json,
      "erasures": WorkerErasures.json(erasures), "projects": projects.json,
      "presales": WorkerPresales.json(charged), "proof": ProofWork.json(proof),
    ])
    if report.isPartial || notices.mails.failed > 0 || charged.isPartial { return .partial }
    let nothing =
      report.didNothing && gates.didNothing && opened == 0 && notices.didNothing
      && erasures.didNothing && projects.didNothing && charged.didNothing
      && proof.didNothing
    return nothing ? .nothingToDo : .ok
  }
}

/// What several commands need to know about payouts.
enum PayoutSettings {
  static let options = [
    Setting.payoutMinimum, .payouts, .rail, .railURL, .csvFolder, .workerInterval,
  ].map(\.option)

  static func policy(_ settings: Settings) -> PayoutPolicy {
    PayoutPolicy(
      minimum: settings.payoutMinimum, automatic: settings.payouts == .automatic,
      rail: settings.rail == .csv ? .csv : .provider)
  }

  static func worker(_ settings: Settings) -> PayoutWorker.Configuration {
    var worker = PayoutWorker.Configuration()
    worker.policy = policy(settings)
    worker.interval = settings.workerInterval
    return worker
  }

  struct Rails {
    let threads: BlockingPool
    let provider: ProviderClient
    let csv: CSVRail
  }

  static func rails(_ context: Context) -> Rails {
    let threads = BlockingPool(name: "rails", threads: 8, queueLimit: 1024)
    return Rails(
      threads: threads,
      provider: ProviderClient(
        address: context.settings.railURL, token: nil, patience: .seconds(10), threads: threads),
      csv: CSVRail(folder: context.settings.csvFolder, threads: threads))
  }
}
