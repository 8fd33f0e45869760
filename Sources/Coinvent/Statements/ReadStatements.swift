import Ledger
import Postgres

/// Reads what statements of some members are made of, and makes them. Every row that it reads is
/// one that never changes, so the same statements come out whenever it is done.
enum ReadStatements {
  /// - Parameters:
  ///   - members: with when each statement was made.
  ///   - facts: with the products of these members at least.
  /// - Returns: one for each member, in the same order; a statement takes more room than what it is
  ///   made of.
  static func run(
    _ members: [(id: UUID, madeAt: Timestamp)], _ facts: StatementFacts, in db: some Queryable
  ) async throws -> [ComposeStatement] {
    var made: [UUID: ComposeStatement] = [:]
    for (id, madeAt) in members {
      made[id] = ComposeStatement(facts: facts, member: MemberID(uuid: id), madeAt: madeAt)
    }
    let ids = members.map(\.id)
    try await credits(of: ids, facts, &made, in: db)
    try await referrals(of: ids, facts, &made, in: db)
    try await balances(of: ids, facts, &made, in: db)
    try await movements(of: ids, facts, &made, in: db)
    return members.compactMap { made[$0.id] }
  }

  /// The products whose settlements of the period credit a member.
  static func products(of member: UUID, _ period: Period, in db: some Queryable) async throws
    -> [UUID]
  {
    try await db.all(
      """
      SELECT DISTINCT c.product_id FROM settlements s
      JOIN (
        SELECT product_id, settlement_id FROM pool_changes
        UNION SELECT product_id, settlement_id FROM settlement_lines
        UNION SELECT product_id, settlement_id FROM settlement_terms
      ) AS c ON c.settlement_id = s.id
      WHERE s.period_id = \(period.id.uuid) AND (
        EXISTS (SELECT FROM share_totals t
                WHERE t.product_id = c.product_id AND t.member_id = \(member))
        OR EXISTS (SELECT FROM referral_changes r
                   WHERE r.product_id = c.product_id AND r.member_id = \(member)))
      """, as: UUID.self)
  }

  private static func credits(
    of ids: [UUID], _ facts: StatementFacts, _ made: inout [UUID: ComposeStatement],
    in db: some Queryable
  ) async throws {
    let rows = try await db.all(
      """
      SELECT member_id, product_id, version, ppb FROM share_totals WHERE member_id = ANY(\(ids))
      """, as: (UUID, UUID, Int32, Int64).self)
    for (member, product, version, ppb) in rows {
      for pool in facts.pools[StatementFacts.Shares(product: product, version: version)] ?? [] {
        made[member]?.credits.append(
          ComposeStatement.Credit(
            key: pool.key, ppb: ppb, before: pool.before, after: pool.after))
      }
    }
  }

  private static func referrals(
    of ids: [UUID], _ facts: StatementFacts, _ made: inout [UUID: ComposeStatement],
    in db: some Queryable
  ) async throws {
    let rows = try await db.all(
      """
      SELECT member_id, product_id, settlement_id, contract_version, share_version, currency,
        after - before
      FROM referral_changes
      WHERE member_id = ANY(\(ids)) AND settlement_id = ANY(\(Array(facts.settlements.keys)))
      """, as: (UUID, UUID, UUID, Int32, Int32, String, Int64).self)
    for row in rows {
      let key = PoolParts.Key(
        product: row.1, settlement: row.2, contract: row.3, share: row.4, currency: row.5)
      made[row.0]?.referrals.append(ComposeStatement.Referral(key: key, amount: row.6))
    }
  }

  private static func balances(
    of ids: [UUID], _ facts: StatementFacts, _ made: inout [UUID: ComposeStatement],
    in db: some Queryable
  ) async throws {
    guard let first = ids.min(), let last = ids.max() else { return }
    // Members who stand together: their rows of a period do, too. Each version before is looked up
    // by its whole key; a range of versions would walk through all members of them.
    let rows = try await db.all(
      """
      SELECT b.member_id, b.currency, b.opening, b.credited, b.moved, b.closing, b.in_flight,
        (SELECT a.closing FROM generate_series(b.version - 1, 1, -1) AS earlier (version)
         CROSS JOIN LATERAL (
           SELECT a.closing, a.version FROM statement_balances a
           WHERE a.period_id = b.period_id AND a.version = earlier.version
             AND a.member_id = b.member_id AND a.currency = b.currency
           OFFSET 0
         ) AS a ORDER BY a.version DESC LIMIT 1)
      FROM statement_balances b
      WHERE b.period_id = \(facts.period.id.uuid) AND b.version = \(Int32(facts.version))
        AND b.member_id >= \(first) AND b.member_id <= \(last)
      """, as: (UUID, String, Int64, Int64, Int64, Int64, Int64, Int64?).self)
    for row in rows {
      made[row.0]?.balances.append(
        ComposeStatement.Balance(
          currency: row.1, opening: row.2, credited: row.3, moved: row.4, closing: row.5,
          inFlight: row.6, closingBefore: row.7))
    }
  }

  private static func movements(
    of ids: [UUID], _ facts: StatementFacts, _ made: inout [UUID: ComposeStatement],
    in db: some Queryable
  ) async throws {
    let rows = try await db.all(
      """
      SELECT member_id, currency, kind, cause, amount, posted_at, version
      FROM statement_movements
      WHERE member_id = ANY(\(ids)) AND period_id = \(facts.period.id.uuid)
        AND version <= \(Int32(facts.version))
      """, as: (UUID, String, Statement.Movement.Kind, UUID, Int64, Timestamp, Int32).self)
    for row in rows {
      let isNew = facts.version > 1 && Int(row.6) == facts.version
      made[row.0]?.movements.append(
        (
          row.1,
          Statement.Movement(
            kind: row.2, cause: row.3, amount: row.4, at: row.5, isNew: isNew)
        ))
    }
  }
}
