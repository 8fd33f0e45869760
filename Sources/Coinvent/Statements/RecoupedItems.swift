import Ledger
import Postgres

/// The advances and costs that a product's sales paid back into, as of a settlement.
struct RecoupedItems: Sendable {
  let names: [String]
  /// All together, in nanos.
  let amount: Int128
  /// What of it was not paid back after the settlement; a nano for each pool may be cut off.
  let open: Int128

  struct Place: Hashable {
    let product: ProductID
    let settlement: UUID
    let currency: String
  }

  /// Where settlements took from pools. Products that share collateral have none: what one of them
  /// paid back is of another's advance.
  static func all(_ settlements: [UUID], _ products: [UUID]?, in db: some Queryable) async throws
    -> [Place: RecoupedItems]
  {
    let rows = try await db.all(
      """
      SELECT product_id, settlement_id, currency, planned_at, cut_off, recouped_until FROM (
        SELECT t.product_id, settlement_id, currency, s.planned_at, s.cut_off,
          sum(sum(recouped)) OVER (
            PARTITION BY t.product_id, currency ORDER BY s.planned_at)::bigint AS recouped_until
        FROM settlement_terms t JOIN settlements s ON s.id = t.settlement_id
        WHERE \(products)::uuid[] IS NULL OR t.product_id = ANY(\(products))
        GROUP BY t.product_id, settlement_id, currency, s.planned_at, s.cut_off
      ) AS told WHERE settlement_id = ANY(\(settlements))
      """, as: (UUID, UUID, String, Timestamp, Timestamp, Int64).self)
    let items = try await named(by: Set(rows.map(\.0)), in: db)
    var found: [Place: RecoupedItems] = [:]
    for (product, settlement, currency, plannedAt, cutOff, recouped) in rows {
      let known = (items[product] ?? []).filter { $0.version == 1 || $0.createdAt <= plannedAt }
      if known.contains(where: \.isCollateral) { continue }
      // The version that named it first decides what it is.
      var names: Set<String> = []
      let counted = known.filter {
        names.insert($0.name).inserted && $0.startsAt < cutOff && $0.currency == currency
      }
      if counted.isEmpty { continue }
      let amount = counted.reduce(0) { $0 + $1.nanos }
      let place = Place(
        product: ProductID(uuid: product), settlement: settlement, currency: currency)
      found[place] = RecoupedItems(
        names: counted.map(\.name), amount: amount, open: amount - Int128(recouped))
    }
    return found
  }

  /// An advance or cost as a version of a contract has it.
  private struct Named: RowDecodable {
    let product: UUID
    let version: Int32
    let startsAt: Timestamp
    let createdAt: Timestamp
    let isCollateral: Bool
    let name: String
    let currency: String
    let nanos: Int128

    init(row: inout RowReader) throws {
      product = try row.next()
      version = try row.next()
      startsAt = try row.next()
      createdAt = try row.next()
      isCollateral = try row.next()
      name = try row.next()
      currency = try row.next()
      nanos = try row.next()
    }
  }

  /// In the order of versions. Contracts are not read whole: what is wrong with one elsewhere is
  /// found by others, and no reason to tell nothing.
  private static func named(by products: Set<UUID>, in db: some Queryable) async throws
    -> [UUID: [Named]]
  {
    let rows = try await db.all(
      """
      SELECT product_id, version, starts_at, created_at, terms ? 'collateral', item->>'name',
        item->>'currency', trunc((item->>'amount')::numeric * 1000000000)
      FROM contracts
      CROSS JOIN (VALUES (1, 'advances'), (2, 'costs')) AS kind (rank, key)
      CROSS JOIN LATERAL jsonb_array_elements(
        CASE jsonb_typeof(terms->key) WHEN 'array' THEN terms->key ELSE '[]' END
      ) WITH ORDINALITY AS named (item, place)
      WHERE product_id = ANY(\(Array(products)))
        AND item->>'amount' ~ '^[0-9]{1,19}([.][0-9]{1,9})?$'
        AND num_nulls(item->>'name', item->>'currency') = 0
      ORDER BY product_id, version, rank, place
      """, of: Named.self)
    return Dictionary(grouping: rows, by: \.product)
  }
}
