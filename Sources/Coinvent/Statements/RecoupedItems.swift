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
    let quoted = StatementSentence.quoted(names)
    return isCollateral ? "all advances and costs of products in \(quoted)" : quoted
  }

  /// Where settlements took from pools, or may have.
  /// - Parameter products: nil: all.
  static func all(_ settlements: [UUID], _ products: [UUID]?, in db: some Queryable) async throws
    -> [SettledPlace: RecoupedItems]
  {
    let shared = try await db.all(
      "SELECT DISTINCT product_id FROM contracts WHERE terms->>'collateral' IS NOT NULL",
      as: UUID.self)
    let wanted = products.map { Array(Set($0).union(shared)) }
    let sums = try await sums(settlements, wanted, in: db)
    let contracts = try await ReadContracts.readable(
      of: Set(sums.map(\.place.product)).union(shared).map(ProductID.init), in: db)
    var found: [SettledPlace: RecoupedItems] = [:]
    for sums in Dictionary(grouping: sums, by: \.place.settlement).values {
      guard let plannedAt = sums.first?.plannedAt else { continue }
      let known = contracts.mapValues { versions in
        versions.filter { $0.version == 1 || $0.createdAt <= plannedAt }
      }
      found.merge(told(sums, known)) { $1 }
    }
    return found
  }

  /// - Parameters:
  ///   - sums: of one settlement.
  ///   - contracts: the versions that it knew.
  private static func told(_ sums: [Sum], _ contracts: [ProductID: [DatedContract]])
    -> [SettledPlace: RecoupedItems]
  {
    let names = contracts.mapValues { Set($0.compactMap(\.terms.further.collateral)) }
      .filter { !$0.value.isEmpty }
    var groups: [ProductID: [ProductID]] = [:]
    for group in CollateralGroups.of(names) {
      for product in group { groups[product] = group }
    }
    let recouped = Dictionary(
      sums.map { ($0.place, $0.recouped) }, uniquingKeysWith: { first, _ in first })
    var found: [SettledPlace: RecoupedItems] = [:]
    for sum in sums {
      let product = ProductID(uuid: sum.place.product)
      let group = groups[product] ?? [product]
      let items = group.flatMap { (contracts[$0] ?? []).earliestItems }.filter {
        $0.contract.startsAt < sum.cutOff && $0.item.amount.currency.code == sum.place.currency
      }.map(\.item)
      if items.isEmpty { continue }
      let amount = items.reduce(Int128(0)) { $0 + Int128($1.amount.nanos) }
      let paid = group.reduce(Int128(0)) {
        let place = SettledPlace(
          product: $1.uuid, settlement: sum.place.settlement, currency: sum.place.currency)
        return $0 + (recouped[place] ?? 0)
      }
      let collateral = names[product]?.sorted()
      found[sum.place] = RecoupedItems(
        names: collateral ?? items.map(\.name), isCollateral: collateral != nil, amount: amount,
        open: amount - paid)
    }
    return found
  }

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
}
