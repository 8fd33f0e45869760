import Ledger
import Postgres

/// Makes the statements of some members, in the caller's transaction, and keeps their hashes.
///
/// The transaction sees one moment (`Isolation.repeatableRead`), so that what is owed, what has
/// moved it, and what no statement has said yet belong together.
enum MakeStatements {
  /// The books say something else than the statements that were made: nothing is published on it.
  struct DoesNotAddUp: Error, CustomStringConvertible {
    let member: MemberID
    let currency: String
    let expected: Int64
    let found: Int64
    var description: String {
      "the statement of \(member) comes to \(expected) nanos in \(currency), the balance is "
        + "\(found); run: coinvent verify"
    }
  }

  /// - Parameter facts: with the products of these members at least.
  /// - Returns: what statements are made of, of those who have one.
  @discardableResult
  static func run(_ ids: [UUID], _ facts: StatementFacts, in tx: Transaction) async throws
    -> [ComposeStatement]
  {
    let (period, version) = (facts.period, facts.version)
    // A plan for any members is one for all of them, and reads all of them.
    try await tx.execute("SET LOCAL plan_cache_mode = force_custom_plan")
    let madeAt = try await DatabaseClock.now(in: tx)
    try await keepMovements(ids, period, version, in: tx)
    try await keepBalances(ids, facts, in: tx)
    try await check(ids, period, version, in: tx)
    let made = try await ReadStatements.run(ids.map { ($0, madeAt) }, facts, in: tx)
      .filter { !$0.balances.isEmpty }
    try await tx.execute(
      """
      INSERT INTO statements (member_id, period_id, version, made_at, sha256)
      SELECT member_id, \(period.id.uuid), \(Int32(version)), \(madeAt), sha256
      FROM unnest(\(made.map(\.member.uuid))::uuid[],
                  \(made.map(\.statement.sha256))::bytea[]) AS made (member_id, sha256)
      """)
    return made
  }

  /// Transfers that no statement has: all but credits, which follow from the settlements.
  private static func keepMovements(
    _ ids: [UUID], _ period: Period, _ version: Int, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO statement_movements (member_id, cause, reason, currency, from_owner, to_owner,
                                       period_id, version, kind, amount, posted_at)
      SELECT home, cause, reason, currency, from_owner, to_owner, \(period.id.uuid),
        \(Int32(version)),
        CASE
          WHEN reason = 'pay' THEN 'paid'
          WHEN reason = 'bounce' THEN 'bounced'
          WHEN reason = 'hold' THEN 'fee'
          WHEN reason = 'refund' THEN 'fee_refund'
          WHEN reason = 'give' THEN 'given'
          WHEN 'tax_withheld' IN (from_kind, to_kind) THEN 'tax'
          ELSE 'adjustment'
        END, effect * amount, posted_at
      FROM (
        SELECT t.*,
          (to_owner = home AND to_kind IN ('member_payable', 'payout_in_flight'))::integer
          - (from_owner = home AND from_kind IN ('member_payable', 'payout_in_flight'))::integer
          AS effect
        FROM transfers t WHERE home = ANY(\(ids)) AND reason <> 'deliver'
      ) AS moved
      WHERE effect <> 0 AND NOT EXISTS (
        SELECT FROM statement_movements m
        WHERE (m.member_id, m.cause, m.reason, m.currency, m.from_owner, m.to_owner)
          = (moved.home, moved.cause, moved.reason, moved.currency, moved.from_owner,
             moved.to_owner))
      """)
  }

  /// One row for each currency in which anything was owed, moved or told; in a later version only
  /// of members for whom anything is new.
  private static func keepBalances(
    _ ids: [UUID], _ facts: StatementFacts, in tx: Transaction
  ) async throws {
    let (period, version, silent) = (facts.period, facts.version, facts.silent)
    try await tx.execute(
      """
      WITH opened AS (
        SELECT DISTINCT ON (b.member_id, b.currency) b.member_id, b.currency,
          b.closing AS opening
        FROM statement_balances b JOIN periods p ON p.id = b.period_id
        WHERE b.member_id = ANY(\(ids)) AND p.number < \(Int32(period.number))
        ORDER BY b.member_id, b.currency, p.number DESC, b.version DESC
      ), credited AS (
        SELECT home AS member_id, currency,
          sum(CASE WHEN to_kind = 'member_payable' THEN amount ELSE -amount END)::bigint
            AS credited,
          bool_or(s.statement_version = \(Int32(version))) AS is_new
        FROM transfers t JOIN settlements s ON s.id = t.cause
        WHERE home = ANY(\(ids)) AND reason = 'deliver' AND s.period_id = \(period.id.uuid)
          AND s.statement_version <= \(Int32(version))
        GROUP BY home, currency
      ), moved AS (
        SELECT member_id, currency, sum(amount)::bigint AS moved,
          bool_or(version = \(Int32(version))) AS is_new
        FROM statement_movements
        WHERE member_id = ANY(\(ids)) AND period_id = \(period.id.uuid)
          AND version <= \(Int32(version))
        GROUP BY member_id, currency
      ), silent AS (
        SELECT t.member_id, s.currency, bool_or(s.is_new) AS is_new
        FROM unnest(\(silent.map(\.product))::uuid[], \(silent.map(\.share))::integer[],
                    \(silent.map(\.currency))::text[],
                    \(silent.map { facts.isFirst($0.settlement) })::boolean[])
          AS s (product_id, version, currency, is_new)
        JOIN share_totals t ON t.product_id = s.product_id AND t.version = s.version
        WHERE t.member_id = ANY(\(ids))
        GROUP BY t.member_id, s.currency
      ), account AS (
        SELECT member_id, currency, coalesce(opening, 0) AS opening,
          coalesce(credited, 0) AS credited, coalesce(moved, 0) AS moved,
          coalesce(c.is_new, false) OR coalesce(m.is_new, false) OR coalesce(s.is_new, false)
            AS is_new,
          s.member_id IS NOT NULL AS is_told
        FROM opened FULL JOIN credited c USING (member_id, currency)
        FULL JOIN moved m USING (member_id, currency)
        FULL JOIN silent s USING (member_id, currency)
      ), told AS (
        SELECT member_id FROM account GROUP BY member_id
        HAVING bool_or(is_new) OR (\(version) = 1 AND bool_or(opening <> 0))
      )
      INSERT INTO statement_balances (member_id, period_id, version, currency, opening, credited,
                                      moved, closing, in_flight)
      SELECT member_id, \(period.id.uuid), \(Int32(version)), currency, opening, credited, moved,
        opening + credited + moved,
        coalesce((SELECT balance FROM balances b
                  WHERE b.owner = member_id AND b.kind = 'payout_in_flight'
                    AND b.currency = account.currency), 0)
      FROM account JOIN told USING (member_id)
      WHERE opening <> 0 OR is_new OR is_told OR credited <> 0 OR moved <> 0
      """)
  }

  /// What statements say is owed, with what later periods have credited already, is what the books
  /// say.
  private static func check(
    _ ids: [UUID], _ period: Period, _ version: Int, in tx: Transaction
  ) async throws {
    let wrong = try await tx.first(
      """
      WITH told AS (
        SELECT DISTINCT ON (b.member_id, b.currency) b.member_id, b.currency, b.closing
        FROM statement_balances b JOIN periods p ON p.id = b.period_id
        WHERE b.member_id = ANY(\(ids)) AND p.number <= \(Int32(period.number))
        ORDER BY b.member_id, b.currency, p.number DESC, b.version DESC
      ), later AS (
        SELECT home AS member_id, currency,
          sum(CASE WHEN to_kind = 'member_payable' THEN amount ELSE -amount END)::bigint AS credited
        FROM transfers t
        JOIN settlements s ON s.id = t.cause
        LEFT JOIN periods p ON p.id = s.period_id
        WHERE home = ANY(\(ids)) AND reason = 'deliver'
          AND (s.statement_version IS NULL OR p.number > \(Int32(period.number)))
        GROUP BY home, currency
      ), held AS (
        SELECT owner AS member_id, currency, sum(balance)::bigint AS balance
        FROM balances WHERE owner = ANY(\(ids)) GROUP BY owner, currency
      )
      SELECT member_id, currency, coalesce(t.closing, 0) + coalesce(l.credited, 0),
        coalesce(h.balance, 0)
      FROM told t FULL JOIN later l USING (member_id, currency)
      FULL JOIN held h USING (member_id, currency)
      WHERE coalesce(t.closing, 0) + coalesce(l.credited, 0) <> coalesce(h.balance, 0)
      ORDER BY member_id, currency LIMIT 1
      """, as: (UUID, String, Int64, Int64).self)
    if let (member, currency, expected, found) = wrong {
      throw DoesNotAddUp(
        member: MemberID(uuid: member), currency: currency, expected: expected, found: found)
    }
  }
}
