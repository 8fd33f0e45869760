import Ledger
import Postgres

/// Advances and costs of a group of products, and how they are paid back out of what it earns.
struct Recoupment {
  private struct Item {
    let product: ProductID
    let terms: RecoupItem
    /// The version that named it first.
    let contract: DatedContract
    var outstanding: Int128
  }

  private let group: [PooledProduct]
  private var items: [Item] = []

  /// Nothing has been paid back yet.
  init(_ group: [PooledProduct], cutOff: Timestamp) {
    self.group = group
    for product in group {
      items += product.contracts.earliestItems.filter { $0.contract.startsAt < cutOff }
        .map { item, contract in
          Item(
            product: product.id, terms: item, contract: contract,
            outstanding: Int128(item.amount.nanos) * PoolReckoning.scale)
        }
    }
    items.sort { Recoupment.rank($0) < Recoupment.rank($1) }
  }

  private typealias Rank = (Int64, Int64, UUID, Int, String)

  private static func rank(_ item: Item) -> Rank {
    (
      item.terms.order, item.contract.startsAt.microseconds, item.product.uuid,
      item.terms.kind.rawValue, item.terms.name
    )
  }

  /// Takes from one pool after the other, the one that began first before.
  mutating func take(from figures: inout [ExtendedPools.Key: PoolReckoning]) {
    for (key, contract) in order(Array(figures.keys)) {
      guard var pool = figures[key] else { continue }
      var rest = pool.earned - pool.reserved
      for index in items.indices where rest > 0 {
        guard items[index].terms.amount.currency.code == key.bucket.currency,
          let share = share(of: items[index], in: key.product, contract)
        else { continue }
        let taken = min(items[index].outstanding, rest * Int128(share) / LineRevenue.million)
        items[index].outstanding -= taken
        rest -= taken
        pool.recouped += taken
      }
      figures[key] = pool
    }
  }

  /// Which part of what is left an item may take of a pool, in ppm; nil when it takes no part.
  private func share(of item: Item, in product: ProductID, _ contract: DatedContract) -> Int64? {
    let further = contract.terms.further
    if item.product == product {
      return further.items.first { $0.name == item.terms.name }?.share
    }
    guard let collateral = further.collateral,
      item.contract.terms.further.collateral == collateral,
      item.contract.startsAt <= contract.startsAt
    else { return nil }
    return item.terms.share
  }

  private typealias Start = (Int64, UUID, Int, Int)

  private func order(_ keys: [ExtendedPools.Key]) -> [(ExtendedPools.Key, DatedContract)] {
    var ranked: [(start: Start, key: ExtendedPools.Key, contract: DatedContract)] = []
    for key in keys {
      guard let product = group.first(where: { $0.id == key.product }),
        let contract = product.contracts.first(where: { $0.version == key.bucket.contract })
      else { continue }
      let share = product.shares.first { $0.version == key.bucket.share }
      let start = max(contract.startsAt, share?.startsAt ?? contract.startsAt)
      ranked.append(
        (
          (start.microseconds, key.product.uuid, key.bucket.contract, key.bucket.share), key,
          contract
        ))
    }
    return ranked.sorted { $0.start < $1.start }.map { ($0.key, $0.contract) }
  }
}
