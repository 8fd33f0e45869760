import Ledger
import Postgres

public enum PreviewPeriodOutcome: Sendable {
  case previewed(PeriodPreview)
  case unknown
  /// It is past that: approved, published or closed.
  case notOpen(Period)
  /// Its last day is not over, and nobody said that this is meant.
  case notOver(Period)
  /// An earlier period is not approved yet.
  case earlierFirst(Period)
  /// A settlement, approval or publication is running.
  case busy
}

/// Computes what a settlement of a period would do and keeps it, so that it can be approved.
///
/// The plan is made just as it will be made on approval, and rolled back: what it follows from
/// (sales up to an arrival, contracts and shares up to a moment) never changes, so the same plan
/// can be made again, and the approval checks by its SHA-256 that it is.
public enum PreviewPeriod {
  /// A new preview replaces one that is not approved.
  ///
  /// A period that the policy opened is for settlements of what there is: as long as its month
  /// lasts, that counts, and not what may still come.
  /// - Parameter ahead: whether a period that is not over may be previewed. Reserves are released
  ///   and guarantees topped up as of its end, and the cut-off never moves back.
  public static func run(
    _ name: String, limits: ApprovalLimits = .none, by: MemberID?, ahead: Bool = true, pool: Pool,
    progress: @escaping @Sendable (Settle.Progress) -> Void = { _ in }
  ) async throws -> PreviewPeriodOutcome {
    try await SettlementLock.run(pool) { session in
      try await Settle.finishEarlier(
        SettlementJobs(pool: pool, session: session), progress: progress)
      guard let period = try await Period.find(name, in: session) else { return .unknown }
      guard period.state == .open || period.state == .previewed else { return .notOpen(period) }
      if let first = try await Period.inWork(in: session), first.number < period.number {
        return .earlierFirst(first)
      }
      let isOver = period.through < (try await DatabaseClock.now(in: session)).day
      if !isOver && !ahead && !period.isAutomatic { return .notOver(period) }
      let scope = try await PlanSettlement.scope(
        through: isOver || ahead ? period.through : nil, in: session)
      let preview = try await record(
        scope, limits: limits, by: by, in: session
      ) { _ in period.id }
      return .previewed(preview)
    } ?? .busy
  }

  /// Thrown to undo a plan after its facts were read.
  private struct Undo: Error {
    let facts: PlanFacts
  }

  /// - Parameter period: which one, found or opened in the transaction that keeps the preview.
  static func record(
    _ scope: LifetimePools.Scope, limits: ApprovalLimits, by: MemberID?, in session: Session,
    of period: @Sendable (Transaction) async throws -> PeriodID
  ) async throws -> PeriodPreview {
    let id = UUID.v7(now: scope.plannedAt)
    let counted = try await LifetimePools.Scope.counted(in: session)
    let facts: PlanFacts
    do {
      facts = try await session.transaction { tx in
        _ = try await PlanSettlement.plan(id, in: scope, since: counted, in: tx)
        throw Undo(facts: try await PlanFacts.of(id, in: tx))
      }
    } catch let undone as Undo {
      facts = undone.facts
    }
    let exceeds = limits.exceeded(by: facts.totals)
    return try await session.transaction { tx in
      let period = try await period(tx)
      let preview = try await tx.one(
        """
        INSERT INTO period_previews (id, period_id, made_by, horizon, cut_off, planned_at,
                                     plan_sha256, changes, exceeds)
        VALUES (\(id), \(period.uuid), \(by?.uuid), \(scope.horizon), \(scope.cutOff),
                \(scope.plannedAt), \(facts.sha256), \(Int64(facts.pools.count)), \(exceeds))
        RETURNING \(PeriodPreview.columns)
        """, of: PeriodPreview.self)
      try await keep(facts.pools, of: id, in: tx)
      guard let locked = try await Period.lock(period.description, in: tx) else {
        preconditionFailure("a period is gone")
      }
      _ = try await MovePeriod(
        what: .previewed, reason: exceeds ?? "\(facts.pools.count) pools would change.", by: by,
        now: scope.plannedAt, preview: preview
      ).run(locked, to: .previewed, in: tx)
      return preview
    }
  }

  private static func keep(_ pools: [PlanFacts.Pool], of id: UUID, in tx: Transaction) async throws
  {
    try await tx.execute(
      """
      INSERT INTO preview_pools (product_id, preview_id, contract_version, share_version, currency,
                                 before, after)
      SELECT product_id, \(id), contract_version, share_version, currency, before, after
      FROM unnest(\(pools.map(\.product))::uuid[], \(pools.map(\.contractVersion))::integer[],
                  \(pools.map(\.shareVersion))::integer[], \(pools.map(\.currency))::text[],
                  \(pools.map(\.before))::bigint[], \(pools.map(\.after))::bigint[])
        AS pool (product_id, contract_version, share_version, currency, before, after)
      """)
  }
}
