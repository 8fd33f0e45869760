import Postgres

/// What sales of one kind and month have earned so far: exact, truncated only in the pool.
struct EarnedSum: Sendable, Equatable {
  struct Key: Hashable, Sendable {
    let bucket: PoolBucket
    let place: SalePlace
    /// Parts per million.
    let rate: Int64
    let month: Month
  }

  var units: Int64 = 0
  /// Millionths of a nano.
  var base: Int128 = 0
  /// Millionths of a millionth of a nano.
  var earned: Int128 = 0
}

/// Names one pool of a product.
struct PoolBucket: Hashable, Sendable {
  let contract: Int
  let share: Int
  let currency: String
}
