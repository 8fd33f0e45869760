import Postgres

/// Looks for what keeps lines from being counted.
enum Suspicions {
  /// Which lines name something unknown.
  static func of(_ lines: [SaleLine], source: String, in tx: Transaction) async throws
    -> [SuspenseReason?]
  {
    let products = Set(lines.compactMap(\.productID?.uuid))
    let rows = try await tx.all(
      """
      SELECT DISTINCT product_id, channel FROM contract_rates
      WHERE product_id = ANY(\(Array(products)))
      """, as: (UUID, String).self)
    let channels = Dictionary(grouping: rows, by: { $0.0 }).mapValues { Set($0.map { $0.1 }) }
    let codes = try await codes(lines, in: tx)
    let unpriced = try await unpriced(lines, source: source, in: tx)
    let rejected = try await rejected(lines, source: source, in: tx)
    return lines.map { line in
      if rejected.contains(line.externalID) { return .rejected }
      if line.isUnclear { return .unclearRefund }
      guard let product = line.productID, let known = channels[product.uuid] else {
        return .unknownProduct
      }
      if !known.contains(line.channel) { return .unknownChannel }
      if let code = line.referral, codes[product.uuid]?.contains(code) != true {
        return .unknownReferral
      }
      return unpriced.contains(line.externalID) ? .noListPrice : nil
    }
  }

  /// Which lines have no list price where their contract asks for one. Returns of sales that are
  /// in have the price of their sale.
  private static func unpriced(
    _ lines: [SaleLine], source: String, in tx: Transaction
  ) async throws -> Set<String> {
    let products = Set(lines.compactMap(\.productID?.uuid))
    let rows = try await tx.all(
      """
      SELECT DISTINCT product_id FROM contracts
      WHERE base = 'list' AND product_id = ANY(\(Array(products)))
      """, as: UUID.self)
    let asking = Set(rows)
    if asking.isEmpty { return [] }
    let open = lines.filter { line in
      line.listPrice == nil && line.productID.map { asking.contains($0.uuid) } ?? false
    }
    let ids = open.map { $0.productID?.uuid ?? UUID.zero }
    let currencies = open.map { $0.currency.code }
    let found = try await tx.all(
      """
      SELECT line.external_id
      FROM unnest(\(open.map(\.externalID))::text[], \(ids)::uuid[],
                  \(currencies)::text[], \(open.map(\.soldAt))::timestamptz[],
                  \(open.map(\.returnOf))::text[])
        AS line (external_id, product_id, currency, sold_at, return_of)
      CROSS JOIN LATERAL (
        SELECT base, terms FROM contracts c
        WHERE c.product_id = line.product_id AND c.starts_at <= line.sold_at
        ORDER BY c.version DESC LIMIT 1
      ) AS governing
      WHERE governing.base = 'list' AND governing.terms #> ARRAY['list_prices', currency] IS NULL
        AND NOT EXISTS (SELECT FROM sale_lines o
                        WHERE o.source = \(source) AND o.external_id = line.return_of
                          AND o.product_id = line.product_id AND \(Withdrawals.stands("o")))
      """, as: String.self)
    return Set(found)
  }

  /// Which lines somebody has decided not to count.
  private static func rejected(_ lines: [SaleLine], source: String, in tx: Transaction)
    async throws -> Set<String>
  {
    let some = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM suspense_lines
                     WHERE source = \(source) AND rejected_at IS NOT NULL)
      """, as: Bool.self)
    guard some else { return [] }
    let found = try await tx.all(
      """
      SELECT external_id FROM suspense_lines
      WHERE source = \(source) AND rejected_at IS NOT NULL
        AND external_id = ANY(\(lines.map(\.externalID)))
      """, as: String.self)
    return Set(found)
  }

  /// The referral codes among those of the lines that there are, by product.
  private static func codes(_ lines: [SaleLine], in tx: Transaction) async throws
    -> [UUID: Set<String>]
  {
    let referred = lines.filter { $0.referral != nil }
    if referred.isEmpty { return [:] }
    let rows = try await tx.all(
      """
      SELECT product_id, code FROM referrals
      WHERE product_id = ANY(\(Array(Set(referred.compactMap(\.productID?.uuid)))))
        AND code = ANY(\(Array(Set(referred.compactMap(\.referral)))))
      """, as: (UUID, String).self)
    return Dictionary(grouping: rows, by: { $0.0 }).mapValues { Set($0.map { $0.1 }) }
  }
}
