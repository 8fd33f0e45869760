import JSON
import Postgres

/// Writes a version of a product's contract, which never changes afterwards.
enum StoreContract {
  /// - Parameter startsAt: nil for the first version, which governs every earlier sale too.
  /// - Returns: false when another version starts at that very moment.
  @discardableResult
  static func run(
    _ terms: ContractTerms, of product: ProductID, version: Int, startsAt: Timestamp? = nil,
    reason: String? = nil, by: MemberID? = nil, at now: Timestamp, in tx: Transaction
  ) async throws -> Bool {
    let opened = try await tx.execute(
      """
      INSERT INTO contracts (product_id, version, base, referral_ppm, terms, starts_at, created_at,
                             reason, made_by)
      VALUES (\(product.uuid), \(version)::bigint, \(terms.base.rawValue), \(terms.referral),
              \(terms.isPlain ? nil : terms.further.json.text())::text::jsonb,
              coalesce(\(startsAt)::timestamptz, '-infinity'), \(now), \(reason), \(by?.uuid))
      ON CONFLICT ON CONSTRAINT contracts_product_id_starts_at_key DO NOTHING
      """)
    guard opened == 1 else { return false }
    try await tx.execute(
      """
      INSERT INTO contract_rates (product_id, version, channel, rate_ppm)
      SELECT \(product.uuid), \(version)::bigint, channel, rate_ppm
      FROM unnest(\(terms.rates.map(\.channel))::text[], \(terms.rates.map(\.ppm))::bigint[])
        AS rate (channel, rate_ppm)
      """)
    return true
  }
}
