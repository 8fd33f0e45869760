import Postgres

/// Looks which settlement's line is wrong, once it is known that one is: counts the product's sales
/// as every settlement saw them.
enum VerifyLineHistory {
  /// The first that leaves the lines until then at something else than the sales that it saw.
  static func firstWrong(_ source: RecountPools.Source, in tx: Transaction) async throws
    -> SettlementID?
  {
    let product = source.pool.product
    let settlements = try await tx.all(
      "SELECT id, horizon, cut_off, planned_at FROM settlements ORDER BY planned_at",
      as: (UUID, Int64, Timestamp, Timestamp).self)
    var told = RecountPools.Sum()
    for (id, horizon, cutOff, plannedAt) in settlements {
      let seen = try await RecountTerms.run(
        horizon: horizon, cutOff: cutOff, plannedAt: plannedAt, only: product, in: tx)
      var wanted = RecountPools.Sum()
      for (place, sum) in seen.sums where place.isLine(of: source) { wanted.add(sum) }
      if let line = try await line(of: source, id, in: tx) { told.add(line) }
      if told != wanted { return SettlementID(uuid: id) }
    }
    return nil
  }

  private static func line(
    of source: RecountPools.Source, _ settlement: UUID, in tx: Transaction
  ) async throws -> RecountPools.Sum? {
    try await tx.first(
      """
      SELECT units, base, earned FROM settlement_lines
      WHERE settlement_id = \(settlement) AND product_id = \(source.pool.product)
        AND contract_version = \(source.pool.contract) AND share_version = \(source.pool.share)
        AND currency = \(source.pool.currency) AND channel = \(source.channel)
        AND territory = \(source.territory) AND format = \(source.format)
        AND rate_ppm = \(source.rate)
      """, as: (Int64, Int128, Int128).self
    ).map { RecountPools.Sum(units: Int128($0.0), base: $0.1, earned: $0.2) }
  }
}

extension RecountPools.Source {
  /// Whether it is of the same line, in whatever month.
  fileprivate func isLine(of other: RecountPools.Source) -> Bool {
    var line = self
    line.month = other.month
    return line == other
  }
}

extension RecountPools.Sum {
  fileprivate mutating func add(_ other: RecountPools.Sum) {
    units += other.units
    base += other.base
    earned += other.earned
  }
}
