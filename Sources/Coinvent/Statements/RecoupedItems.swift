import Ledger
import Postgres

/// The advances and costs that a product's sales paid back into, as of a settlement.
struct RecoupedItems: Sendable {
  let names: [String]
  /// Of products that pay back each other's; then it names those, and not each item.
  var isCollateral = false
  /// All together, in nanos.
  let amount: Int128
  /// What of it was not paid back after the settlement; a nano for each pool may be cut off.
  let open: Int128

  var words: String {
    let quoted = names.map { "“\($0)”" }.joined(separator: ", ")
    return isCollateral ? "all advances and costs of products in \(quoted)" : quoted
  }

  /// Where settlements took from pools, or may have.
  /// - Parameter products: nil: all.
  static func all(_ settlements: [UUID], _ products: [UUID]?, in db: some Queryable) async throws
    -> [SettledPlace: RecoupedItems]
  {
    let collateral = try await collateral(in: db)
    let wanted = products.map { Array(Set($0).union(collateral.map(\.product))) }
    let sums = try await sums(settlements, wanted, in: db)
    let items = try await named(
      by: Set(sums.map(\.place.product)).union(collateral.map(\.product)), in: db)
    var found: [SettledPlace: RecoupedItems] = [:]
    for (settlement, sums) in Dictionary(grouping: sums, by: \.place.settlement) {
      guard let plannedAt = sums.first?.plannedAt else { continue }
      var names: [ProductID: Set<String>] = [:]
      for named in collateral where named.isKnown(at: plannedAt) {
        names[ProductID(uuid: named.product), default: []].insert(named.name)
      }
      var groups: [UUID: [UUID]] = [:]
      for group in CollateralGroups.of(names) {
        for product in group { groups[product.uuid] = group.map(\.uuid) }
      }
      let recouped = Dictionary(
        sums.map { ($0.place, $0.recouped) }, uniquingKeysWith: { first, _ in first })
      for sum in sums {
        let group = groups[sum.place.product] ?? [sum.place.product]
        let counted = group.flatMap { start(items[$0] ?? [], of: sum) }
        if counted.isEmpty { continue }
        let amount = counted.reduce(0) { $0 + $1.nanos }
        let paid = group.reduce(Int128(0)) {
          let place = SettledPlace(
            product: $1, settlement: settlement, currency: sum.place.currency)
          return $0 + (recouped[place] ?? 0)
        }
        let shared = names[ProductID(uuid: sum.place.product)]?.sorted()
        found[sum.place] = RecoupedItems(
          names: shared ?? counted.map(\.name), isCollateral: shared != nil, amount: amount,
          open: amount - paid)
      }
    }
    return found
  }

  /// Those of a product that have begun. The version that named one first decides what it is.
  private static func start(_ items: [Named], of sum: Sum) -> [Named] {
    var names: Set<String> = []
    return items.filter {
      $0.isKnown(at: sum.plannedAt) && names.insert($0.name).inserted
        && $0.startsAt < sum.cutOff && $0.currency == sum.place.currency
    }
  }
}

extension RecoupedItems {
  /// What a product paid back until a settlement.
  private struct Sum {
    let place: SettledPlace
    let plannedAt: Timestamp
    let cutOff: Timestamp
    let recouped: Int128
  }

  private static func sums(_ settlements: [UUID], _ products: [UUID]?, in db: some Queryable)
    async throws -> [Sum]
  {
    try await db.all(
      """
      SELECT t.product_id, s.id, t.currency, s.planned_at, s.cut_off, sum(t.recouped)
      FROM settlements s
      JOIN settlements e ON e.planned_at <= s.planned_at
      JOIN settlement_terms t ON t.settlement_id = e.id
      WHERE s.id = ANY(\(settlements))
        AND (\(products)::uuid[] IS NULL OR t.product_id = ANY(\(products)))
      GROUP BY t.product_id, s.id, t.currency, s.planned_at, s.cut_off
      """, as: (UUID, UUID, String, Timestamp, Timestamp, Int128).self
    ).map {
      Sum(
        place: SettledPlace(product: $0.0, settlement: $0.1, currency: $0.2), plannedAt: $0.3,
        cutOff: $0.4, recouped: $0.5)
    }
  }

  /// A version of a contract that names a collateral.
  private struct Collateral {
    let product: UUID
    let version: Int32
    let createdAt: Timestamp
    let name: String

    func isKnown(at plannedAt: Timestamp) -> Bool { version == 1 || createdAt <= plannedAt }
  }

  private static func collateral(in db: some Queryable) async throws -> [Collateral] {
    try await db.all(
      """
      SELECT product_id, version, created_at, terms->>'collateral' FROM contracts
      WHERE terms->>'collateral' IS NOT NULL
      """, as: (UUID, Int32, Timestamp, String).self
    ).map { Collateral(product: $0.0, version: $0.1, createdAt: $0.2, name: $0.3) }
  }

  /// An advance or cost as a version of a contract has it.
  private struct Named: RowDecodable {
    let product: UUID
    let version: Int32
    let startsAt: Timestamp
    let createdAt: Timestamp
    let name: String
    let currency: String
    let nanos: Int128

    init(row: inout RowReader) throws {
      product = try row.next()
      version = try row.next()
      startsAt = try row.next()
      createdAt = try row.next()
      name = try row.next()
      currency = try row.next()
      nanos = try row.next()
    }

    func isKnown(at plannedAt: Timestamp) -> Bool { version == 1 || createdAt <= plannedAt }
  }

  /// In the order of versions. Contracts are not read whole: what is wrong with one elsewhere is
  /// found by others, and no reason to tell nothing.
  private static func named(by products: Set<UUID>, in db: some Queryable) async throws
    -> [UUID: [Named]]
  {
    let rows = try await db.all(
      """
      SELECT product_id, version, starts_at, created_at, item->>'name', item->>'currency',
        trunc((item->>'amount')::numeric * 1000000000)
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
