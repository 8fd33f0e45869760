import Ledger
import Postgres

/// Follows every pool, and every referrer's part of it, from settlement to settlement: each goes on
/// where the one before ended, was posted as it says, and ends where the pool stands.
enum VerifyHistory {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await strays(in: tx)
    if finding == nil { finding = try await counted(in: tx) }
    if finding == nil { finding = try await pools(in: tx) }
    if finding == nil { finding = try await referrals(in: tx) }
    if finding == nil { finding = try await posted(in: tx) }
    return Verify.Check(
      name: "pools went from settlement to settlement",
      rows: try await VerifyPostings.count("pool_changes", in: tx), finding: finding)
  }

  static func finding(_ settlement: UUID, _ product: UUID, _ detail: String) -> Finding {
    Finding(
      check: "history",
      detail:
        "settlement \(SettlementID(uuid: settlement)) of \(ProductID(uuid: product)) \(detail)"
    )
  }

  /// Rows of settlements, pools or changes that are not there.
  private static func strays(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, what FROM (
        SELECT settlement_id, product_id, 'change of a pool' AS what FROM pool_changes
        UNION ALL SELECT settlement_id, product_id, 'line' FROM settlement_lines
        UNION ALL SELECT settlement_id, product_id, 'line of terms' FROM settlement_terms
        UNION ALL SELECT settlement_id, product_id, 'sum of sales' FROM settlement_sales
      ) AS part
      WHERE NOT EXISTS (SELECT FROM settlements s WHERE s.id = settlement_id)
        OR NOT EXISTS (SELECT FROM products p WHERE p.id = product_id)
      UNION ALL
      SELECT settlement_id, product_id, 'change of a referrer''s part without one of the pool'
      FROM referral_changes r
      WHERE NOT EXISTS (
        SELECT FROM pool_changes c
        WHERE (c.product_id, c.settlement_id, c.contract_version, c.share_version, c.currency)
          = (r.product_id, r.settlement_id, r.contract_version, r.share_version, r.currency))
      LIMIT 1
      """, as: (UUID, UUID, String).self)
    return row.map { finding($0.0, $0.1, "has a \($0.2) that belongs to nothing") }
  }

  private static func pools(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, currency, contract_version, share_version,
        before::text || ' and ' || referred_before, earlier::text || ' and ' || earlier_referred
      FROM (
        SELECT c.*, s.planned_at, coalesce(lag(after) OVER pool, 0) AS earlier,
          coalesce(lag(referred_after) OVER pool, 0) AS earlier_referred
        FROM pool_changes c JOIN settlements s ON s.id = c.settlement_id
        WINDOW pool AS (PARTITION BY product_id, contract_version, share_version, currency
                        ORDER BY s.planned_at)
      ) AS change
      WHERE (before, referred_before) <> (earlier, earlier_referred)
      ORDER BY planned_at, product_id LIMIT 1
      """, as: (UUID, UUID, String, Int32, Int32, String, String).self)
    if let row {
      return finding(
        row.0, row.1,
        "begins a pool in \(row.2) under contract \(row.3) and shares \(row.4) at "
          + "\(row.5) nanos, where the one before left it at \(row.6)")
    }
    let end = try await tx.first(
      """
      SELECT product_id, currency, coalesce(p.settled, 0), coalesce(p.referred, 0),
        coalesce(c.after, 0), coalesce(c.referred_after, 0)
      FROM pools p FULL JOIN (
        SELECT DISTINCT ON (product_id, contract_version, share_version, currency) c.*
        FROM pool_changes c JOIN settlements s ON s.id = c.settlement_id WHERE posted
        ORDER BY product_id, contract_version, share_version, currency, s.planned_at DESC
      ) AS c USING (product_id, contract_version, share_version, currency)
      WHERE (p.settled, p.referred) IS DISTINCT FROM (c.after, c.referred_after)
      ORDER BY 1, 2 LIMIT 1
      """, as: (UUID, String, Int64, Int64, Int64, Int64).self)
    return end.map { product, currency, settled, referred, after, referredAfter in
      Finding(
        check: "history",
        detail: "a pool of \(ProductID(uuid: product)) stands at \(settled) nanos \(currency), "
          + "\(referred) of it for referrers; its settlements led to \(after) and "
          + "\(referredAfter)")
    }
  }

  private static func referrals(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, member_id, before, earlier
      FROM (
        SELECT r.*, s.planned_at, coalesce(lag(after) OVER part, 0) AS earlier
        FROM referral_changes r JOIN settlements s ON s.id = r.settlement_id
        WINDOW part AS (
          PARTITION BY product_id, contract_version, share_version, currency, member_id
          ORDER BY s.planned_at)
      ) AS change
      WHERE before <> earlier ORDER BY planned_at, product_id, member_id LIMIT 1
      """, as: (UUID, UUID, UUID, Int64, Int64).self)
    if let row {
      return finding(
        row.0, row.1,
        "begins the part of \(MemberID(uuid: row.2)) at \(row.3) nanos, where the "
          + "one before left it at \(row.4)")
    }
    let end = try await tx.first(
      """
      SELECT product_id, member_id, coalesce(d.settled, 0), coalesce(r.after, 0)
      FROM referral_dues d FULL JOIN (
        SELECT DISTINCT ON (product_id, contract_version, share_version, currency, member_id) r.*
        FROM referral_changes r
        JOIN pool_changes c
          USING (product_id, settlement_id, contract_version, share_version, currency)
        JOIN settlements s ON s.id = r.settlement_id WHERE c.posted
        ORDER BY product_id, contract_version, share_version, currency, member_id,
          s.planned_at DESC
      ) AS r USING (product_id, contract_version, share_version, currency, member_id)
      WHERE d.settled IS DISTINCT FROM r.after ORDER BY 1, 2 LIMIT 1
      """, as: (UUID, UUID, Int64, Int64).self)
    return end.map { product, member, settled, after in
      Finding(
        check: "history",
        detail: "the part of \(MemberID(uuid: member)) in a pool of \(ProductID(uuid: product)) "
          + "stands at \(settled) nanos; its settlements led to \(after)")
    }
  }

  /// What a change says of its referrers is what theirs say.
  private static func counted(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, c.referrals, coalesce(r.number, 0)
      FROM pool_changes c LEFT JOIN (
        SELECT product_id, settlement_id, contract_version, share_version, currency,
          count(*) AS number, sum(after - before) AS change
        FROM referral_changes GROUP BY 1, 2, 3, 4, 5
      ) AS r USING (product_id, settlement_id, contract_version, share_version, currency)
      WHERE (c.referrals, c.referred_after - c.referred_before)
        <> (coalesce(r.number, 0), coalesce(r.change, 0))
      ORDER BY settlement_id, product_id LIMIT 1
      """, as: (UUID, UUID, Int32, Int64).self)
    return row.map {
      finding(
        $0.0, $0.1, "changes the parts of \($0.2) referrers; \($0.3) are there, or other sums")
    }
  }

  /// Each posted change has the one transfer that it says.
  private static func posted(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, currency, after - before, coalesce(posted, 0)
      FROM (
        SELECT c.settlement_id, c.product_id, c.currency, c.before, c.after,
          CASE t.to_kind WHEN 'product_pool' THEN t.amount ELSE -t.amount END AS posted
        FROM pool_changes c
        LEFT JOIN transfers t ON t.home = c.product_id AND t.cause = c.cause AND t.reason = 'pool'
          AND t.currency = c.currency
        WHERE c.posted
      ) AS change
      WHERE after - before <> coalesce(posted, 0) ORDER BY settlement_id, product_id LIMIT 1
      """, as: (UUID, UUID, String, Int64, Int64).self)
    return row.map {
      finding(
        $0.0, $0.1, "changed a pool by \($0.3) nanos \($0.2); \($0.4) were posted")
    }
  }
}
