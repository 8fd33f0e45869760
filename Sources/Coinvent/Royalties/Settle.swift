import Ledger
import Postgres

/// What a settlement run came to.
public enum SettleOutcome: Sendable {
  /// Every pool is as posted. Sales that wait for locked shares are still named.
  case nothingToDo(waiting: [WaitingSales])
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
    case posted(batches: Int)
    case delivered(step: Int64, of: Int64)
  }

  /// - Parameters:
  ///   - through: the last day whose sales count; nil for everything recorded.
  ///   - limits: above which the plan is only previewed, until somebody approves it.
  ///   - by: who asks; nil: the rules, or somebody at the machine.
  public static func run(
    through: Day?, limits: ApprovalLimits = .none, by: MemberID? = nil, pool: Pool,
    progress: @Sendable (Progress) -> Void = { _ in }
  ) async throws -> SettleOutcome {
    try await SettlementLock.run(pool) { session in
      try await locked(through: through, limits: limits, by: by, in: session, progress: progress)
    } ?? .busy
  }

  private static func locked(
    through: Day?, limits: ApprovalLimits, by: MemberID?, in session: Session,
    progress: @Sendable (Progress) -> Void
  ) async throws -> SettleOutcome {
    let resumed = try await finishEarlier(in: session, progress: progress)
    if limits != .none, let waiting = try await waiting(in: session) {
      return .needsApproval(waiting.period, waiting.preview)
    }
    switch try await PlanSettlement.run(through: through, limits: limits, by: by, in: session) {
    case .unfinished:
      preconditionFailure("a settlement was planned under the lock of another")
    case .planned(let id):
      progress(.planned(SettlementID(uuid: id)))
      try await finish(id, in: session, progress: progress)
      return .settled(
        try await SettlementSummary.of(SettlementID(uuid: id), resumed: resumed, in: session))
    case .nothingToDo:
      guard let resumed else {
        return .nothingToDo(waiting: try await WaitingSales.all(in: session))
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
    in session: Session, progress: @Sendable (Progress) -> Void
  ) async throws -> SettlementID? {
    let unfinished = try await session.first(
      "SELECT id FROM settlements WHERE state = 'planned'", as: UUID.self)
    guard let unfinished else { return nil }
    progress(.resuming(SettlementID(uuid: unfinished)))
    try await finish(unfinished, in: session, progress: progress)
    return SettlementID(uuid: unfinished)
  }

  private static func finish(
    _ id: UUID, in session: Session, progress: @Sendable (Progress) -> Void
  ) async throws {
    var batches = 0
    while try await PostSettlement.step(id, in: session) {
      batches += 1
      progress(.posted(batches: batches))
    }
    let steps = try await DeliverCredits.steps(id, in: session)
    for number in 0..<steps {
      try await DeliverCredits.step(number, of: steps, id, in: session)
      progress(.delivered(step: number + 1, of: steps))
    }
    try await DeliverCredits.close(id, in: session)
  }
}
