import Ledger
import Postgres

/// The part of a plan for products that have a contract with terms: their lines are replayed, and
/// pools follow from the sums by `ExtendedPools`.
///
/// In the temporary tables of `LifetimeSums` it adds to `summed` and `sums`, and to `plan`; and it
/// leaves
/// - `replayed (product_id)`: those with new lines or rules
/// - `replayed_parts`: of those the referrers' parts, with the columns of `referral_sums`
/// - `computed (product_id)` and `computed_pools`: lifetime figures in nanos, of products whose
///   pool can be another than before
enum ExtendedPlan {
  /// Products in one go: their monthly sums are in memory together.
  private static let batch = 200

  static func find(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws {
    try await makeTables(in: tx)
    let products = try await tx.all(
      "SELECT product_id FROM extended ORDER BY product_id", as: UUID.self
    ).map(ProductID.init)
    if products.isEmpty { return }
    try await findReplayed(in: scope, since: counted, in: tx)
    let groups = CollateralGroups.of(try await collateral(products, in: scope, in: tx))
    var index = 0
    while index < groups.count {
      var chosen: [[ProductID]] = []
      while index < groups.count, chosen.reduce(0, { $0 + $1.count }) < batch {
        chosen.append(groups[index])
        index += 1
      }
      try await find(chosen, in: scope, in: tx)
    }
    try await insertPlan(in: tx)
  }

  private static func makeTables(in tx: Transaction) async throws {
    try await tx.execute(
      "CREATE TEMPORARY TABLE replayed (product_id uuid PRIMARY KEY) ON COMMIT DROP")
    try await tx.execute(
      "CREATE TEMPORARY TABLE computed (product_id uuid PRIMARY KEY) ON COMMIT DROP")
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE replayed_parts (LIKE referral_sums) ON COMMIT DROP
      """)
    try await tx.execute(
      """
      CREATE TEMPORARY TABLE computed_pools (
        product_id uuid, contract_version integer, share_version integer, currency text,
        pool bigint, reserved bigint, released bigint, recouped bigint, advanced bigint,
        guaranteed bigint
      ) ON COMMIT DROP
      """)
  }

  /// Those with lines that arrived since or were withdrawn, or that the cut-off has reached, or
  /// with newer rules. A sale that arrives counts even when it was sold after the cut-off: a return may point at it.
  private static func findReplayed(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws {
    guard let counted else {
      try await tx.execute("INSERT INTO replayed SELECT product_id FROM extended")
      return
    }
    try await tx.execute(
      """
      INSERT INTO replayed
      SELECT DISTINCT s.product_id
      FROM sale_lines s JOIN extended USING (product_id)
      WHERE s.arrival <= \(scope.horizon)
        AND (s.arrival > \(counted.horizon)
          OR (s.sold_at >= \(counted.cutOff) AND s.sold_at < \(scope.cutOff)))
      UNION
      SELECT DISTINCT s.product_id
      FROM \(Withdrawals.lines(after: counted.horizon, through: scope.horizon)) AS s
      JOIN extended USING (product_id)
      UNION
      SELECT product_id FROM (\(CountedRules.changed(in: scope))) AS changed
      JOIN extended USING (product_id)
      """)
  }

  private static func collateral(
    _ products: [ProductID], in scope: LifetimePools.Scope, in tx: Transaction
  ) async throws -> [ProductID: Set<String>] {
    let rows = try await tx.all(
      """
      SELECT product_id, terms->>'collateral' FROM contracts JOIN extended USING (product_id)
      WHERE terms ? 'collateral' AND (version = 1 OR created_at <= \(scope.plannedAt))
      """, as: (UUID, String).self)
    var names = Dictionary(uniqueKeysWithValues: products.map { ($0, Set<String>()) })
    for (product, name) in rows { names[ProductID(uuid: product), default: []].insert(name) }
    return names
  }

  /// Replays and computes some groups.
  private static func find(
    _ groups: [[ProductID]], in scope: LifetimePools.Scope, in tx: Transaction
  ) async throws {
    let products = groups.flatMap(\.self)
    let contracts = try await ReadContracts.all(of: products, by: scope.plannedAt, in: tx)
    let shares = try await ShareSpan.all(of: products, by: scope.plannedAt, in: tx)
    let replayed = Set(
      try await tx.all(
        "SELECT product_id FROM replayed WHERE product_id = ANY(\(products.map(\.uuid)))",
        as: UUID.self
      ).map(ProductID.init))
    if !replayed.isEmpty {
      try await replay(Array(replayed), contracts, shares, in: scope, in: tx)
    }
    let due = groups.filter { group in
      group.contains { replayed.contains($0) || (contracts[$0] ?? []).contains(where: \.isTimed) }
    }
    if due.isEmpty { return }
    let earned = try await earned(due.flatMap(\.self), in: tx)
    for group in due {
      let pooled = group.map {
        PooledProduct(
          id: $0, contracts: contracts[$0] ?? [], shares: shares[$0] ?? [],
          earned: earned[$0] ?? [:])
      }
      let pools = try ExtendedPools.of(pooled, cutOff: scope.cutOff)
      try await insertComputed(group, pools, in: tx)
    }
  }

  private static func replay(
    _ products: [ProductID], _ contracts: [ProductID: [DatedContract]],
    _ shares: [ProductID: [ShareSpan]], in scope: LifetimePools.Scope, in tx: Transaction
  ) async throws {
    let replay = ReplaySales(scope: scope, contracts: contracts, shares: shares)
    let ids = products.map(\.uuid)
    // Plain sums are hashed; a replay is in order.
    try await tx.execute("SET LOCAL enable_sort = on")
    try await replay.run("SELECT unnest(\(ids)) AS product_id", in: tx) { product, replay in
      try await insertSums(product, replay.sums, in: tx)
      try await insertParts(product, replay.referred, in: tx)
    }
    try await tx.execute("SET LOCAL enable_sort = off")
    try await tx.execute(
      "INSERT INTO summed SELECT unnest(\(ids))")
  }

  private static func insertSums(
    _ product: ProductID, _ sums: [EarnedSum.Key: EarnedSum], in tx: Transaction
  ) async throws {
    let rows = sums.filter { $0.value != EarnedSum() }
    if rows.isEmpty { return }
    let (keys, values) = (rows.map(\.key), rows.map(\.value))
    try await tx.execute(
      """
      INSERT INTO sums (product_id, contract_version, share_version, currency, channel, territory,
                        format, rate_ppm, month, units, base, earned)
      SELECT \(product.uuid), *
      FROM unnest(\(keys.map { Int32($0.bucket.contract) })::integer[],
                  \(keys.map { Int32($0.bucket.share) })::integer[],
                  \(keys.map(\.bucket.currency))::text[], \(keys.map(\.place.channel))::text[],
                  \(keys.map(\.place.territory))::text[], \(keys.map(\.place.format))::text[],
                  \(keys.map(\.rate))::bigint[], \(keys.map(\.month.firstDay))::date[],
                  \(values.map(\.units))::bigint[], \(values.map(\.base))::numeric[],
                  \(values.map(\.earned))::numeric[])
      """)
  }

  /// Cut to the stored unit, which changes no part: both cuts are toward zero.
  private static func insertParts(
    _ product: ProductID, _ parts: [Replay.Referred: Int128], in tx: Transaction
  ) async throws {
    let rows = parts.mapValues { $0 / 1_000_000 }.filter { $0.value != 0 }
    if rows.isEmpty { return }
    let keys = rows.map(\.key)
    try await tx.execute(
      """
      INSERT INTO replayed_parts
        (product_id, contract_version, share_version, currency, member_id, part)
      SELECT \(product.uuid), *
      FROM unnest(\(keys.map { Int32($0.bucket.contract) })::integer[],
                  \(keys.map { Int32($0.bucket.share) })::integer[],
                  \(keys.map(\.bucket.currency))::text[], \(keys.map(\.member))::uuid[],
                  \(rows.map(\.value))::numeric[])
      """)
  }

  /// By month: of replayed products as they are now, of others as they are stored.
  private static func earned(_ products: [ProductID], in tx: Transaction) async throws
    -> [ProductID: [PoolBucket: [Month: Int128]]]
  {
    let ids = products.map(\.uuid)
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, month, sum(earned)
      FROM (
        SELECT product_id, contract_version, share_version, currency, month, earned FROM sums
        WHERE product_id = ANY(\(ids))
        UNION ALL
        SELECT product_id, contract_version, share_version, currency, month, earned
        FROM earned_sums e
        WHERE product_id = ANY(\(ids))
          AND NOT EXISTS (SELECT FROM replayed r WHERE r.product_id = e.product_id)
      ) AS sum GROUP BY product_id, contract_version, share_version, currency, month
      """, as: (UUID, Int32, Int32, String, Day, Int128).self)
    var earned: [ProductID: [PoolBucket: [Month: Int128]]] = [:]
    for (product, contract, share, currency, month, sum) in rows {
      let bucket = PoolBucket(contract: Int(contract), share: Int(share), currency: currency)
      earned[ProductID(uuid: product), default: [:]][bucket, default: [:]][Month(of: month)] = sum
    }
    return earned
  }

  private static func insertComputed(
    _ group: [ProductID], _ pools: [ExtendedPools.Key: PoolReckoning], in tx: Transaction
  ) async throws {
    try await tx.execute("INSERT INTO computed SELECT unnest(\(group.map(\.uuid)))")
    if pools.isEmpty { return }
    let (keys, found) = (pools.map(\.key), pools.map(\.value))
    func nanos(_ part: KeyPath<PoolReckoning, Int128>) throws -> [Int64] {
      try found.map {
        guard let nanos = PoolReckoning.nanos($0[keyPath: part]) else { throw AmountOverflow() }
        return nanos
      }
    }
    try await tx.execute(
      """
      INSERT INTO computed_pools (product_id, contract_version, share_version, currency, pool,
                                  reserved, released, recouped, advanced, guaranteed)
      SELECT * FROM unnest(
        \(keys.map(\.product.uuid))::uuid[], \(keys.map { Int32($0.bucket.contract) })::integer[],
        \(keys.map { Int32($0.bucket.share) })::integer[],
        \(keys.map(\.bucket.currency))::text[], \(try nanos(\.payable))::bigint[],
        \(try nanos(\.reserved))::bigint[], \(try nanos(\.released))::bigint[],
        \(try nanos(\.recouped))::bigint[], \(try nanos(\.advanced))::bigint[],
        \(try nanos(\.guaranteed))::bigint[])
      """)
  }

  private static func insertPlan(in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO plan (product_id, contract_version, share_version, currency, before, after)
      SELECT product_id, contract_version, share_version, currency, coalesce(p.settled, 0),
        coalesce(c.pool, 0)
      FROM computed_pools c
      FULL JOIN (
        SELECT product_id, contract_version, share_version, currency, settled
        FROM pools JOIN computed USING (product_id)
      ) AS p USING (product_id, contract_version, share_version, currency)
      WHERE coalesce(p.settled, 0) <> coalesce(c.pool, 0)
      """)
  }

  /// Writes by how much each term changed, after the changes of pools.
  static func explain(_ settlement: UUID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO settlement_terms (product_id, settlement_id, contract_version, share_version,
                                    currency, earned, reserved, released, recouped, advanced,
                                    guaranteed)
      SELECT product_id, \(settlement), contract_version, share_version, currency,
        pool + reserved + recouped - advanced - guaranteed, reserved, released, recouped, advanced,
        guaranteed
      FROM (
        SELECT product_id, contract_version, share_version, currency, sum(pool)::bigint AS pool,
          sum(reserved)::bigint AS reserved, sum(released)::bigint AS released,
          sum(recouped)::bigint AS recouped, sum(advanced)::bigint AS advanced,
          sum(guaranteed)::bigint AS guaranteed
        FROM (
          SELECT product_id, contract_version, share_version, currency, 0::bigint AS pool,
            reserved, released, recouped, advanced, guaranteed
          FROM computed_pools
          UNION ALL
          SELECT product_id, contract_version, share_version, currency, 0, -reserved,
            -coalesce(released, 0), -recouped, -advanced, -guaranteed
          FROM settlement_terms JOIN computed USING (product_id)
          UNION ALL
          SELECT product_id, contract_version, share_version, currency, after - before, 0, 0, 0,
            0, 0
          FROM plan JOIN computed USING (product_id)
        ) AS side GROUP BY product_id, contract_version, share_version, currency
      ) AS change
      WHERE (pool, reserved, released, recouped, advanced, guaranteed) <> (0, 0, 0, 0, 0, 0)
      """)
  }
}

extension DatedContract {
  /// Whether the pool can change without a new line, just because time passes.
  fileprivate var isTimed: Bool {
    let further = terms.further
    return !further.items.isEmpty || !further.guarantees.isEmpty || further.reserve != nil
  }
}
