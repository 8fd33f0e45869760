import JSON
import Ledger
import Postgres

@testable import Coinvent

/// Lines and contracts of one product, replayed without a database.
struct Ledgerless {
  var contracts: [DatedContract]
  var shares = [ShareSpan(version: 1, startsAt: Timestamp(microseconds: .min))]
  private(set) var lines: [CountedLine] = []

  init(_ terms: ContractTerms...) {
    contracts = terms.enumerated().map { number, terms in
      Ledgerless.contract(terms, number + 1, from: "2027-0\(number + 1)-01")
    }
  }

  /// Terms as JSON, with the rate 10 % for `direct` and 20 % for `retail`.
  init(net terms: String) throws { self.init(try Ledgerless.terms("net", terms)) }

  static func terms(_ base: String, _ further: String) throws -> ContractTerms {
    let more = further.isEmpty ? "" : ",\(further)"
    return try ContractTerms(
      json: try JSON.parse(
        #"{"base":"\#(base)","rates":{"direct":100000,"retail":200000}\#(more)}"#))
  }

  static func contract(_ terms: ContractTerms, _ version: Int, from day: String) -> DatedContract {
    let start = version == 1 ? Timestamp(microseconds: .min) : at(day)
    return DatedContract(version: version, startsAt: start, createdAt: start, terms: terms)
  }

  static func at(_ day: String) -> Timestamp {
    guard let day = Day(day) else { preconditionFailure("\(day) is no day") }
    return day.start
  }

  static func nanos(_ decimal: String) -> Int64 {
    do { return try Amount.nanos(decimal: decimal) } catch { preconditionFailure("\(error)") }
  }

  /// A sale, or a return of the sale `of`.
  mutating func sell(
    _ units: Int64, at price: String, on day: String = "2027-01-10", channel: String = "direct",
    territory: String = "", format: String = "", currency: String = "USD", off: String = "0",
    deductions: [String: String] = [:], list: String? = nil, of sale: Int? = nil,
    referrer: UUID? = nil
  ) {
    var line = CountedLine(
      id: "\(lines.count)", quantity: units, unitPrice: Ledgerless.nanos(price),
      discount: Ledgerless.nanos(off), deductions: deductions.mapValues(Ledgerless.nanos),
      listPrice: list.map(Ledgerless.nanos), currency: currency,
      place: SalePlace(channel: channel, territory: territory, format: format),
      soldAt: Ledgerless.at(day), referrer: referrer)
    if let sale {
      let origin = lines[sale]
      line.origin = CountedLine.Origin(
        id: origin.id, soldAt: origin.soldAt, place: origin.place, listPrice: origin.listPrice)
      lines[sale].comesBack = true
    }
    lines.append(line)
  }

  /// Everything replayed, in the order of replay.
  func replay() throws -> Replay {
    var replay = Replay(contracts: contracts, shares: shares)
    let ordered = lines.sorted {
      (max($0.soldAt, $0.governedAt), $0.quantity < 0 ? 1 : 0, $0.id)
        < (max($1.soldAt, $1.governedAt), $1.quantity < 0 ? 1 : 0, $1.id)
    }
    for line in ordered { try replay.add(line) }
    return replay
  }

  /// All that was earned in a currency, exact to a millionth of a millionth of a nano.
  func earned(_ currency: String = "USD") throws -> Int128 {
    try replay().sums.filter { $0.key.bucket.currency == currency }.values
      .reduce(0) { $0 + $1.earned }
  }

  /// The same as a decimal, which it must come to exactly.
  func total(_ currency: String = "USD") throws -> String {
    let earned = try earned(currency)
    guard earned % PoolReckoning.scale == 0, let nanos = PoolReckoning.nanos(earned),
      let currency = Currency(currency)
    else { return "\(earned) of a nano's 10^-12" }
    return Amount(nanos: nanos, currency: currency).decimal
  }

  /// Units and what they earned, by rate.
  func byRate(_ currency: String = "USD") throws -> [Int64: String] {
    var found: [Int64: (Int64, Int128)] = [:]
    for (key, sum) in try replay().sums where key.bucket.currency == currency {
      let old = found[key.rate] ?? (0, 0)
      found[key.rate] = (old.0 + sum.units, old.1 + sum.earned)
    }
    return found.mapValues { units, earned in
      "\(units): \(Ledgerless.decimal(earned, currency))"
    }
  }

  static func decimal(_ exact: Int128, _ currency: String = "USD") -> String {
    guard let nanos = PoolReckoning.nanos(exact), let currency = Currency(currency) else {
      return "?"
    }
    return Amount(nanos: nanos, currency: currency).decimal
  }

  func pooled(_ id: ProductID = ProductID(uuid: UUID(high: 0, low: 1))) throws -> PooledProduct {
    var product = PooledProduct(id: id, contracts: contracts, shares: shares)
    for (key, sum) in try replay().sums {
      product.earned[key.bucket, default: [:]][key.month, default: 0] += sum.earned
    }
    return product
  }
}
