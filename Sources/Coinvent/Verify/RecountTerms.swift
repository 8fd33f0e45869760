import JSON
import Ledger
import Postgres

/// The second implementation of pools under contracts with terms: reserves, recoupment, guarantees
/// and links between products, from what the lines of each product have earned.
struct RecountTerms {
  private struct Product {
    let contracts: [RecountedContract]
    let shares: [(version: Int32, starts: Int64)]
    var sums: [RecountReplay.Place: RecountPools.Sum] = [:]

    func contract(at moment: Int64) -> RecountedContract? {
      contracts.last { $0.starts <= moment }
    }

    func share(at moment: Int64) -> Int32? {
      (shares.last { $0.starts <= moment } ?? shares.first)?.version
    }
  }

  /// A sum of one contract version and one share version of a product.
  private struct Bucket {
    let product: UUID
    let contract: RecountedContract
    let share: Int32
    let starts: Int64
    var months: [Int: Int128] = [:]
  }

  /// What a pool consists of, in millionths of a millionth of a nano.
  struct Parts: Equatable {
    /// Earned, less what is held and what was taken.
    var payable: Int128 = 0
    var reserved: Int128 = 0
    /// Of what was held once, that which is no longer.
    var released: Int128 = 0
    var recouped: Int128 = 0
    var advanced: Int128 = 0
    var guaranteed: Int128 = 0

    var pool: Int128 { payable + advanced + guaranteed }
  }

  /// What is got back, as its earliest version has it.
  private struct Open {
    let product: UUID
    let item: RecountedContract.Item
    let contract: RecountedContract
    var left: Int128
  }

  static let unit: Int128 = 1_000_000_000_000

  private var cutOff: Int64
  private var products: [UUID: Product] = [:]
  private(set) var referred: [RecountPools.Referred: Int128] = [:]

  init(cutOff: Timestamp) { self.cutOff = cutOff.microseconds }

  /// Takes in one product with all its lines.
  mutating func add(
    _ id: UUID, contracts: [RecountedContract], shares: [(version: Int32, starts: Int64)],
    lines: [RecountReplay.Line], links: [String: UUID]
  ) {
    var replay = RecountReplay(contracts: contracts, shares: shares)
    replay.run(lines)
    var product = Product(contracts: contracts, shares: shares)
    product.sums = replay.sums
    products[id] = product
    for (place, codes) in replay.referred {
      let pool = RecountPools.Key(
        product: id, contract: place.contract, share: place.share, currency: place.currency)
      for (code, amount) in codes {
        guard let member = links[code] else { continue }
        referred[RecountPools.Referred(pool: pool, member: member), default: 0] += amount
      }
    }
  }

  /// What each product's lines have earned.
  func sums() -> [RecountPools.Source: RecountPools.Sum] {
    var all: [RecountPools.Source: RecountPools.Sum] = [:]
    for (id, product) in products {
      for (place, sum) in product.sums {
        let pool = RecountPools.Key(
          product: id, contract: place.contract, share: place.share, currency: place.currency)
        let source = RecountPools.Source(
          pool: pool, channel: place.channel, territory: place.territory, format: place.format,
          rate: place.rate, month: place.month)
        all[source] = sum
      }
    }
    return all
  }

  /// The pools of all products that were taken in, in nanos.
  func pools() -> [RecountPools.Key: Int128] { parts().mapValues { $0.pool / Self.unit } }

  /// What pools consisted of at an earlier moment, had everything been sold by then.
  func parts(at cutOff: Timestamp) -> [RecountPools.Key: Parts] {
    var then = self
    then.cutOff = cutOff.microseconds
    return then.parts()
  }

  private func parts() -> [RecountPools.Key: Parts] {
    var pools: [RecountPools.Key: Parts] = [:]
    for group in groups() {
      let named = group.compactMap { products[$0] }
      var currencies = Set(named.flatMap { $0.sums.keys.map(\.currency) })
      for contract in named.flatMap(\.contracts) {
        currencies.formUnion(contract.items.map(\.currency))
        currencies.formUnion(contract.guarantees.map(\.currency))
      }
      for currency in currencies {
        pools.merge(divide(group, currency)) { first, _ in first }
      }
    }
    return pools
  }

  /// Products that name the same collateral, directly or by way of others.
  private func groups() -> [[UUID]] {
    var groups: [(names: Set<String>, products: [UUID])] = []
    for (id, product) in products.sorted(by: { $0.key < $1.key }) {
      var names = Set(product.contracts.compactMap(\.collateral))
      var members = [id]
      for group in groups where !group.names.isDisjoint(with: names) {
        names.formUnion(group.names)
        members += group.products
      }
      groups.removeAll { !$0.names.isDisjoint(with: names) }
      groups.append((names, members))
    }
    return groups.map(\.products)
  }

  private func divide(_ group: [UUID], _ currency: String) -> [RecountPools.Key: Parts] {
    var items = items(group, currency)
    var pools: [RecountPools.Key: Parts] = [:]
    func key(_ product: UUID, _ contract: Int32, _ share: Int32) -> RecountPools.Key {
      RecountPools.Key(product: product, contract: contract, share: share, currency: currency)
    }
    for bucket in buckets(group, currency) {
      let reserve = reserve(bucket)
      var parts = Parts(reserved: reserve.held, released: reserve.all - reserve.held)
      var rest = bucket.months.values.reduce(0, +) - parts.reserved
      for place in items.indices where rest > 0 {
        guard let part = part(of: items[place], in: bucket) else { continue }
        let taken = min(items[place].left, rest * Int128(part) / 1_000_000)
        items[place].left -= taken
        parts.recouped += taken
        rest -= taken
      }
      parts.payable = rest
      pools[key(bucket.product, bucket.contract.version, bucket.share)] = parts
    }
    for item in items where item.item.isAdvance {
      guard let share = products[item.product]?.share(at: item.contract.starts) else { continue }
      pools[key(item.product, item.contract.version, share), default: Parts()].advanced +=
        Int128(item.item.amount) * Self.unit
    }
    for id in group {
      for (contract, share, amount) in topUps(id, currency) {
        pools[key(id, contract, share), default: Parts()].guaranteed += amount
      }
    }
    return pools
  }

  private func buckets(_ group: [UUID], _ currency: String) -> [Bucket] {
    var buckets: [Bucket] = []
    for id in group {
      guard let product = products[id] else { continue }
      for contract in product.contracts {
        for share in product.shares {
          let here = product.sums.filter {
            $0.key.contract == contract.version && $0.key.share == share.version
              && $0.key.currency == currency
          }
          if here.isEmpty { continue }
          buckets.append(
            Bucket(
              product: id, contract: contract, share: share.version,
              starts: max(contract.starts, share.starts),
              months: Dictionary(
                here.map { ($0.key.month, $0.value.earned) }, uniquingKeysWith: +)))
        }
      }
    }
    return buckets.sorted {
      ($0.starts, $0.product, $0.contract.version, $0.share)
        < ($1.starts, $1.product, $1.contract.version, $1.share)
    }
  }

  /// Every advance and cost that exists by now, once each, in the order of recoupment.
  private func items(_ group: [UUID], _ currency: String) -> [Open] {
    var open: [Open] = []
    for id in group {
      var seen: Set<String> = []
      for contract in products[id]?.contracts ?? [] {
        for item in contract.items where item.currency == currency {
          guard seen.insert(item.name).inserted, contract.starts < cutOff else { continue }
          open.append(
            Open(
              product: id, item: item, contract: contract, left: Int128(item.amount) * Self.unit))
        }
      }
    }
    return open.sorted { a, b in
      if a.item.order != b.item.order { return a.item.order < b.item.order }
      if a.contract.starts != b.contract.starts { return a.contract.starts < b.contract.starts }
      if a.product != b.product { return a.product < b.product }
      if a.item.isAdvance != b.item.isAdvance { return a.item.isAdvance }
      return Array(a.item.name.utf8).lexicographicallyPrecedes(Array(b.item.name.utf8))
    }
  }

  /// Which part of a bucket's earnings an item may take; nil when it may not.
  private func part(of open: Open, in bucket: Bucket) -> Int64? {
    if open.product == bucket.product {
      let named = bucket.contract.items.first {
        $0.name == open.item.name && $0.currency == open.item.currency
      }
      return named?.part
    }
    guard let link = bucket.contract.collateral, link == open.contract.collateral,
      open.contract.starts <= bucket.contract.starts
    else { return nil }
    return open.item.part
  }

  /// What a bucket holds back against returns, and all that it ever held.
  private func reserve(_ bucket: Bucket) -> (held: Int128, all: Int128) {
    guard let reserve = bucket.contract.reserve else { return (0, 0) }
    var periods: [Int: Int128] = [:]
    for (month, earned) in bucket.months {
      periods[month / reserve.monthsInPeriod, default: 0] += earned
    }
    var (held, all) = (Int128(0), Int128(0))
    for (period, earned) in periods where earned > 0 {
      let release = (period + 1 + reserve.held) * reserve.monthsInPeriod
      let part = earned * Int128(reserve.ppm) / 1_000_000
      all += part
      if cutOff < start(ofMonth: release) { held += part }
    }
    return (held, all)
  }

  private func topUps(_ id: UUID, _ currency: String) -> [(Int32, Int32, Int128)] {
    guard let product = products[id] else { return [] }
    var seen: Set<String> = []
    var found: [(Int32, Int32, Int128)] = []
    for guarantee in product.contracts.flatMap(\.guarantees) where guarantee.currency == currency {
      guard seen.insert(guarantee.name).inserted else { continue }
      let end = start(ofMonth: guarantee.months.upperBound + 1)
      if cutOff < end { continue }
      let earned = product.sums.reduce(Int128(0)) { sum, entry in
        entry.key.currency == currency && guarantee.months.contains(entry.key.month)
          ? sum + entry.value.earned : sum
      }
      let missing = Int128(guarantee.amount) * Self.unit - earned
      guard missing > 0, let contract = product.contract(at: end - 1)?.version,
        let share = product.share(at: end - 1)
      else { continue }
      found.append((contract, share, missing))
    }
    return found
  }

  private func start(ofMonth month: Int) -> Int64 {
    Day(year: month / 12, month: month % 12 + 1, day: 1)?.start.microseconds ?? .max
  }
}
