import Ledger
import Postgres

/// What all statements of a period and version have in common.
struct StatementFacts: Sendable {
  let period: Period
  let version: Int
  /// See `Statement.format`.
  let format: Int
  /// Settlements by id: their place in time, and the version that they came with.
  let settlements: [UUID: (place: Int, version: Int)]
  /// Nil: it is the first period.
  let firstDay: Day?
  var names: [UUID: String] = [:]
  var parts: [PoolParts.Key: PoolParts] = [:]
  /// The pools that each of a product's share versions has a part in.
  var pools: [Shares: [Pool]] = [:]

  struct Shares: Hashable, Sendable {
    let product: UUID
    let version: Int32
  }

  /// What a settlement made of a pool, less referrers' parts, in nanos.
  struct Pool: Sendable {
    let key: PoolParts.Key
    let before: Int64
    let after: Int64
  }

  func isNew(_ settlement: UUID) -> Bool {
    version > 1 && settlements[settlement]?.version == version
  }

  func order(_ a: PoolParts.Key, _ b: PoolParts.Key) -> Bool {
    let places = (settlements[a.settlement]?.place ?? 0, settlements[b.settlement]?.place ?? 0)
    return (places.0, a.contract, a.share) < (places.1, b.contract, b.share)
  }

  /// - Parameter products: nil: all of the period.
  static func load(
    _ period: Period, version: Int, products: [UUID]?, in db: some Queryable
  ) async throws -> StatementFacts {
    let rows = try await db.all(
      """
      SELECT id, statement_version FROM settlements
      WHERE period_id = \(period.id.uuid) AND statement_version <= \(Int32(version))
      ORDER BY planned_at
      """, as: (UUID, Int32).self)
    let format = try await db.one(
      """
      SELECT format FROM publications
      WHERE period_id = \(period.id.uuid) AND version = \(Int32(version))
      """, as: Int16.self)
    var facts = StatementFacts(
      period: period, version: version, format: Int(format),
      settlements: Dictionary(
        rows.enumerated().map { ($0.element.0, ($0.offset, Int($0.element.1))) },
        uniquingKeysWith: { first, _ in first }),
      firstDay: try await period.firstDay(in: db))
    let ids = rows.map(\.0)
    try await facts.readNames(products, in: db)
    try await facts.readChanges(ids, products, in: db)
    if format > 1 { try await facts.readSilent(ids, products, in: db) }
    try await facts.readLines(ids, products, in: db)
    if format > 2 { try await facts.readContracts(in: db) }
    try await facts.readTerms(ids, products, in: db)
    try await LineSales.tell(&facts, ids, products, in: db)
    for key in facts.parts.keys {
      if let currency = Currency(key.currency) { facts.parts[key]?.tell(currency) }
    }
    return facts
  }

  private mutating func readNames(_ products: [UUID]?, in db: some Queryable) async throws {
    let rows = try await db.all(
      """
      SELECT product_id, name FROM statement_products
      WHERE period_id = \(period.id.uuid) AND version <= \(Int32(version))
        AND (\(products)::uuid[] IS NULL OR product_id = ANY(\(products)))
      ORDER BY version
      """, as: (UUID, String).self)
    for (product, name) in rows where names[product] == nil { names[product] = name }
  }

  private mutating func readChanges(_ ids: [UUID], _ products: [UUID]?, in db: some Queryable)
    async throws
  {
    let rows = try await db.all(
      """
      SELECT product_id, settlement_id, contract_version, share_version, currency, before, after,
        referred_before, referred_after
      FROM pool_changes
      WHERE settlement_id = ANY(\(ids)) AND posted
        AND (\(products)::uuid[] IS NULL OR product_id = ANY(\(products)))
      """, as: (UUID, UUID, Int32, Int32, String, Int64, Int64, Int64, Int64).self)
    for row in rows {
      let key = PoolParts.Key(
        product: row.0, settlement: row.1, contract: row.2, share: row.3, currency: row.4)
      let parts = PoolParts(change: row.6 - row.5, referred: row.8 - row.7)
      add(parts, Pool(key: key, before: row.5 - row.7, after: row.6 - row.8))
    }
  }

  private mutating func readSilent(_ ids: [UUID], _ products: [UUID]?, in db: some Queryable)
    async throws
  {
    let rows = try await db.all(
      """
      SELECT product_id, settlement_id, contract_version, share_version, currency FROM (
        \(SilentPools.query)
      ) AS told
      WHERE settlement_id = ANY(\(ids))
        AND (\(products)::uuid[] IS NULL OR product_id = ANY(\(products)))
      """, as: (UUID, UUID, Int32, Int32, String).self)
    for row in rows {
      let key = PoolParts.Key(
        product: row.0, settlement: row.1, contract: row.2, share: row.3, currency: row.4)
      add(PoolParts(change: 0, referred: 0), Pool(key: key, before: 0, after: 0))
    }
  }

  private mutating func add(_ parts: PoolParts, _ pool: Pool) {
    self.parts[pool.key] = parts
    let shares = Shares(product: pool.key.product, version: pool.key.share)
    pools[shares, default: []].append(pool)
  }

  private mutating func readLines(_ ids: [UUID], _ products: [UUID]?, in db: some Queryable)
    async throws
  {
    let rows = try await db.all(
      """
      SELECT product_id, settlement_id, contract_version, share_version, currency, channel,
        territory, format, rate_ppm, units, base, earned
      FROM settlement_lines
      WHERE settlement_id = ANY(\(ids))
        AND (\(products)::uuid[] IS NULL OR product_id = ANY(\(products)))
      ORDER BY channel COLLATE "C", territory COLLATE "C", format COLLATE "C", rate_ppm
      """,
      as: (
        UUID, UUID, Int32, Int32, String, String, String, String, Int64, Int64, Int128, Int128
      ).self)
    for row in rows {
      let key = PoolParts.Key(
        product: row.0, settlement: row.1, contract: row.2, share: row.3, currency: row.4)
      parts[key]?.lines.append(
        PoolLine(
          channel: row.5, territory: row.6, format: row.7, ratePPM: row.8, units: row.9,
          base: row.10, earned: row.11))
    }
  }

  private mutating func readContracts(in db: some Queryable) async throws {
    let told = try await ToldTerms.read(Array(Set(parts.keys.map(\.product))), in: db)
    for key in parts.keys {
      parts[key]?.told = told[ToldTerms.Version(product: key.product, version: key.contract)]
    }
  }

  private mutating func readTerms(_ ids: [UUID], _ products: [UUID]?, in db: some Queryable)
    async throws
  {
    let rows = try await db.all(
      """
      SELECT t.product_id, settlement_id, contract_version, share_version, currency, reserved,
        released, (c.terms->'reserve'->>'ppm')::bigint, recouped, advanced, guaranteed
      FROM settlement_terms t
      LEFT JOIN contracts c ON c.product_id = t.product_id AND c.version = t.contract_version
      WHERE settlement_id = ANY(\(ids))
        AND (\(products)::uuid[] IS NULL OR t.product_id = ANY(\(products)))
      """,
      as: (UUID, UUID, Int32, Int32, String, Int64, Int64?, Int64?, Int64, Int64, Int64).self)
    let items =
      format > 2 && rows.contains { $0.8 != 0 }
      ? try await RecoupedItems.all(ids, products, in: db) : [:]
    let held =
      format > 2 && rows.contains { $0.5 != 0 } ? try await held(ids, products, in: db) : [:]
    for row in rows {
      let key = PoolParts.Key(
        product: row.0, settlement: row.1, contract: row.2, share: row.3, currency: row.4)
      parts[key]?.terms = PoolParts.Terms(
        reserved: row.5, released: format > 1 ? row.6 : nil, reservePPM: row.7 ?? 0,
        recouped: row.8,
        items: items[
          SettledPlace(product: row.0, settlement: row.1, currency: row.4)],
        advanced: row.9, guaranteed: row.10, held: held[key])
    }
  }

  /// What reserves have after each settlement, in nanos.
  private func held(_ ids: [UUID], _ products: [UUID]?, in db: some Queryable) async throws
    -> [PoolParts.Key: Int64]
  {
    let rows = try await db.all(
      """
      SELECT t.product_id, s.id, t.contract_version, t.share_version, t.currency,
        sum(t.reserved)::bigint
      FROM settlements s
      JOIN settlements e ON e.planned_at <= s.planned_at
      JOIN settlement_terms t ON t.settlement_id = e.id
      WHERE s.id = ANY(\(ids))
        AND (\(products)::uuid[] IS NULL OR t.product_id = ANY(\(products)))
      GROUP BY 1, 2, 3, 4, 5
      """, as: (UUID, UUID, Int32, Int32, String, Int64).self)
    return Dictionary(
      rows.map {
        (
          PoolParts.Key(
            product: $0.0, settlement: $0.1, contract: $0.2, share: $0.3, currency: $0.4), $0.5
        )
      }, uniquingKeysWith: { first, _ in first })
  }
}
