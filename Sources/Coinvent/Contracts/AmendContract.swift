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
    if startsAt < now { return .startsInThePast(now: now) }
    let earlier = try await DatedContract.all(of: product, in: tx)
    guard let last = earlier.last else { return .unknownProduct }
    if startsAt < last.startsAt {
      return .startsBefore(version: last.version, at: last.startsAt)
    }
    if let channel = dropped(terms, earlier) { return .dropsChannel(channel) }
    if let name = changed(terms, earlier) { return .changesItem(name) }
    let version = last.version + 1
    guard
      try await StoreContract.run(
        terms, of: product, version: version, startsAt: startsAt, reason: reason.trimmed, by: by,
        at: now, in: tx)
    else { return .startTaken }
    return .opened(version: version)
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
}
