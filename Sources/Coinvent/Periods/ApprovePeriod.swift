import Postgres

public enum ApprovePeriodOutcome: Sendable {
  /// It is approved and posted already.
  case repeated(Period)
  /// Nil: the plan was empty, and nothing had to be posted.
  case approved(Period, SettlementSummary?)
  case unknown
  /// There is nothing to approve.
  case notPreviewed(Period)
  /// The plan is above the limit, and nobody is named who previewed it: nobody could be told from
  /// them.
  case makerUnnamed(PeriodPreview)
  /// The plan is above the limit, and whoever previewed it may not approve it alone. Nobody is
  /// named at all when the approval has no member.
  case needsAnother(PeriodPreview)
  /// The plan is above the limit, and whoever approves it is not of finance.
  case needsFinance(PeriodPreview)
  /// Another preview has replaced the one that was looked at.
  case otherPreview(PeriodPreview)
  /// The plan would not be the one that was previewed.
  case changed(PeriodPreview)
  /// A settlement, approval or publication is running.
  case busy
}

/// Says yes to a preview: it becomes a planned settlement, and that is posted.
public enum ApprovePeriod {
  /// - Parameter preview: the one that was looked at; nil: whichever is the latest.
  public static func run(
    _ name: String, preview: SettlementID? = nil, reason: String = "Approved.", by: MemberID?,
    at now: Timestamp = .now, pool: Pool,
    progress: @escaping @Sendable (Settle.Progress) -> Void = { _ in }
  ) async throws -> ApprovePeriodOutcome {
    try await SettlementLock.run(pool) { session in
      // An approval that was killed after its first transaction goes on here.
      try await Settle.finishEarlier(
        SettlementJobs(pool: pool, session: session), progress: progress)
      let approval = try await approve(
        name, preview: preview, reason: reason, by: by, at: now, in: session)
      switch approval {
      case .planned(let period, let id):
        progress(.planned(SettlementID(uuid: id)))
        try await Settle.finish(
          id, SettlementJobs(pool: pool, session: session), progress: progress)
        return .approved(
          period,
          try await SettlementSummary.of(
            SettlementID(uuid: id), resumed: nil, in: session))
      case .ended(let outcome): return outcome
      }
    } ?? .busy
  }

  private enum Approval: Sendable {
    case planned(Period, UUID)
    case ended(ApprovePeriodOutcome)
  }

  private struct Changed: Error {
    let preview: PeriodPreview
  }

  private static func approve(
    _ name: String, preview wanted: SettlementID?, reason: String, by: MemberID?,
    at now: Timestamp, in session: Session
  ) async throws -> Approval {
    do {
      return try await session.transaction { tx in
        guard let period = try await Period.lock(name, in: tx) else { return .ended(.unknown) }
        guard let preview = try await PeriodPreview.latest(of: period.id, in: tx) else {
          return .ended(.notPreviewed(period))
        }
        if let wanted, wanted != preview.id { return .ended(.otherPreview(preview)) }
        if period.state == .approved { return .ended(.repeated(period)) }
        guard period.state == .previewed else { return .ended(.notPreviewed(period)) }
        if preview.exceeds != nil, let no = try await refusal(preview, by: by, in: tx) {
          return .ended(no)
        }
        let isPlanned = try await plan(preview, in: tx)
        let move = MovePeriod(
          what: .approved, reason: reason, by: by, now: now, preview: preview,
          settlement: isPlanned ? preview.id.uuid : nil)
        let moved = try await move.run(period, to: .approved, in: tx)
        return isPlanned ? .planned(moved, preview.id.uuid) : .ended(.approved(moved, nil))
      }
    } catch let changed as Changed {
      return .ended(.changed(changed.preview))
    }
  }

  /// Why somebody may not approve a plan above the limit; nil when they may.
  private static func refusal(
    _ preview: PeriodPreview, by: MemberID?, in tx: Transaction
  ) async throws -> ApprovePeriodOutcome? {
    guard let maker = preview.madeBy else { return .makerUnnamed(preview) }
    guard let by, by != maker else { return .needsAnother(preview) }
    let role = try await tx.first(
      "SELECT role FROM members WHERE id = \(by.uuid)", as: Role.self)
    return role?.includes(.finance) == true ? nil : .needsFinance(preview)
  }

  /// Plans just what was previewed, or takes everything back.
  /// - Returns: whether there is anything to post.
  private static func plan(_ preview: PeriodPreview, in tx: Transaction) async throws -> Bool {
    let counted = try await LifetimePools.Scope.counted(in: tx)
    if let counted, counted.plannedAt >= preview.plannedAt { throw Changed(preview: preview) }
    let id = preview.id.uuid
    let isPlanned = try await PlanSettlement.plan(id, in: preview.scope, since: counted, in: tx)
    if try await PlanFacts.of(id, in: tx).sha256 != preview.sha256 {
      throw Changed(preview: preview)
    }
    if !isPlanned { return false }
    try await tx.execute(
      "UPDATE settlements SET period_id = \(preview.period.uuid) WHERE id = \(id)")
    return true
  }
}
