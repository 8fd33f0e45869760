import JSON
import Ledger
import Postgres

/// What the sales of a product would have come to under other terms; nothing is written.
///
/// Both sides are computed as if one version of shares governed everything, so that it works before
/// shares are locked, and without the other products of a collateral.
public enum PreviewContract {
  /// The pools in one currency.
  public struct Line: Sendable {
    /// As the contracts are.
    public let before: Amount
    /// As if the new terms had governed every sale.
    public let after: Amount
    /// What `after` consists of: earned - reserved - recouped + advanced + guaranteed.
    public let parts: [(name: String, amount: Amount)]
    /// So many lines are left out of `after`: they would wait, for the new terms are of list prices
    /// and they have none.
    public let withoutListPrice: Int64

    /// Nil when nothing is left out.
    public var sentence: String? {
      if withoutListPrice == 0 { return nil }
      let lines = counted(withoutListPrice, "line")
      let verb = withoutListPrice == 1 ? "is" : "are"
      return "\(lines) without a list price in \(before.currency) \(verb) left out"
    }
  }

  /// What some contracts come to.
  private struct Outcome {
    var pools: [String: PoolReckoning] = [:]
    var unpriced: [String: Int64] = [:]
  }

  /// - Parameter now: sales before it count; reserves are held and guarantees run as of it.
  /// - Returns: nil when there is no such product.
  public static func run(
    _ terms: ContractTerms, of product: ProductID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> [Line]? {
    let contracts = try await DatedContract.all(of: product, in: tx)
    guard let first = contracts.first else { return nil }
    let other = DatedContract(
      version: 1, startsAt: first.startsAt, createdAt: now, terms: terms)
    let before = try await pools(contracts, of: product, at: now, in: tx)
    let after = try await pools([other], of: product, at: now, leavesOut: true, in: tx)
    let codes = Set(before.pools.keys).union(after.pools.keys).union(after.unpriced.keys)
    return codes.sorted().compactMap { code in
      Currency(code).map {
        line(
          $0, before.pools[code]?.payable ?? 0, after.pools[code] ?? PoolReckoning(),
          unpriced: after.unpriced[code] ?? 0)
      }
    }
  }

  private static func line(
    _ currency: Currency, _ before: Int128, _ after: PoolReckoning, unpriced: Int64
  ) -> Line {
    func amount(_ exact: Int128) -> Amount {
      Amount(nanos: PoolReckoning.nanos(exact) ?? .max, currency: currency)
    }
    let parts: [(String, Int128)] = [
      ("earned", after.earned), ("reserved", after.reserved), ("recouped", after.recouped),
      ("advanced", after.advanced), ("guaranteed", after.guaranteed),
    ]
    return Line(
      before: amount(before), after: amount(after.payable),
      parts: parts.map { (name: $0.0, amount: amount($0.1)) }, withoutListPrice: unpriced)
  }

  private static func pools(
    _ contracts: [DatedContract], of product: ProductID, at now: Timestamp,
    leavesOut: Bool = false, in tx: Transaction
  ) async throws -> Outcome {
    let shares = [ShareSpan(version: 1, startsAt: Timestamp(microseconds: .min))]
    let scope = LifetimePools.Scope(horizon: .max, cutOff: now, plannedAt: now)
    let replay = ReplaySales(
      scope: scope, contracts: [product: contracts], shares: [product: shares],
      leavesOutUnpriced: leavesOut)
    var outcome = Outcome()
    var pooled = PooledProduct(id: product, contracts: contracts, shares: shares)
    try await replay.run("SELECT \(product.uuid)::uuid AS product_id", in: tx) { _, replay in
      outcome.unpriced = replay.unpriced
      for (key, sum) in replay.sums {
        pooled.earned[key.bucket, default: [:]][key.month, default: 0] += sum.earned
      }
    }
    for (key, pool) in try ExtendedPools.of([pooled], cutOff: now) {
      outcome.pools[key.bucket.currency, default: PoolReckoning()].add(pool)
    }
    return outcome
  }
}

extension PreviewContract.Line {
  public var json: JSON {
    var json: JSONObject = JSONObject()
    json["currency"] = .string(before.currency.code)
    json["before"] = .string(before.decimal)
    json["after"] = .string(after.decimal)
    for (name, amount) in parts { json[name] = .string(amount.decimal) }
    json["without_list_price"] = .int(withoutListPrice)
    return .object(json)
  }
}

extension PoolReckoning {
  fileprivate mutating func add(_ other: PoolReckoning) {
    earned += other.earned
    reserved += other.reserved
    recouped += other.recouped
    advanced += other.advanced
    guaranteed += other.guaranteed
  }
}
