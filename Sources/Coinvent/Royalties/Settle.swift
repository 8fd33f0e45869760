import Ledger
import Postgres

/// What a settlement run came to.
public enum SettleOutcome: Sendable {
  /// Every pool is as posted. Sales that wait for locked shares, or for their day, are still named.
  case nothingToDo(waiting: [WaitingSales], ahead: SalesAhead?)
  case settled(SettlementSummary)
  /// The plan is above a limit: it is kept as the period's preview, and waits for a yes.
  case needsApproval(Period, PeriodPreview)
  /// Another run holds the lock; it does the same work.
  case busy
}

/// Settles royalties: plans what changes, posts it product by product, and credits the members.
///
/// Safe to start twice, to kill at any point and to start again: the plan is committed before
/// anything is posted, each step is one transaction with natural keys, and the next run first
/// finishes what an earlier one left.
public enum Settle {
  /// What a run is doing, for people who wait.
  public enum Progress: Sendable {
    case resuming(SettlementID)
    case planned(SettlementID)
    case posted(products: Int, of: Int, remaining: Duration)
    case delivered(step: Int64, of: Int64)
  }

  /// - Parameters:
  ///   - through: the last day whose sales count, however far ahead; nil for everything recorded
  ///     as far as `Foresight` looks.
  ///   - limits: above which the plan is only previewed, until somebody approves it.
  ///   - by: who asks; nil: the rules, or somebody at the machine.
  ///   - jobs: on how many connections products are posted at once.
  public static func run(
    through: Day?, limits: ApprovalLimits = .none, by: MemberID? = nil, jobs: Int = 2, pool: Pool,
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> SettleOutcome {
    try await SettlementLock.run(pool) { session in
      try await locked(
        through: through, limits: limits, by: by,
        jobs: SettlementJobs(count: jobs, pool: pool, session: session), progress: progress)
    } ?? .busy
  }

  private static func locked(
    through: Day?, limits: ApprovalLimits, by: MemberID?, jobs: SettlementJobs,
    progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> SettleOutcome {
    let session = jobs.session
    let resumed = try await finishEarlier(jobs, progress: progress)
    if limits != .none, let waiting = try await waiting(in: session) {
      return .needsApproval(waiting.period, waiting.preview)
    }
    switch try await PlanSettlement.run(through: through, limits: limits, by: by, in: session) {
    case .unfinished:
      preconditionFailure("a settlement was planned under the lock of another")
    case .planned(let id):
      progress(.planned(SettlementID(uuid: id)))
      try await finish(id, jobs, progress: progress)
      return .settled(
        try await SettlementSummary.of(SettlementID(uuid: id), resumed: resumed, in: session))
    case .nothingToDo:
      guard let resumed else {
        return .nothingToDo(
          waiting: try await WaitingSales.all(in: session),
          ahead: try await SalesAhead.find(
            cutOff: through?.adding(days: 1).start, in: session))
      }
      return .settled(try await SettlementSummary.of(resumed, resumed: resumed, in: session))
    case .needsApproval:
      return try await preview(through: through, limits: limits, by: by, in: session)
    }
  }

  /// The preview that waits for a yes.
  private static func waiting(in session: Session) async throws -> (
    period: Period, preview: PeriodPreview
  )? {
    guard let period = try await Period.inWork(in: session), period.state == .previewed,
      let preview = try await PeriodPreview.latest(of: period.id, in: session)
    else { return nil }
    return (period, preview)
  }

  /// Keeps a plan that is above a limit as the preview of the period in work.
  private static func preview(
    through: Day?, limits: ApprovalLimits, by: MemberID?, in session: Session
  ) async throws -> SettleOutcome {
    let scope = try await PlanSettlement.scope(through: through, in: session)
    let preview = try await PreviewPeriod.record(scope, limits: limits, by: by, in: session) { tx in
      try await OpenPeriod.lock(in: tx)
      if let period = try await Period.inWork(in: tx) { return period.id }
      return try await PeriodOfSettlement.another(at: scope.plannedAt, in: tx).id
    }
    guard let period = try await Period.find(preview.period.description, in: session) else {
      preconditionFailure("a period is gone")
    }
    return .needsApproval(period, preview)
  }

  /// Finishes the settlement that an earlier run left, if any.
  @discardableResult
  static func finishEarlier(
    _ jobs: SettlementJobs, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> SettlementID? {
    let unfinished = try await jobs.session.first(
      "SELECT id FROM settlements WHERE state = 'planned'", as: UUID.self)
    guard let unfinished else { return nil }
    progress(.resuming(SettlementID(uuid: unfinished)))
    try await finish(unfinished, jobs, progress: progress)
    return SettlementID(uuid: unfinished)
  }

  /// Posts a planned settlement, or what is left of it, and closes it.
  static func finish(
    _ id: UUID, _ jobs: SettlementJobs, progress: @escaping @Sendable (Progress) -> Void
  ) async throws {
    try await PostSettlement.run(id, jobs) {
      progress(.posted(products: $0.posted, of: $0.of, remaining: $0.remaining))
    }
    try await DeliverCredits.run(id, jobs) { progress(.delivered(step: $0, of: $1)) }
    try await CheckSettlement.run(id, in: jobs.session)
    try await DeliverCredits.close(id, in: jobs.session)
  }
}
