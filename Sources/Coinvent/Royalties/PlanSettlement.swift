import Postgres

/// What planning came to.
public enum PlanSettlementOutcome: Sendable, Equatable {
  /// An earlier settlement is not finished; it is to be finished first.
  case unfinished(UUID)
  case planned(UUID)
  /// Every pool is as posted.
  case nothingToDo
}

/// Decides what a settlement will change, before anything is posted.
enum PlanSettlement {
  /// - Parameter through: the last day whose sales count; nil for everything recorded. The cut-off
  ///   never moves back: sales that an earlier settlement counted stay counted.
  static func run(through: Day?, in session: Session) async throws -> PlanSettlementOutcome {
    let unfinished = try await session.first(
      "SELECT id FROM settlements WHERE state = 'planned'", as: UUID.self)
    if let unfinished { return .unfinished(unfinished) }
    let scope = try await session.transaction { tx in
      try await SettlementGate.close(in: tx)
      return try await self.scope(through: through, in: tx)
    }
    let id = UUID.v7(now: scope.plannedAt)
    let changed = try await session.transaction { tx in
      // A settlement that changes nothing leaves no row.
      let refers = try await LifetimeReferrals.exist(in: tx)
      var changes = try await findChanges(in: scope, in: tx)
      if refers { changes += try await findReferrals(in: scope, in: tx) }
      if changes == 0 { return 0 }
      try await tx.execute(
        """
        INSERT INTO settlements (id, state, horizon, cut_off, planned_at, steps)
        SELECT \(id), 'planned', \(scope.horizon), \(scope.cutOff), \(scope.plannedAt),
          count(*) / \(DeliverCredits.membersAtOnce) + 1
        FROM members
        """)
      if refers { return try await insertReferrals(of: id, in: tx) }
      return try await insertChanges(of: id, in: tx)
    }
    return changed == 0 ? .nothingToDo : .planned(id)
  }

  /// Leaves them in the temporary table `plan`.
  private static func findChanges(in scope: LifetimePools.Scope, in tx: Transaction) async throws
    -> Int64
  {
    // The planner knows nothing of spans of versions, takes them to leave few lines, and sorts what
    // is then all of them; hashing costs the same whatever their number. Rows that go straight into
    // a table are found by one processor, those of a new table by all.
    for setting in ["enable_sort = off", "enable_mergejoin = off", "work_mem = '64MB'"] {
      try await tx.execute("SET LOCAL \(unsafeSQL: setting)")
    }
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE plan ON COMMIT DROP AS
      SELECT * FROM (\(LifetimePools.changes(in: scope))) AS change
      """)
    return try await tx.one("SELECT count(*) FROM plan", as: Int64.self)
  }

  private static func insertChanges(of id: UUID, in tx: Transaction) async throws -> Int {
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

  /// Leaves changes of referrers' parts in the temporary table `referral_plan`.
  private static func findReferrals(in scope: LifetimePools.Scope, in tx: Transaction) async throws
    -> Int64
  {
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE referral_plan ON COMMIT DROP AS
      SELECT * FROM (\(LifetimeReferrals.changes(in: scope))) AS change
      """)
    return try await tx.one("SELECT count(*) FROM referral_plan", as: Int64.self)
  }

  /// Changes of pools, of referrers' parts, or of both; what pools keep for referrers is carried
  /// on.
  private static func insertReferrals(of id: UUID, in tx: Transaction) async throws -> Int {
    let changed = try await tx.execute(
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
    return changed
  }

  /// Fixes what counts. Call it inside the closed gate, or read-only for a preview.
  static func scope(through: Day?, in tx: Transaction) async throws -> LifetimePools.Scope {
    let horizon = try await tx.one(
      "SELECT last_value FROM sale_lines_arrival_seq", as: Int64.self)
    let (now, before, lastSale) = try await tx.one(
      """
      SELECT clock_timestamp(), (SELECT max(cut_off) FROM settlements),
        (SELECT max(sold_at) FROM sale_lines WHERE arrival <= \(horizon))
      """, as: (Timestamp, Timestamp?, Timestamp?).self)
    let asked =
      through.map { $0.adding(days: 1).start }
      ?? max(now, lastSale.map { $0 + .microseconds(1) } ?? now)
    return LifetimePools.Scope(
      horizon: horizon, cutOff: max(asked, before ?? asked), plannedAt: now)
  }
}
