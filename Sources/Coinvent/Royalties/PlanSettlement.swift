import Postgres

/// What planning came to.
public enum PlanSettlementOutcome: Sendable, Equatable {
  /// An earlier settlement is not finished; it is to be finished first.
  case unfinished(UUID)
  case planned(UUID)
  /// Every pool is as posted.
  case nothingToDo
  /// Nothing was planned: such a plan has to be approved.
  case needsApproval(exceeds: String)
}

/// Decides what a settlement will change, before anything is posted.
enum PlanSettlement {
  /// - Parameter through: the last day whose sales count; nil for everything recorded as far as
  ///   `Foresight` looks. The cut-off never moves back: sales that an earlier settlement counted
  ///   stay counted.
  /// - Parameter limits: above which nothing is planned.
  static func run(
    through: Day?, limits: ApprovalLimits = .none, by: MemberID? = nil, in session: Session
  ) async throws -> PlanSettlementOutcome {
    let unfinished = try await session.first(
      "SELECT id FROM settlements WHERE state = 'planned'", as: UUID.self)
    if let unfinished { return .unfinished(unfinished) }
    let scope = try await scope(through: through, in: session)
    let counted = try await LifetimePools.Scope.counted(in: session)
    let id = UUID.v7(now: scope.plannedAt)
    do {
      let isPlanned = try await session.transaction { tx in
        guard try await plan(id, in: scope, since: counted, in: tx) else { return false }
        if let exceeds = limits.exceeded(by: try await PlanFacts.totals(id, in: tx)) {
          throw Exceeds(words: exceeds)
        }
        try await PeriodOfSettlement.attach(id, by: by, at: scope.plannedAt, in: tx)
        return true
      }
      return isPlanned ? .planned(id) : .nothingToDo
    } catch let exceeds as Exceeds {
      return .needsApproval(exceeds: exceeds.words)
    }
  }

  /// Thrown to undo a plan that is above a limit.
  private struct Exceeds: Error {
    let words: String
  }

  /// Fixes what the next plan counts.
  static func scope(through: Day?, in session: Session) async throws -> LifetimePools.Scope {
    try await catchUp(in: session)
    let counted = try await LifetimePools.Scope.counted(in: session)
    return try await session.transaction { tx in
      try await SettlementGate.close(in: tx)
      return try await LifetimePools.Scope.next(through: through, after: counted, in: tx)
    }
  }

  /// Books from before sums were stored: counts what each settlement has seen, one after the other,
  /// so that every one is explained by its own lines.
  private static func catchUp(in session: Session) async throws {
    while true {
      let counted = try await LifetimePools.Scope.counted(in: session)
      let next = try await session.first(
        """
        SELECT id, horizon, cut_off, planned_at FROM settlements
        WHERE state = 'done' AND planned_at > \(counted?.plannedAt ?? Timestamp(microseconds: 0))
        ORDER BY planned_at LIMIT 1
        """, as: (UUID, Int64, Timestamp, Timestamp).self)
      guard let (id, horizon, cutOff, plannedAt) = next else { return }
      let scope = LifetimePools.Scope(horizon: horizon, cutOff: cutOff, plannedAt: plannedAt)
      try await session.transaction { tx in
        let refers = try await find(in: scope, since: counted, in: tx)
        try await StoreSums.explain(id, in: tx)
        try await StoreSums.replace(in: scope, since: counted, refers: refers, in: tx)
      }
    }
  }

  /// Leaves what changes in the temporary tables `summed`, `sums` and `plan`.
  /// - Returns: whether referrers may have parts, then in `part_sums` and `referral_plan`
  static func find(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws -> Bool {
    try await LifetimePools.find(in: scope, since: counted, in: tx)
    let refers = try await LifetimeReferrals.exist(in: tx)
    if refers { try await LifetimeReferrals.find(in: scope, since: counted, in: tx) }
    return refers
  }

  /// Writes the plan and the sums that it follows from: what they come to follows from `scope`,
  /// from rows that never change, and from what is posted.
  /// - Returns: false when no pool and no referrer's part changes, which leaves no settlement
  static func plan(
    _ id: UUID, in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?,
    in tx: Transaction
  ) async throws -> Bool {
    let refers = try await find(in: scope, since: counted, in: tx)
    var changes = try await tx.one("SELECT count(*) FROM plan", as: Int64.self)
    if refers { changes += try await tx.one("SELECT count(*) FROM referral_plan", as: Int64.self) }
    if changes == 0 {
      // Sums that move no money yet wait for the settlement whose lines will explain them.
      if try await !StoreSums.differ(in: tx) {
        try await StoreSums.replace(in: scope, since: counted, refers: refers, in: tx)
      }
      return false
    }
    try await tx.execute(
      """
      INSERT INTO settlements (id, state, horizon, cut_off, planned_at, steps)
      SELECT \(id), 'planned', \(scope.horizon), \(scope.cutOff), \(scope.plannedAt),
        \(MemberSteps.number(for: "count(*)"))
      FROM members
      """)
    if refers {
      try await insertReferrals(of: id, in: tx)
    } else {
      try await insertChanges(of: id, in: tx)
    }
    try await StoreSums.explain(id, in: tx)
    try await ExtendedPlan.explain(id, in: tx)
    try await StoreSums.replace(in: scope, since: counted, refers: refers, in: tx)
    return true
  }

  private static func insertChanges(of id: UUID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO pool_changes (product_id, settlement_id, contract_version, share_version,
                                currency, cause, before, after)
      SELECT product_id, \(id), contract_version, share_version, currency,
        md5(concat_ws('/', \(id)::uuid, product_id, contract_version, share_version,
                      currency))::uuid,
        before, after
      FROM plan
      """)
  }

  /// Changes of pools, of referrers' parts, or of both; what pools keep for referrers is carried
  /// on.
  private static func insertReferrals(of id: UUID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO pool_changes (product_id, settlement_id, contract_version, share_version,
                                currency, cause, before, after, referred_before, referred_after,
                                referrals)
      SELECT product_id, \(id), contract_version, share_version, currency,
        md5(concat_ws('/', \(id)::uuid, product_id, contract_version, share_version,
                      currency))::uuid,
        coalesce(c.before, p.settled, 0), coalesce(c.after, p.settled, 0),
        coalesce(p.referred, 0), coalesce(p.referred, 0) + coalesce(r.change, 0),
        coalesce(r.number, 0)
      FROM plan c
      FULL JOIN (
        SELECT product_id, contract_version, share_version, currency,
          sum(after - before)::bigint AS change, count(*)::integer AS number
        FROM referral_plan GROUP BY 1, 2, 3, 4
      ) AS r USING (product_id, contract_version, share_version, currency)
      LEFT JOIN pools p USING (product_id, contract_version, share_version, currency)
      """)
    try await tx.execute(
      """
      INSERT INTO referral_changes (product_id, settlement_id, contract_version, share_version,
                                    currency, member_id, before, after)
      SELECT product_id, \(id), contract_version, share_version, currency, member_id, before, after
      FROM referral_plan
      """)
  }
}
