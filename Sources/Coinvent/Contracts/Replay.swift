import Postgres

/// Computes what the lines of one product earn, one after the other in the order of replay: by the
/// later of a return's and its sale's moment, sales before returns, then by source and id.
///
/// Pure: the result is a function of the versions and the lines alone.
struct Replay {
  private struct Place: Hashable {
    let contract: Int
    let place: SalePlace
  }

  struct Referred: Hashable {
    let bucket: PoolBucket
    let member: UUID
  }

  private let contracts: [DatedContract]
  private let shares: [ShareSpan]
  private var counters: Counters
  private var rules: [Place: RuleInForce?] = [:]
  /// Sales that a return points at, by line id.
  private var sales: [String: PaidSale] = [:]
  private(set) var sums: [EarnedSum.Key: EarnedSum] = [:]
  /// What referred sales have earned, times the referrers' part in ppm.
  private(set) var referred: [Referred: Int128] = [:]
  private let leavesOutUnpriced: Bool
  /// How many lines were left out, by currency.
  private(set) var unpriced: [String: Int64] = [:]

  /// - Parameters:
  ///   - contracts: all versions, ascending.
  ///   - shares: the locked versions, ascending.
  ///   - leavesOutUnpriced: whether lines earn nothing that have no list price where their contract
  ///     asks for one.
  init(contracts: [DatedContract], shares: [ShareSpan], leavesOutUnpriced: Bool = false) {
    self.contracts = contracts
    self.shares = shares
    self.leavesOutUnpriced = leavesOutUnpriced
    counters = Counters(contracts)
  }

  mutating func add(_ line: CountedLine) throws(AmountOverflow) {
    let contract = contracts.inForce(at: line.governedAt)
    // The database sums up plain contracts by each line's own channel alone; so does this.
    let place =
      contract.terms.isPlain
      ? SalePlace(channel: line.place.channel) : line.governedPlace
    guard let rule = rule(of: place, contract) else { return }
    if leavesOutUnpriced && LineRevenue.lacksListPrice(line, contract.terms) {
      unpriced[line.currency, default: 0] += 1
      return
    }
    let base = LineRevenue.of(line, contract.terms)
    let way = rule.way(line.currency)
    let pieces = portions(of: line, base, rule, way, isPlain: contract.terms.isPlain)
    counters.count(
      way, units: line.units, base: base, line.currency, back: line.quantity < 0)
    guard let share = shares.inForce(at: line.governedAt) else { return }
    let bucket = PoolBucket(
      contract: contract.version, share: share.version, currency: line.currency)
    let minimum = rule.minimum(line.currency)
    for piece in pieces {
      let key = EarnedSum.Key(
        bucket: bucket, place: place, rate: piece.rate, month: Month(of: line.governedAt))
      try record(piece, minimum, line, key, referral: contract.terms.referral)
    }
  }

  private mutating func rule(of place: SalePlace, _ contract: DatedContract) -> RuleInForce? {
    let key = Place(contract: contract.version, place: place)
    if let known = rules[key] { return known }
    let rule = RuleInForce(of: place, in: contract.terms)
    rules[key] = .some(rule)
    return rule
  }

  private mutating func portions(
    of line: CountedLine, _ base: Int128, _ rule: RuleInForce, _ way: RuleInForce.Way,
    isPlain: Bool
  ) -> [Portion] {
    let isReturn = line.quantity < 0
    var byMoney = false
    if case .money = way { byMoney = true }
    if isReturn, !isPlain, let origin = line.origin?.id, var sale = sales[origin] {
      let pieces = sale.takeBack(units: line.units, base: base, byMoney: byMoney)
      sales[origin] = sale
      return pieces
    }
    let back = isReturn ? (byMoney ? base : Int128(line.units)) : 0
    let portions =
      switch way {
      case .flat:
        [Portion(units: line.units, base: base, rate: rule.flatRate(at: line.governedAt))]
      case .units(let name):
        Portions.cut(
          units: line.units, base: base, from: counters.units(name) - back, rule: rule,
          byMoney: false)
      case .money(let name):
        Portions.cut(
          units: line.units, base: base, from: counters.money(name, line.currency) - back,
          rule: rule, byMoney: true)
      }
    if line.comesBack { sales[line.id] = PaidSale(portions) }
    return portions
  }

  private mutating func record(
    _ piece: Portion, _ minimum: Int64, _ line: CountedLine, _ key: EarnedSum.Key, referral: Int64
  ) throws(AmountOverflow) {
    let sign: Int128 = line.quantity < 0 ? -1 : 1
    let earned = sign * (try piece.earned(minimum: minimum))
    var sum = sums[key] ?? EarnedSum()
    let (total, over) = sum.earned.addingReportingOverflow(earned)
    if over { throw AmountOverflow() }
    sum.units += Int64(sign) * piece.units
    sum.base += sign * piece.base
    sum.earned = total
    sums[key] = sum
    guard referral > 0, let member = line.referrer else { return }
    let key = Referred(bucket: key.bucket, member: member)
    let (part, above) = earned.multipliedReportingOverflow(by: Int128(referral))
    let (all, beyond) = referred[key, default: 0].addingReportingOverflow(part)
    if above || beyond { throw AmountOverflow() }
    referred[key] = all
  }
}
