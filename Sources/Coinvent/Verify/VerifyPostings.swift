import Ledger
import Postgres

/// Checks inside the books: sums of transfers against what is stored beside them.
enum VerifyPostings {
  /// Transfers into and out of each pool add up to what is settled, in every currency.
  static func pools(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT product_id, currency, coalesce(s.settled, 0)::text, coalesce(t.posted, 0)::text
      FROM (SELECT product_id, currency, sum(settled) AS settled FROM pools GROUP BY 1, 2) AS s
      FULL JOIN (
        SELECT home AS product_id, currency,
          sum(CASE to_kind WHEN 'product_pool' THEN amount ELSE -amount END) AS posted
        FROM transfers WHERE reason = 'pool' GROUP BY 1, 2
      ) AS t USING (product_id, currency)
      WHERE coalesce(s.settled, 0) <> coalesce(t.posted, 0)
      ORDER BY product_id, currency LIMIT 1
      """, as: (UUID, String, String, String).self)
    return Verify.Check(
      name: "transfers into pools add up to what is settled",
      rows: try await count("pools", in: tx),
      finding: row.map { product, currency, settled, posted in
        Finding(
          check: "postings",
          detail: "transfers gave \(ProductID(uuid: product)) \(posted) nanos \(currency); "
            + "\(settled) are settled")
      })
  }

  /// Every transfer names a cause that exists: a pool's change, a settlement, a payout or a fee.
  static func causes(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT t.home, t.cause, t.reason::text FROM transfers t
      WHERE CASE
        WHEN t.reason IN ('pool', 'credit', 'refer') THEN NOT EXISTS (
          SELECT 1 FROM pool_changes c
          WHERE c.product_id = t.home AND c.cause = t.cause AND c.posted
            AND c.currency = t.currency)
        WHEN t.reason = 'deliver' THEN NOT EXISTS (
          SELECT 1 FROM settlements s WHERE s.id = t.cause)
        WHEN t.reason IN ('reserve', 'pay', 'release', 'bounce') THEN NOT EXISTS (
          SELECT 1 FROM payouts p WHERE p.id = t.cause AND p.member_id = t.home)
        WHEN t.reason = 'give' THEN NOT EXISTS (
          SELECT 1 FROM erasures e WHERE e.member_id = t.home AND e.gives)
        WHEN t.reason IN ('capture', 'repay') THEN NOT EXISTS (
          SELECT 1 FROM commitments c WHERE c.product_id = t.home AND c.id = t.cause)
        WHEN t.reason IN ('hold', 'earn', 'refund') THEN NOT EXISTS (
          SELECT 1 FROM idea_fees f WHERE f.idea_id = t.cause AND f.member_id = t.home)
        ELSE false END
      LIMIT 1
      """, as: (UUID, UUID, String).self)
    return Verify.Check(
      name: "every transfer has its cause", rows: try await count("transfers", in: tx),
      finding: row.map { home, cause, reason in
        Finding(
          check: "causes",
          detail: "a \(reason) transfer of \(home) names \(cause), which is not there or in "
            + "another currency"
        )
      })
  }

  /// What products credited has reached the members; only a running settlement holds some back.
  static func clearing(finished: Bool, in tx: Transaction) async throws -> Verify.Check {
    let row =
      finished
      ? try await tx.first(
        """
        SELECT owner, currency, sum(amount)::text FROM (
          SELECT to_owner AS owner, currency, amount FROM transfers WHERE to_kind = 'clearing'
          UNION ALL
          SELECT from_owner, currency, -amount FROM transfers WHERE from_kind = 'clearing'
        ) AS c GROUP BY owner, currency HAVING sum(amount) <> 0 ORDER BY 1, 2 LIMIT 1
        """, as: (UUID, String, String).self) : nil
    return Verify.Check(
      name: "clearing accounts are empty", rows: try await count("balances", in: tx),
      finding: row.map { owner, currency, amount in
        Finding(
          check: "clearing",
          detail: "\(MemberID(uuid: owner)) has \(amount) nanos \(currency) in clearing, "
            + "and no settlement is running")
      })
  }

  /// Stored balances are the sums of their transfers.
  static func balances(in tx: Transaction) async throws -> Verify.Check {
    let row = try await tx.first(
      """
      SELECT owner, kind::text, currency, coalesce(b.balance, 0)::text, coalesce(s.total, 0)::text
      FROM balances b
      FULL JOIN (
        SELECT owner, kind, currency, sum(amount) AS total FROM (
          SELECT to_owner AS owner, to_kind AS kind, currency, amount FROM transfers
          UNION ALL
          SELECT from_owner, from_kind, currency, -amount FROM transfers
        ) AS m WHERE kind IN ('member_payable', 'payout_in_flight') GROUP BY 1, 2, 3
      ) AS s USING (owner, kind, currency)
      WHERE coalesce(b.balance, 0) <> coalesce(s.total, 0)
      ORDER BY owner, kind, currency LIMIT 1
      """, as: (UUID, String, String, String, String).self)
    return Verify.Check(
      name: "stored balances equal the sums of their transfers",
      rows: try await count("balances", in: tx),
      finding: row.map { owner, kind, currency, balance, total in
        Finding(
          check: "balances",
          detail: "\(kind) of \(MemberID(uuid: owner)) is stored as \(balance) nanos \(currency); "
            + "its transfers make \(total)")
      })
  }

  static func count(_ table: String, in tx: Transaction) async throws -> Int {
    try await tx.one("SELECT count(*) FROM \(unsafeSQL: table)", as: Int.self)
  }
}
