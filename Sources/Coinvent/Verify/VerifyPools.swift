import Ledger
import Postgres

/// Compares every posted pool with a recount of its sales.
enum VerifyPools {
  static func run(in tx: Transaction, progress: @Sendable (Int) -> Void) async throws
    -> Verify.Check
  {
    guard let scope = try await scope(in: tx) else { return try await nothingSettled(in: tx) }
    let recount = try await RecountPools.run(
      horizon: scope.horizon, cutOff: scope.cutOff, plannedAt: scope.plannedAt, in: tx,
      progress: progress)
    let (pools, lines) = (recount.pools, recount.lines)
    let posted = try await posted(in: tx)
    // What is planned and not posted yet is expected to stand as it was before.
    let pending = try await pending(in: tx)
    let keys = Set(pools.keys).union(posted.keys).sorted(by: order)
    for key in keys {
      let recounted = pools[key] ?? 0
      if let (before, after, settlement) = pending[key] {
        if Int128(after) != recounted {
          return wrong(
            lines, key, "is planned by settlement \(SettlementID(uuid: settlement)) to become",
            after, recounted)
        }
        if before != posted[key] ?? 0 {
          return wrong(
            lines, key, "stands, not posted by settlement \(SettlementID(uuid: settlement)), at",
            posted[key] ?? 0, Int128(before))
        }
      } else if Int128(posted[key] ?? 0) != recounted {
        return wrong(lines, key, "is posted as", posted[key] ?? 0, recounted)
      }
    }
    var finding = try await VerifyReferrals.finding(recount.referred, in: tx)
    if finding == nil { finding = try await VerifySums.finding(recount.sums, in: tx) }
    if finding == nil { finding = try await VerifyTerms.finding(recount.terms, in: tx) }
    return Verify.Check(
      name: "pools equal a recount of the sales", rows: lines, finding: finding)
  }

  /// What the last plan has seen; in books from before sums were stored, the last settlement.
  private static func scope(in tx: Transaction) async throws -> LifetimePools.Scope? {
    if let counted = try await LifetimePools.Scope.counted(in: tx) { return counted }
    return try await tx.first(
      "SELECT horizon, cut_off, planned_at FROM settlements ORDER BY planned_at DESC LIMIT 1",
      as: (Int64, Timestamp, Timestamp).self
    ).map { LifetimePools.Scope(horizon: $0.0, cutOff: $0.1, plannedAt: $0.2) }
  }

  private static func nothingSettled(in tx: Transaction) async throws -> Verify.Check {
    let pools = try await tx.one("SELECT count(*) FROM pools", as: Int64.self)
    return Verify.Check(
      name: "pools equal a recount of the sales", rows: 0,
      finding: pools == 0
        ? nil : Finding(check: "pools", detail: "\(pools) pools stand without a settlement"))
  }

  private static func wrong(
    _ lines: Int, _ key: RecountPools.Key, _ verb: String, _ found: Int64, _ expected: Int128
  ) -> Verify.Check {
    Verify.Check(
      name: "pools equal a recount of the sales", rows: lines,
      finding: Finding(
        check: "pools",
        detail: "the pool of \(ProductID(uuid: key.product)) in \(key.currency) under contract "
          + "\(key.contract) and shares \(key.share) \(verb) \(found) nanos; the sales make "
          + "\(expected)"))
  }

  private static func posted(in tx: Transaction) async throws -> [RecountPools.Key: Int64] {
    let rows = try await tx.all(
      "SELECT product_id, contract_version, share_version, currency, settled FROM pools",
      as: (UUID, Int32, Int32, String, Int64).self)
    return Dictionary(
      rows.map {
        (RecountPools.Key(product: $0.0, contract: $0.1, share: $0.2, currency: $0.3), $0.4)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func pending(in tx: Transaction) async throws
    -> [RecountPools.Key: (before: Int64, after: Int64, settlement: UUID)]
  {
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, before, after, settlement_id
      FROM pool_changes WHERE NOT posted
      """, as: (UUID, Int32, Int32, String, Int64, Int64, UUID).self)
    return Dictionary(
      rows.map { row in
        let key = RecountPools.Key(
          product: row.0, contract: row.1, share: row.2, currency: row.3)
        return (key, (row.4, row.5, row.6))
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func order(_ a: RecountPools.Key, _ b: RecountPools.Key) -> Bool {
    (a.product, a.contract, a.share, a.currency) < (b.product, b.contract, b.share, b.currency)
  }
}
