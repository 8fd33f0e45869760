import Ledger
import Postgres

/// Compares every referrer's posted part with a recount of the sales, with what pools have put
/// aside, and with the transfers that carried it.
enum VerifyReferrals {
  /// - Parameter parts: by pool and member, over what the last plan has seen, in millionths of a
  ///   millionth of a nano
  static func finding(
    _ parts: [RecountPools.Referred: Int128], in tx: Transaction
  ) async throws -> Finding? {
    if let finding = try await sums(parts, in: tx) { return finding }
    let recounted = parts.mapValues { $0 / 1_000_000_000_000 }
    let posted = try await dues(
      """
      SELECT product_id, contract_version, share_version, currency, member_id, settled, settled
      FROM referral_dues
      """, in: tx)
    // What is planned and not posted yet is expected to stand as it was before.
    let pending = try await dues(
      """
      SELECT r.product_id, r.contract_version, r.share_version, r.currency, r.member_id, r.before,
        r.after
      FROM referral_changes r
      JOIN pool_changes c
        USING (product_id, settlement_id, contract_version, share_version, currency)
      WHERE NOT c.posted
      """, in: tx)
    for key in Set(recounted.keys).union(posted.keys).sorted(by: order) {
      let wanted = recounted[key] ?? 0
      let stands = posted[key]?.after ?? 0
      let isRight =
        pending[key].map { Int128($0.after) == wanted && $0.before == stands }
        ?? (Int128(stands) == wanted)
      if !isRight { return wrong(key, "stands at \(stands) nanos; the sales make \(wanted)") }
    }
    return try await apart(in: tx)
  }

  /// The stored sums that parts are truncated from.
  private static func sums(_ parts: [RecountPools.Referred: Int128], in tx: Transaction)
    async throws -> Finding?
  {
    guard try await LifetimePools.Scope.counted(in: tx) != nil else { return nil }
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, member_id, part
      FROM referral_sums
      """, as: (UUID, Int32, Int32, String, UUID, Int128).self)
    let stored = Dictionary(
      rows.map { row in
        let key = RecountPools.Key(
          product: row.0, contract: row.1, share: row.2, currency: row.3)
        return (RecountPools.Referred(pool: key, member: row.4), row.5)
      }, uniquingKeysWith: +)
    for key in Set(parts.keys).union(stored.keys).sorted(by: order) {
      let (wanted, found) = (parts[key] ?? 0, stored[key] ?? 0)
      if wanted != found { return wrong(key, "adds up to \(found); the sales make \(wanted)") }
    }
    return nil
  }

  /// Pools against parts, and parts against transfers: by the database.
  private static func apart(in tx: Transaction) async throws -> Finding? {
    let pool = try await tx.first(
      """
      SELECT product_id, currency, p.referred::text, coalesce(d.settled, 0)::text
      FROM pools p LEFT JOIN (
        SELECT product_id, contract_version, share_version, currency, sum(settled) AS settled
        FROM referral_dues GROUP BY 1, 2, 3, 4
      ) AS d USING (product_id, contract_version, share_version, currency)
      WHERE p.referred <> coalesce(d.settled, 0) ORDER BY 1, 2 LIMIT 1
      """, as: (UUID, String, String, String).self)
    if let (product, currency, referred, settled) = pool {
      return Finding(
        check: "referrals",
        detail: "a pool of \(ProductID(uuid: product)) keeps \(referred) nanos \(currency) for "
          + "referrers, whose parts make \(settled)")
    }
    let carried = try await tx.first(
      """
      SELECT product_id, currency, member_id, coalesce(d.settled, 0)::text,
        coalesce(t.amount, 0)::text
      FROM (
        SELECT product_id, currency, member_id, sum(settled) AS settled FROM referral_dues
        GROUP BY 1, 2, 3
      ) AS d FULL JOIN (
        SELECT home AS product_id, currency,
          CASE from_kind WHEN 'product_pool' THEN to_owner ELSE from_owner END AS member_id,
          sum(CASE from_kind WHEN 'product_pool' THEN amount ELSE -amount END) AS amount
        FROM transfers WHERE reason = 'refer' GROUP BY 1, 2, 3
      ) AS t USING (product_id, currency, member_id)
      WHERE coalesce(d.settled, 0) <> coalesce(t.amount, 0) ORDER BY 1, 2, 3 LIMIT 1
      """, as: (UUID, String, UUID, String, String).self)
    return carried.map { product, currency, member, settled, amount in
      Finding(
        check: "referrals",
        detail: "\(MemberID(uuid: member)) was sent \(amount) nanos \(currency) as a referrer of "
          + "\(ProductID(uuid: product)); \(settled) are settled")
    }
  }

  private static func dues(_ query: Query, in tx: Transaction) async throws
    -> [RecountPools.Referred: (before: Int64, after: Int64)]
  {
    let rows = try await tx.all(
      query, as: (UUID, Int32, Int32, String, UUID, Int64, Int64).self)
    return Dictionary(
      rows.map { product, contract, share, currency, member, before, after in
        let key = RecountPools.Key(
          product: product, contract: contract, share: share, currency: currency)
        return (RecountPools.Referred(pool: key, member: member), (before, after))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func wrong(_ key: RecountPools.Referred, _ what: String) -> Finding {
    Finding(
      check: "referrals",
      detail: "the part of \(MemberID(uuid: key.member)) in the pool of "
        + "\(ProductID(uuid: key.pool.product)) in \(key.pool.currency) under contract "
        + "\(key.pool.contract) and shares \(key.pool.share) \(what)")
  }

  private static func order(_ a: RecountPools.Referred, _ b: RecountPools.Referred) -> Bool {
    (a.pool.product, a.pool.contract, a.pool.share, a.pool.currency, a.member)
      < (b.pool.product, b.pool.contract, b.pool.share, b.pool.currency, b.member)
  }
}
