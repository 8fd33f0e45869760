import Postgres

/// What became of a new contract version.
public enum AmendContractOutcome: Sendable, Equatable {
  case opened(version: Int)
  case unknownProduct
  /// It would have begun before now, and contracts never act backwards.
  case startsInThePast(now: Timestamp)
  case startTaken
  /// A channel once named keeps a rate, if only zero, so that no sale is left without one.
  case dropsChannel(String)
}

/// Opens a product's next contract version from a date on; earlier sales keep their version.
public enum AmendContract {
  public static func run(
    _ terms: ContractTerms, of product: ProductID, startsAt: Timestamp, in tx: Transaction
  ) async throws -> AmendContractOutcome {
    try await SettlementGate.pass(in: tx)
    let now = try await tx.one("SELECT clock_timestamp()", as: Timestamp.self)
    if startsAt < now { return .startsInThePast(now: now) }
    let last = try await tx.first(
      """
      SELECT c.version FROM contracts c WHERE c.product_id = \(product.uuid)
      ORDER BY c.version DESC LIMIT 1
      """, as: Int32.self)
    guard let last else { return .unknownProduct }
    let channels = try await tx.all(
      "SELECT DISTINCT channel FROM contract_rates WHERE product_id = \(product.uuid)",
      as: String.self)
    if let dropped = channels.first(where: { name in !terms.rates.contains { $0.channel == name } })
    {
      return .dropsChannel(dropped)
    }
    let version = Int(last) + 1
    let opened = try await tx.execute(
      """
      INSERT INTO contracts (product_id, version, base, referral_ppm, starts_at, created_at)
      VALUES (\(product.uuid), \(version)::bigint, \(terms.base.rawValue), \(terms.referral),
              \(startsAt), \(now))
      ON CONFLICT ON CONSTRAINT contracts_product_id_starts_at_key DO NOTHING
      """)
    guard opened == 1 else { return .startTaken }
    try await ContractTerms.insertRates(terms, of: product, version: version, in: tx)
    return .opened(version: version)
  }
}
