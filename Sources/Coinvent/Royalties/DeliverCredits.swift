import Ledger
import Postgres

/// Carries a settlement's credits over to the members: one transfer a member and currency.
///
/// Products credit members' clearing accounts; this empties them into what is payable. Each side
/// balances on its own, so the two never need one transaction.
enum DeliverCredits {
  /// Members in one transaction, about.
  private static let batch: Int64 = 20_000

  /// How many steps the settlement needs; a member belongs to exactly one of them.
  static func steps(_ settlement: UUID, in session: Session) async throws -> Int64 {
    let members = try await session.one(
      """
      SELECT count(DISTINCT t.member_id)
      FROM pool_changes c
      JOIN share_totals t ON t.product_id = c.product_id AND t.version = c.share_version
      WHERE c.settlement_id = \(settlement)
      """, as: Int64.self)
    return members / batch + 1
  }

  /// Does one step; doing it again changes nothing.
  static func step(_ number: Int64, of steps: Int64, _ settlement: UUID, in session: Session)
    async throws
  {
    try await session.transaction { tx in
      try await tx.execute("SELECT 1 FROM settlements WHERE id = \(settlement) FOR UPDATE")
      try await tx.execute(
        """
        WITH net AS (
          SELECT member_id, currency, sum(amount)::bigint AS amount
          FROM (
            SELECT
              CASE t.to_kind WHEN 'clearing' THEN t.to_owner ELSE t.from_owner END AS member_id,
              t.currency, CASE t.to_kind WHEN 'clearing' THEN t.amount ELSE -t.amount END AS amount
            FROM pool_changes c JOIN transfers t ON t.home = c.product_id AND t.cause = c.cause
            WHERE c.settlement_id = \(settlement) AND t.reason = 'credit'
              AND 'clearing' IN (t.to_kind, t.from_kind)
          ) AS credit
          WHERE (uuid_hash(member_id)::bigint + 2147483648) % \(steps) = \(number)
          GROUP BY member_id, currency HAVING sum(amount) <> 0
        ), delivered AS (
          INSERT INTO transfers (home, cause, reason, from_kind, from_owner, to_kind, to_owner,
                                 currency, amount, posted_at)
          SELECT member_id, \(settlement), 'deliver',
            CASE WHEN amount > 0 THEN 'clearing' ELSE 'member_payable' END::account_kind,
            member_id,
            CASE WHEN amount > 0 THEN 'member_payable' ELSE 'clearing' END::account_kind,
            member_id, currency, abs(amount), clock_timestamp()
          FROM net
          ON CONFLICT DO NOTHING
          RETURNING home, currency,
            CASE to_kind WHEN 'member_payable' THEN amount ELSE -amount END AS change
        )
        INSERT INTO balances AS b (owner, kind, currency, balance)
        SELECT home, 'member_payable', currency, change FROM delivered ORDER BY home, currency
        ON CONFLICT (owner, kind, currency) DO UPDATE SET balance = b.balance + excluded.balance
        """)
    }
  }

  /// Closes the settlement; throws when a clearing account is not empty.
  static func close(_ settlement: UUID, in session: Session) async throws {
    try await session.transaction { tx in
      try await tx.execute("SELECT 1 FROM settlements WHERE id = \(settlement) FOR UPDATE")
      let torn = try await tx.first(
        """
        SELECT member_id FROM (
          SELECT CASE t.to_kind WHEN 'clearing' THEN t.to_owner ELSE t.from_owner END AS member_id,
            t.currency, CASE t.to_kind WHEN 'clearing' THEN t.amount ELSE -t.amount END AS amount
          FROM pool_changes c JOIN transfers t ON t.home = c.product_id AND t.cause = c.cause
          WHERE c.settlement_id = \(settlement) AND t.reason = 'credit'
            AND 'clearing' IN (t.to_kind, t.from_kind)
          UNION ALL
          SELECT t.home, t.currency,
            CASE t.to_kind WHEN 'clearing' THEN t.amount ELSE -t.amount END
          FROM transfers t
          WHERE t.cause = \(settlement) AND t.reason = 'deliver' AND t.home IN (
            SELECT s.member_id FROM pool_changes c
            JOIN share_totals s ON s.product_id = c.product_id AND s.version = c.share_version
            WHERE c.settlement_id = \(settlement))
        ) AS clearing
        GROUP BY member_id, currency HAVING sum(amount) <> 0 LIMIT 1
        """, as: UUID.self)
      if let torn { throw SettlementTorn(settlement: settlement, member: MemberID(uuid: torn)) }
      try await tx.execute(
        """
        UPDATE settlements SET state = 'done', done_at = clock_timestamp()
        WHERE id = \(settlement) AND state = 'planned'
        """)
    }
  }
}

/// A settlement whose credits and deliveries differ: something has written past the rules.
public struct SettlementTorn: Error, CustomStringConvertible {
  public let settlement: UUID
  public let member: MemberID
  public var description: String {
    "settlement \(settlement) credited \(member) another amount than it delivered; "
      + "run `coinvent verify` and do not pay out before it is clean"
  }
}
