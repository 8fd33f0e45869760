import Ledger
import Postgres

/// Makes the statements of some members, in the caller's transaction.
///
/// The transaction sees one moment (`Isolation.repeatableRead`), so that what is owed, what has
/// moved it, and what no statement has said yet belong together. One statement of the database does
/// all of it, and reads no more of the books than what came since the last publication.
struct MakeStatements {
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

  /// Whose statements are made.
  enum Members: Sendable {
    case one(MemberID)
    /// Those of a step (`MemberSteps`).
    case step(Int, of: Int)

    func have(_ column: StaticString) -> Query {
      switch self {
      case .one(let member): "\(unsafeSQL: "\(column)") = \(member.uuid)"
      case .step(let number, let all):
        MemberSteps.has(column, Int64(number), of: Int64(all))
      }
    }
  }

  let period: Period
  let publication: Publication
  let settlements: StatementSettlements

  /// - Returns: how many members have a statement now.
  func run(_ members: Members, in tx: Transaction) async throws -> Int64 {
    // A plan for any moment and members is one for all of them, and reads all of the books. The
    // planner takes what came since for a few rows, and would sort what it can hash.
    for setting in [
      "plan_cache_mode = force_custom_plan", "enable_sort = off", "work_mem = '64MB'",
    ] { try await tx.execute("SET LOCAL \(unsafeSQL: setting)") }
    let row = try await tx.one(
      statement(members), as: (Int64, UUID?, String?, Int64?, Int64?).self)
    if let member = row.1, let currency = row.2, let expected = row.3, let found = row.4 {
      throw DoesNotAddUp(
        member: MemberID(uuid: member), currency: currency, expected: expected, found: found)
    }
    return row.0
  }

  private func statement(_ members: Members) -> Query {
    let version = Int32(publication.version)
    return """
      WITH moved AS (
        \(movements(members))
      ), part AS (
        \(before(members))
        UNION ALL
        SELECT home, currency, 0, \(MakeStatements.credit), 0, 0, 0, 0, true, false
        FROM transfers t
        WHERE \(settlements.new.deliver) AND \(members.have("home"))
        UNION ALL
        SELECT member_id, currency, 0, 0, amount, 0, 0, 0, true, false FROM moved
        \(later(members))
        \(silent(members))
        UNION ALL
        SELECT owner, currency, 0, 0, 0, 0, balance,
          CASE WHEN kind = 'payout_in_flight' THEN balance ELSE 0 END, false, false
        FROM balances WHERE \(members.have("owner"))
      ), account AS MATERIALIZED (
        SELECT member_id, currency, sum(opening)::bigint AS opening,
          sum(credited)::bigint AS credited, sum(moved)::bigint AS moved,
          sum(later)::bigint AS later, sum(held)::bigint AS held,
          sum(in_flight)::bigint AS in_flight, bool_or(is_new) AS is_new,
          bool_or(is_silent) AS is_silent
        FROM part GROUP BY member_id, currency
      ), told AS MATERIALIZED (
        SELECT DISTINCT member_id FROM account
        WHERE is_new OR (\(version) = 1 AND opening <> 0)
      ), kept AS (
        INSERT INTO statement_balances (member_id, period_id, version, currency, opening, credited,
                                        moved, closing, in_flight, made_at)
        SELECT member_id, \(period.id.uuid), \(version), currency, opening, credited, moved,
          opening + credited + moved, in_flight, statement_timestamp()
        FROM account JOIN told USING (member_id)
        WHERE opening <> 0 OR is_new OR is_silent OR credited <> 0 OR moved <> 0
        ORDER BY member_id
      ), wrong AS (
        SELECT member_id, currency, opening + credited + moved + later AS expected, held
        FROM account WHERE opening + credited + moved + later <> held
        ORDER BY member_id, currency LIMIT 1
      )
      SELECT made, member_id, currency, expected, held
      FROM (SELECT count(*) AS made FROM told) AS counted LEFT JOIN wrong ON true
      """
  }

  /// By how much a settlement's transfer changed what a member is owed.
  private static let credit: Query =
    "CASE WHEN to_kind = 'member_payable' THEN amount ELSE -amount END"

  /// What was told before: by the version before, all of whose currencies are told again, or by the
  /// last published period before, which has a row of whatever was owed.
  private func before(_ members: Members) -> Query {
    let (figures, period): (Query, Query) =
      if publication.version > 1 {
        ("opening, credited, moved", "\(self.period.id.uuid)")
      } else {
        (
          "closing AS opening, 0 AS credited, 0 AS moved",
          """
          (SELECT id FROM periods p WHERE number < \(Int32(self.period.number))
             AND EXISTS (SELECT FROM publications u
                         WHERE u.period_id = p.id AND u.done_at IS NOT NULL)
           ORDER BY number DESC LIMIT 1)
          """
        )
      }
    return """
      SELECT member_id, currency, opening, credited, moved, 0 AS later, 0 AS held, 0 AS in_flight,
        false AS is_new, \(publication.version > 1) AS is_silent
      FROM (
        SELECT DISTINCT ON (member_id, currency) member_id, currency, \(figures)
        FROM statement_balances WHERE period_id = \(period) AND \(members.have("member_id"))
        ORDER BY member_id, currency, version DESC
      ) AS before
      """
  }

  /// Transfers that no statement has: all but credits, which follow from the settlements.
  private func movements(_ members: Members) -> Query {
    """
    INSERT INTO statement_movements (member_id, cause, reason, currency, from_owner, to_owner,
                                     period_id, version, kind, amount, posted_at)
    SELECT home, cause, reason, currency, from_owner, to_owner, \(period.id.uuid),
      \(Int32(publication.version)),
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
      FROM transfers t
      WHERE reason NOT IN ('pool', 'credit', 'deliver', 'refer')
        AND posted_at >= coalesce(\(settlements.movedSince), '-infinity')
        AND \(members.have("home"))
    ) AS moved
    WHERE effect <> 0 AND NOT EXISTS (
      SELECT FROM statement_movements m
      WHERE (m.member_id, m.cause, m.reason, m.currency, m.from_owner, m.to_owner)
        = (moved.home, moved.cause, moved.reason, moved.currency, moved.from_owner,
           moved.to_owner))
    RETURNING member_id, currency, amount
    """
  }

  /// What later periods have credited already: the books have it, and no statement yet.
  private func later(_ members: Members) -> Query {
    if settlements.later.ids.isEmpty { return "" }
    return """
      UNION ALL
      SELECT home, currency, 0, 0, 0, \(MakeStatements.credit), 0, 0, false, false
      FROM transfers t
      WHERE \(settlements.later.deliver) AND \(members.have("home"))
      """
  }

  /// Holders of pools that moved no money, and are told all the same; and those for whom something
  /// went down, which may be just what something else went up by.
  private func silent(_ members: Members) -> Query {
    if publication.format == 1 { return "" }
    return """
      UNION ALL
      SELECT t.member_id, s.currency, 0, 0, 0, 0, 0, 0,
        s.settlement_id = ANY(\(settlements.new.ids)), true
      FROM (
        SELECT product_id, settlement_id, share_version, currency FROM (
          \(SilentPools.query)
        ) AS unchanged
        WHERE settlement_id = ANY(\(settlements.told))
        UNION
        SELECT product_id, settlement_id, share_version, currency FROM pool_changes
        WHERE settlement_id = ANY(\(settlements.told)) AND posted
          AND before - referred_before >= after - referred_after
      ) AS s
      JOIN share_totals t ON t.product_id = s.product_id AND t.version = s.share_version
      WHERE t.member_id <> \(Account.operator) AND \(members.have("t.member_id"))
      UNION ALL
      SELECT member_id, currency, 0, 0, 0, 0, 0, 0,
        settlement_id = ANY(\(settlements.new.ids)), true
      FROM referral_changes
      WHERE settlement_id = ANY(\(settlements.told)) AND after < before
        AND \(members.have("member_id"))
      """
  }
}
