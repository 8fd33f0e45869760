import Ledger
import Postgres

/// What became of a new contract version.
public enum AmendContractOutcome: Sendable, Equatable {
  case opened(version: Int)
  case unknownProduct
  /// It would have begun before now, and contracts never act backwards.
  case startsInThePast(now: Timestamp)
  case startTaken
  /// An earlier version is to start later than that; versions follow each other.
  case startsBefore(version: Int, at: Timestamp)
  /// A channel once named keeps a rate, if only zero, so that no sale is left without one.
  case dropsChannel(String)
  /// An advance, a cost or a guarantee of a name that an earlier version has is the same one
  /// carried on: its kind, amount, currency and months stay.
  case changesItem(String)
  /// A counter that an earlier version has is to start elsewhere: it has counted already.
  case changesOpening(String)
  /// So many recorded sales in a currency that it would govern have no list price, and it has none.
  case lacksListPrice(Currency, lines: Int64)
}

/// Opens a product's next contract version from a date on; earlier sales keep their version.
public enum AmendContract {
  /// - Parameters:
  ///   - startsAt: nil for now.
  ///   - reason: why, for everybody to read.
  ///   - by: nil from the command line, unless it names somebody.
  public static func run(
    _ terms: ContractTerms, of product: ProductID, startsAt: Timestamp?, reason: String,
    by: MemberID?, in tx: Transaction
  ) async throws -> AmendContractOutcome {
    if let fault = fault(reason: reason) { throw Invalid("/reason", fault) }
    try await SettlementGate.pass(in: tx)
    let now = try await DatabaseClock.now(in: tx)
    let startsAt = startsAt ?? now
    let earlier = try await DatedContract.all(of: product, in: tx)
    if let no = try await refusal(terms, of: product, earlier, startsAt, now: now, in: tx) {
      return no
    }
    let version = (earlier.last?.version ?? 0) + 1
    guard
      try await StoreContract.run(
        terms, of: product, version: version, startsAt: startsAt, reason: reason.trimmed, by: by,
        at: now, in: tx)
    else { return .startTaken }
    return .opened(version: version)
  }

  /// What `run` would say no with; nil when the terms may follow the versions there are.
  /// - Parameter startsAt: nil for now.
  public static func refusal(
    _ terms: ContractTerms, of product: ProductID, startsAt: Timestamp?, in tx: Transaction
  ) async throws -> AmendContractOutcome? {
    let now = try await DatabaseClock.now(in: tx)
    let earlier = try await DatedContract.all(of: product, in: tx)
    return try await refusal(terms, of: product, earlier, startsAt ?? now, now: now, in: tx)
  }

  /// The same for terms without a start: they are taken to follow right after the last version.
  public static func refusal(
    _ terms: ContractTerms, of product: ProductID, in tx: Transaction
  ) async throws -> AmendContractOutcome? {
    let now = try await DatabaseClock.now(in: tx)
    let earlier = try await DatedContract.all(of: product, in: tx)
    let start = max(now, earlier.last.map { $0.startsAt + .microseconds(1) } ?? now)
    return try await refusal(terms, of: product, earlier, start, now: now, in: tx)
  }

  private static func refusal(
    _ terms: ContractTerms, of product: ProductID, _ earlier: [DatedContract],
    _ startsAt: Timestamp, now: Timestamp, in tx: Transaction
  ) async throws -> AmendContractOutcome? {
    if startsAt < now { return .startsInThePast(now: now) }
    guard let last = earlier.last else { return .unknownProduct }
    if startsAt < last.startsAt {
      return .startsBefore(version: last.version, at: last.startsAt)
    }
    if startsAt == last.startsAt { return .startTaken }
    if let channel = dropped(terms, earlier) { return .dropsChannel(channel) }
    if let name = changed(terms, earlier) { return .changesItem(name) }
    if let counter = reopened(terms, earlier) { return .changesOpening(counter) }
    return try await unpriced(terms, of: product, from: startsAt, in: tx)
  }

  /// What is wrong with a reason; nil when nothing is.
  public static func fault(reason: String) -> String? { MoveIdea.fault(reason: reason) }

  /// A channel that earlier versions have and this one has not.
  static func dropped(_ terms: ContractTerms, _ earlier: [DatedContract]) -> String? {
    let channels = Set(terms.rates.map(\.channel))
    return earlier.flatMap(\.terms.rates).map(\.channel).filter { !channels.contains($0) }.min()
  }

  /// The name of something carried on that is not what it was.
  static func changed(_ terms: ContractTerms, _ earlier: [DatedContract]) -> String? {
    let further = terms.further
    let items = earlier.earliestItems.map(\.item)
    let guarantees = earlier.earliestGuarantees
    let changedItems = further.items.filter { item in
      items.contains {
        $0.name == item.name && ($0.kind != item.kind || $0.amount != item.amount)
      } || guarantees.contains { $0.name == item.name }
    }
    let changedGuarantees = further.guarantees.filter { guarantee in
      guarantees.contains { $0.name == guarantee.name && $0 != guarantee }
        || items.contains { $0.name == guarantee.name }
    }
    return changedItems.first?.name ?? changedGuarantees.first?.name
  }

  /// A counter that starts elsewhere than it did, or that has counted from nothing until now: what
  /// it has counted would be another, and with it what earlier sales earned.
  static func reopened(_ terms: ContractTerms, _ earlier: [DatedContract]) -> String? {
    let known = earlier.flatMap(\.terms.further.opening)
    let counting = Set(earlier.flatMap(\.terms.further.rules).compactMap(\.counter))
    return terms.further.opening.first { opening in
      let first = known.first {
        $0.counter == opening.counter && $0.currency == opening.currency
      }
      guard let first else { return opening.count != 0 && counting.contains(opening.counter) }
      return first != opening
    }?.counter
  }

  /// Sales dated ahead are recorded under the versions there were: nobody asked them for a list
  /// price, and no other price may stand for it.
  private static func unpriced(
    _ terms: ContractTerms, of product: ProductID, from startsAt: Timestamp, in tx: Transaction
  ) async throws -> AmendContractOutcome? {
    if terms.base != .list { return nil }
    let priced = terms.further.listPrices.keys.map(\.code)
    let found = try await tx.first(
      """
      SELECT s.currency, count(*) FROM sale_lines s
      LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
        AND o.product_id = s.product_id AND \(Withdrawals.stands("o"))
      WHERE s.product_id = \(product.uuid) AND coalesce(o.sold_at, s.sold_at) >= \(startsAt)
        AND coalesce(s.list_price, o.list_price) IS NULL AND s.currency <> ALL(\(priced)::text[])
        AND \(Withdrawals.stands("s"))
      GROUP BY s.currency ORDER BY s.currency LIMIT 1
      """, as: (String, Int64).self)
    guard let (code, lines) = found, let currency = Currency(code) else { return nil }
    return .lacksListPrice(currency, lines: lines)
  }
}
