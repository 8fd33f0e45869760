import Ledger
import Postgres

/// Carries a settlement's credits over to the members: one transfer a member and currency.
///
/// Products credit members' clearing accounts; this empties them into what is payable. Each side
/// balances on its own, so the two never need one transaction.
enum DeliverCredits {
  /// Does all steps, some at once.
  /// - Parameter progress: called with how many are done, by one caller at a time
  static func run(
    _ settlement: UUID, _ jobs: SettlementJobs,
    progress: @escaping @Sendable (Int64, Int64) -> Void
  ) async throws {
    let all = try await steps(settlement, in: jobs.session)
    let numbers = WorkQueue(count: Int(all))
    try await jobs.run(atMost: Int(all)) { session in
      while let number = numbers.next() {
        try await step(Int64(number), of: all, settlement, in: session)
        numbers.finish { progress(Int64($0), all) }
      }
    }
  }

  /// How many steps the settlement has; a member belongs to exactly one of them.
  static func steps(_ settlement: UUID, in session: Session) async throws -> Int64 {
    try await session.one(
      "SELECT steps::bigint FROM settlements WHERE id = \(settlement)", as: Int64.self)
  }

  /// Does one step; doing it again changes nothing.
  ///
  /// What a member gets is computed from the plan and the shares, as the credits were: neither can
  /// change any more. `verify` compares the two row by row.
  static func step(_ number: Int64, of steps: Int64, _ settlement: UUID, in session: Session)
    async throws
  {
    try await session.transaction { tx in
      // Another run may be at it when a connection, and the lock with it, was lost.
      try await tx.execute(
        """
        SELECT pg_advisory_xact_lock(hashtextextended('deliver ' || \(settlement)::uuid, \(number)))
        """)
      let isDone = try await tx.one(
        """
        SELECT EXISTS (
          SELECT FROM deliveries WHERE settlement_id = \(settlement) AND step = \(number))
        """, as: Bool.self)
      if isDone { return }
      let refers = try await tx.one(
        """
        SELECT EXISTS (SELECT FROM referral_changes WHERE settlement_id = \(settlement))
        """, as: Bool.self)
      try await tx.execute("SET LOCAL work_mem = '64MB'")
      try await tx.execute(
        """
        WITH net AS MATERIALIZED (
          \(refers ? withReferrals(number, of: steps, settlement)
                    : shares(number, of: steps, settlement))
        ), owed AS MATERIALIZED (
          SELECT * FROM net WHERE amount <> 0 ORDER BY member_id, currency
        ), delivered AS (
          INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                                 currency, amount, posted_at)
          SELECT member_id, \(settlement), 'deliver',
            CASE WHEN amount > 0 THEN 'clearing' ELSE 'member_payable' END::account_kind,
            member_id,
            CASE WHEN amount > 0 THEN 'member_payable' ELSE 'clearing' END::account_kind,
            member_id, currency, abs(amount), clock_timestamp()
          FROM owed
        ), carried AS (
          INSERT INTO balances AS b (owner, kind, currency, balance)
          SELECT member_id, 'member_payable', currency, amount FROM owed
          ON CONFLICT (owner, kind, currency) DO UPDATE SET balance = b.balance + excluded.balance
        )
        INSERT INTO deliveries (settlement_id, step, currency, members, credited)
        SELECT \(settlement), \(number), currency, count(*), sum(amount)::bigint
        FROM owed GROUP BY currency
        """)
    }
  }

  /// What members of a step get for their shares, by currency.
  private static func shares(_ number: Int64, of steps: Int64, _ settlement: UUID) -> Query {
    """
    SELECT t.member_id, c.currency, sum(
      ((after / 1000000000) * ppb + (after % 1000000000) * ppb / 1000000000)
      - ((before / 1000000000) * ppb + (before % 1000000000) * ppb / 1000000000)
    )::bigint AS amount
    FROM (
      SELECT product_id, share_version, currency, before - referred_before AS before,
        after - referred_after AS after
      FROM pool_changes WHERE settlement_id = \(settlement)
    ) AS c
    JOIN share_totals t ON t.product_id = c.product_id AND t.version = c.share_version
    WHERE t.member_id <> \(Account.operator)
      AND \(MemberSteps.has("t.member_id", number, of: steps))
    GROUP BY t.member_id, c.currency
    """
  }

  /// That, and their parts as referrers.
  private static func withReferrals(_ number: Int64, of steps: Int64, _ settlement: UUID) -> Query {
    """
    SELECT member_id, currency, sum(amount)::bigint AS amount FROM (
      \(shares(number, of: steps, settlement))
      UNION ALL
      SELECT member_id, currency, after - before FROM referral_changes
      WHERE settlement_id = \(settlement)
        AND \(MemberSteps.has("member_id", number, of: steps))
    ) AS part GROUP BY member_id, currency
    """
  }

  /// Closes the settlement, whose steps are all done, and chains it.
  static func close(_ settlement: UUID, in session: Session) async throws {
    try await session.transaction { tx in
      try await tx.execute(
        """
        UPDATE settlements SET state = 'done', done_at = clock_timestamp()
        WHERE id = \(settlement) AND state = 'planned'
        """)
      try await ChainSettlement.run(SettlementID(uuid: settlement), in: tx)
    }
  }
}
