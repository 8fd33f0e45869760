import Ledger
import Postgres

/// Compares what each holder was credited of each pool with the exact share of it.
enum VerifyCredits {
  private static let name = "credits equal each holder's exact share"

  static func run(in tx: Transaction, progress: @Sendable (Int) -> Void) async throws
    -> Verify.Check
  {
    // Every (pool, holder) that should have something, beside every one that has.
    try await tx.execute(
      """
      DECLARE credits NO SCROLL CURSOR FOR
      SELECT product_id, contract_version, share_version, currency, member_id,
        coalesce(p.settled, 0), coalesce(p.ppb, 0), coalesce(c.credited, 0)
      FROM (
        SELECT p.product_id, p.contract_version, p.share_version, p.currency, t.member_id,
          p.settled - p.referred AS settled, t.ppb
        FROM pools p
        JOIN share_totals t ON t.product_id = p.product_id AND t.version = p.share_version
      ) AS p
      FULL JOIN (
        SELECT c.product_id, c.contract_version, c.share_version, c.currency,
          CASE t.from_kind WHEN 'product_pool' THEN t.to_owner ELSE t.from_owner END AS member_id,
          sum(CASE t.from_kind WHEN 'product_pool' THEN t.amount ELSE -t.amount END)::bigint
            AS credited
        FROM pool_changes c JOIN transfers t ON t.home = c.product_id AND t.cause = c.cause
        WHERE t.reason = 'credit' GROUP BY 1, 2, 3, 4, 5
      ) AS c USING (product_id, contract_version, share_version, currency, member_id)
      """)
    var rows = 0
    var finding: Finding?
    while finding == nil {
      let batch = try await tx.all(
        "FETCH 5000 FROM credits",
        as: (UUID, Int32, Int32, String, UUID, Int64, Int64, Int64).self)
      if batch.isEmpty { break }
      rows += batch.count
      finding = batch.lazy.compactMap(check).first
      progress(rows)
    }
    try await tx.execute("CLOSE credits")
    return Verify.Check(name: name, rows: rows, finding: finding)
  }

  private static func check(
    _ row: (UUID, Int32, Int32, String, UUID, Int64, Int64, Int64)
  ) -> Finding? {
    // 128 bits in one step, where posting uses two 64-bit steps; division truncates toward zero.
    let due = Int128(row.5) * Int128(row.6) / 1_000_000_000
    if due == Int128(row.7) { return nil }
    let holder = row.4 == Account.operator ? "the house" : MemberID(uuid: row.4).description
    return Finding(
      check: "credits",
      detail: "\(holder) was credited \(row.7) nanos of \(ProductID(uuid: row.0)) in \(row.3) "
        + "under contract \(row.1) and shares \(row.2); \(row.6) ppb of \(row.5) make \(due)")
  }
}
