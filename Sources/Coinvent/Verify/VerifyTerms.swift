import Ledger
import Postgres

/// What lies between what sales earned and the pools: each settlement's row adds up to its change
/// of the pool, what the lines of all earned leads to every pool, and the sums of all are a
/// recount's.
enum VerifyTerms {
  /// - Parameter recounted: when the last settlement was planned.
  static func finding(
    _ recounted: [RecountPools.Key: RecountTerms.Parts], in tx: Transaction
  ) async throws -> Finding? {
    guard try await LifetimePools.Scope.counted(in: tx) != nil else { return nil }
    if let finding = try await additions(in: tx) { return finding }
    if let finding = try await lines(in: tx) { return finding }
    if let finding = try await earned(in: tx) { return finding }
    return try await sums(recounted, in: tx)
  }

  private static func finding(
    _ settlement: UUID, _ product: UUID, _ pool: (String, Int32, Int32), _ detail: String
  ) -> Finding {
    Finding(
      check: "terms",
      detail: "settlement \(SettlementID(uuid: settlement)) of \(ProductID(uuid: product)) in "
        + "\(pool.0) under contract \(pool.1) and shares \(pool.2) \(detail)")
  }

  /// Earned - reserved - recouped + advanced + guaranteed is the change of the pool.
  private static func additions(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, currency, contract_version, share_version, told::text,
        changed::text
      FROM (
        SELECT settlement_id, product_id, currency, contract_version, share_version,
          t.earned::numeric - t.reserved - t.recouped + t.advanced + t.guaranteed AS told,
          coalesce(c.after::numeric - c.before, 0) AS changed
        FROM settlement_terms t
        FULL JOIN pool_changes c
          USING (product_id, settlement_id, contract_version, share_version, currency)
        WHERE t.product_id IS NOT NULL OR c.after <> c.before AND EXISTS (
          SELECT FROM contracts k JOIN settlements s ON s.id = c.settlement_id
          WHERE k.product_id = c.product_id AND k.terms IS NOT NULL
            AND (k.version = 1 OR k.created_at <= s.planned_at))
      ) AS part
      WHERE told IS DISTINCT FROM changed ORDER BY settlement_id, product_id LIMIT 1
      """, as: (UUID, UUID, String, Int32, Int32, String?, String).self)
    return row.map {
      finding(
        $0.0, $0.1, ($0.2, $0.3, $0.4),
        "has terms that add up to \($0.5 ?? "nothing"); the pool changed by \($0.6) nanos")
    }
  }

  /// A line is its base at its rate, but for minimums of units.
  private static func lines(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, l.product_id, currency, contract_version, share_version,
        concat_ws(' ', channel, nullif(territory, ''), nullif(format, '')), rate_ppm,
        l.base::text, l.earned::text
      FROM settlement_lines l
      LEFT JOIN contracts k ON k.product_id = l.product_id AND k.version = l.contract_version
      WHERE (k.version IS NULL OR l.earned <> l.base * l.rate_ppm)
        AND NOT coalesce(k.terms @? '$.rules[*].minimum_per_unit', false)
      ORDER BY settlement_id, l.product_id LIMIT 1
      """, as: (UUID, UUID, String, Int32, Int32, String, Int64, String, String).self)
    return row.map {
      finding(
        $0.0, $0.1, ($0.2, $0.3, $0.4),
        "says that a base of \($0.7) through \($0.5) at \($0.6) ppm earned \($0.8)")
    }
  }

  /// What all lines until then earned, and all terms, lead to the pool: exactly, and where parts
  /// are truncated one by one, to as many nanos.
  private static func earned(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT settlement_id, product_id, currency, contract_version, share_version, pool::text,
        (div(earned, \(RecountTerms.unit)) + net)::text
      FROM (
        SELECT settlement_id, product_id, currency, contract_version, share_version, s.planned_at,
          sum(moved) OVER until AS pool, sum(net) OVER until AS net,
          sum(earned) OVER until AS earned, bool_or(cut) OVER until AS cut
        FROM (
          SELECT settlement_id, product_id, currency, contract_version, share_version,
            sum(moved) AS moved, sum(net) AS net, sum(earned) AS earned, bool_or(cut) AS cut
          FROM (
            SELECT settlement_id, product_id, currency, contract_version, share_version,
              after::numeric - before AS moved, 0::numeric AS net, 0::numeric AS earned,
              false AS cut
            FROM pool_changes
            UNION ALL
            SELECT settlement_id, product_id, currency, contract_version, share_version, 0,
              advanced::numeric + guaranteed - reserved - recouped, 0, true
            FROM settlement_terms
            UNION ALL
            SELECT settlement_id, product_id, currency, contract_version, share_version, 0, 0,
              earned, false
            FROM settlement_lines
          ) AS part GROUP BY 1, 2, 3, 4, 5
        ) AS change JOIN settlements s ON s.id = settlement_id
        WINDOW until AS (PARTITION BY product_id, currency, contract_version, share_version
                         ORDER BY s.planned_at)
      ) AS told
      WHERE abs(pool - net - div(earned, \(RecountTerms.unit))) > CASE WHEN cut THEN 5 ELSE 0 END
      ORDER BY planned_at, product_id LIMIT 1
      """, as: (UUID, UUID, String, Int32, Int32, String, String).self)
    return row.map {
      finding(
        $0.0, $0.1, ($0.2, $0.3, $0.4),
        "leaves the pool at \($0.5) nanos; all lines and terms until then make \($0.6)")
    }
  }

  private static func sums(
    _ recounted: [RecountPools.Key: RecountTerms.Parts], in tx: Transaction
  ) async throws -> Finding? {
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, sum(reserved), sum(recouped),
        sum(advanced), sum(guaranteed),
        CASE WHEN bool_and(released IS NOT NULL) THEN sum(released) END
      FROM settlement_terms GROUP BY 1, 2, 3, 4
      """, as: (UUID, Int32, Int32, String, Int128, Int128, Int128, Int128, Int128?).self)
    var told: [RecountPools.Key: [Int128]] = [:]
    for row in rows {
      let key = RecountPools.Key(
        product: row.0, contract: row.1, share: row.2, currency: row.3)
      told[key] = [row.4, row.5, row.6, row.7] + (row.8.map { [$0] } ?? [])
    }
    let none = [Int128](repeating: 0, count: 5)
    for key in Set(told.keys).union(recounted.keys).sorted(by: order) {
      let found = told[key] ?? none
      // Without the last one where a settlement is from before it was kept.
      let wanted = Array(figures(recounted[key] ?? RecountTerms.Parts()).prefix(found.count))
      if found == wanted { continue }
      let names = ["reserved", "recouped", "advanced", "guaranteed", "released"]
      for (name, (found, wanted)) in zip(names, zip(found, wanted)) where found != wanted {
        return Finding(
          check: "terms",
          detail: "all settlements of \(ProductID(uuid: key.product)) in \(key.currency) under "
            + "contract \(key.contract) and shares \(key.share) \(name) \(found) nanos; the sales "
            + "make \(wanted)")
      }
    }
    return nil
  }

  private static func figures(_ parts: RecountTerms.Parts) -> [Int128] {
    [parts.reserved, parts.recouped, parts.advanced, parts.guaranteed, parts.released].map {
      $0 / RecountTerms.unit
    }
  }

  private static func order(_ a: RecountPools.Key, _ b: RecountPools.Key) -> Bool {
    (a.product, a.contract, a.share, a.currency) < (b.product, b.contract, b.share, b.currency)
  }
}
