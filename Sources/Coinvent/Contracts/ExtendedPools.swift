import Ledger
import Postgres

/// A product as its pools are computed.
struct PooledProduct: Sendable {
  let id: ProductID
  /// All versions, ascending.
  let contracts: [DatedContract]
  /// The locked versions, ascending.
  let shares: [ShareSpan]
  /// What was earned by month, in millionths of a millionth of a nano.
  var earned: [PoolBucket: [Month: Int128]] = [:]
}

/// What lies between what the sales of a pool have earned and the pool.
struct PoolReckoning: Sendable, Equatable {
  /// All in millionths of a millionth of a nano.
  var earned: Int128 = 0
  /// Held now.
  var reserved: Int128 = 0
  /// Held once, and given back; in no sum.
  var released: Int128 = 0
  var recouped: Int128 = 0
  var advanced: Int128 = 0
  var guaranteed: Int128 = 0

  var payable: Int128 { earned - reserved - recouped + advanced + guaranteed }

  /// Nanos, toward zero; nil when they are more than a pool can hold.
  static func nanos(_ exact: Int128) -> Int64? {
    Int64(exactly: exact / PoolReckoning.scale)
  }

  static let scale: Int128 = 1_000_000_000_000
}

/// From what sales have earned to pools: reserves, recoupment, advances, guarantees.
///
/// A function of the sums, the versions and the moment alone, so it does not matter how often or
/// when it was computed before.
enum ExtendedPools {
  struct Key: Hashable, Sendable {
    let product: ProductID
    let bucket: PoolBucket
  }

  /// - Parameter group: one product, or all that share collateral.
  static func of(_ group: [PooledProduct], cutOff: Timestamp) throws(AmountOverflow)
    -> [Key: PoolReckoning]
  {
    var figures: [Key: PoolReckoning] = [:]
    for product in group {
      for (bucket, months) in product.earned {
        figures[Key(product: product.id, bucket: bucket)] =
          try earned(months, product.contracts, bucket, cutOff)
      }
    }
    var recoupment = Recoupment(group, cutOff: cutOff)
    recoupment.take(from: &figures)
    for product in group {
      advance(product, cutOff, &figures)
      guarantee(product, cutOff, &figures)
    }
    return figures
  }

  /// What a month may have earned: beyond it shares of sums do not fit into 128 bits.
  private static let limit: UInt128 = 10_000_000_000_000_000_000_000_000_000_000

  private static func earned(
    _ months: [Month: Int128], _ contracts: [DatedContract], _ bucket: PoolBucket,
    _ cutOff: Timestamp
  ) throws(AmountOverflow) -> PoolReckoning {
    var figures = PoolReckoning()
    for sum in months.values {
      if sum.magnitude > limit { throw AmountOverflow() }
      figures.earned += sum
    }
    if figures.earned.magnitude > limit { throw AmountOverflow() }
    let terms = contracts.first { $0.version == bucket.contract }?.terms.further
    if let reserve = terms?.reserve {
      (figures.reserved, figures.released) = held(months, reserve, cutOff)
    }
    return figures
  }

  private static func held(
    _ months: [Month: Int128], _ reserve: ReserveTerm, _ cutOff: Timestamp
  ) -> (still: Int128, before: Int128) {
    var periods: [Month: Int128] = [:]
    for (month, sum) in months { periods[reserve.period(of: month), default: 0] += sum }
    var held = (still: Int128(0), before: Int128(0))
    for (period, sum) in periods {
      let part = max(0, sum) * Int128(reserve.ppm) / LineRevenue.million
      if cutOff < reserve.release(of: period) { held.still += part } else { held.before += part }
    }
    return held
  }

  /// Credits advances to the shares that were in force when their contract began.
  private static func advance(
    _ product: PooledProduct, _ cutOff: Timestamp, _ figures: inout [Key: PoolReckoning]
  ) {
    for (item, contract) in product.contracts.earliestItems
    where item.kind == .advance && contract.startsAt < cutOff {
      guard let share = product.shares.inForce(at: contract.startsAt) ?? product.shares.first else {
        continue
      }
      let bucket = PoolBucket(
        contract: contract.version, share: share.version, currency: item.amount.currency.code)
      figures[Key(product: product.id, bucket: bucket), default: PoolReckoning()].advanced +=
        Int128(item.amount.nanos) * PoolReckoning.scale
    }
  }

  /// Tops up what the months of a guarantee have earned, when they are over.
  private static func guarantee(
    _ product: PooledProduct, _ cutOff: Timestamp, _ figures: inout [Key: PoolReckoning]
  ) {
    for guarantee in product.contracts.earliestGuarantees {
      let end = guarantee.until.adding(1).start
      let last = end - .microseconds(1)
      guard cutOff >= end, let share = product.shares.inForce(at: last) ?? product.shares.first
      else { continue }
      let currency = guarantee.amount.currency.code
      let earned = product.earned.filter { $0.key.currency == currency }.values
        .flatMap { $0 }.filter { guarantee.from <= $0.key && $0.key <= guarantee.until }
        .reduce(0) { $0 + $1.value }
      let missing = Int128(guarantee.amount.nanos) * PoolReckoning.scale - earned
      if missing <= 0 { continue }
      let bucket = PoolBucket(
        contract: product.contracts.inForce(at: last).version, share: share.version,
        currency: currency)
      figures[Key(product: product.id, bucket: bucket), default: PoolReckoning()].guaranteed +=
        missing
    }
  }
}

extension [DatedContract] {
  /// Each advance and cost with the version that named it first, which decides what it is.
  var earliestItems: [(item: RecoupItem, contract: DatedContract)] {
    var known: Set<String> = []
    return flatMap { contract in contract.terms.further.items.map { (item: $0, contract: contract) }
    }
    .filter { known.insert($0.item.name).inserted }
  }

  /// Each guarantee as the version has it that named it first.
  var earliestGuarantees: [Guarantee] {
    var known: Set<String> = []
    return flatMap(\.terms.further.guarantees).filter { known.insert($0.name).inserted }
  }
}
