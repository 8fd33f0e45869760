import JSON
import Ledger
import Postgres

extension RecountTerms {
  /// Recounts every product that has a contract version with terms.
  /// - Parameter only: this one product, whatever its contract has.
  static func run(
    horizon: Int64, cutOff: Timestamp, plannedAt: Timestamp, only: UUID? = nil, in tx: Transaction
  ) async throws -> RecountPools.Result {
    var recount = RecountTerms(cutOff: cutOff)
    var count = 0
    let chosen =
      if let only { [only] } else { try await products(plannedAt: plannedAt, in: tx) }
    for product in chosen {
      let lines = try await lines(of: product, horizon: horizon, cutOff: cutOff, in: tx)
      count += lines.count
      recount.add(
        product, contracts: try await contracts(of: product, plannedAt: plannedAt, in: tx),
        shares: try await shares(of: product, plannedAt: plannedAt, in: tx), lines: lines,
        links: try await links(of: product, in: tx))
    }
    let settled = try await tx.first(
      "SELECT cut_off FROM settlements ORDER BY planned_at DESC LIMIT 1", as: Timestamp.self)
    return RecountPools.Result(
      pools: recount.pools(), referred: recount.referred.mapValues { $0 / 1_000_000 },
      sums: recount.sums(), terms: settled.map { recount.parts(at: $0) } ?? [:], lines: count)
  }

  /// Those with terms, by the moment of the plan.
  static func products(plannedAt: Timestamp, in tx: Transaction) async throws -> [UUID] {
    try await tx.all(
      """
      SELECT DISTINCT product_id FROM contracts
      WHERE terms IS NOT NULL AND (version = 1 OR created_at <= \(plannedAt)) ORDER BY product_id
      """, as: UUID.self)
  }

  private static func contracts(of product: UUID, plannedAt: Timestamp, in tx: Transaction)
    async throws -> [RecountedContract]
  {
    let rates = try await tx.all(
      "SELECT version, channel, rate_ppm FROM contract_rates WHERE product_id = \(product)",
      as: (Int32, String, Int64).self)
    let rows = try await tx.all(
      """
      SELECT version, base, referral_ppm, terms::text,
        CASE WHEN starts_at = '-infinity' THEN NULL ELSE starts_at END
      FROM contracts
      WHERE product_id = \(product) AND (version = 1 OR created_at <= \(plannedAt))
      ORDER BY version
      """, as: (Int32, String, Int64, String?, Timestamp?).self)
    return try rows.map { version, base, referral, terms, starts in
      let own = rates.filter { $0.0 == version }.map { ($0.1, $0.2) }
      return try RecountedContract(
        version: version, starts: starts?.microseconds ?? .min, base: base, referral: referral,
        rates: Dictionary(own, uniquingKeysWith: { first, _ in first }),
        terms: terms.map { try JSON.parse(Array($0.utf8)) })
    }
  }

  private static func shares(of product: UUID, plannedAt: Timestamp, in tx: Transaction)
    async throws -> [(version: Int32, starts: Int64)]
  {
    let rows = try await tx.all(
      """
      SELECT version, CASE WHEN starts_at = '-infinity' THEN NULL ELSE starts_at END
      FROM share_versions
      WHERE product_id = \(product) AND state = 'locked' AND locked_at <= \(plannedAt)
      ORDER BY version
      """, as: (Int32, Timestamp?).self)
    return rows.map { ($0.0, $0.1?.microseconds ?? .min) }
  }

  private static func links(of product: UUID, in tx: Transaction) async throws -> [String: UUID] {
    let rows = try await tx.all(
      "SELECT code, member_id FROM referrals WHERE product_id = \(product)",
      as: (String, UUID).self)
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  private static func lines(
    of product: UUID, horizon: Int64, cutOff: Timestamp, in tx: Transaction
  ) async throws -> [RecountReplay.Line] {
    let rows = try await tx.all(
      """
      SELECT s.source, s.external_id, s.channel, coalesce(o.channel, s.channel),
        coalesce(CASE WHEN o.external_id IS NULL THEN s.territory ELSE o.territory END, ''),
        coalesce(CASE WHEN o.external_id IS NULL THEN s.format ELSE o.format END, ''),
        s.quantity, s.unit_price, s.discount, s.allowance, s.deductions::text,
        coalesce(s.list_price, o.list_price), s.currency, s.sold_at,
        coalesce(CASE WHEN o.external_id IS NULL THEN s.referral ELSE o.referral END, ''),
        o.external_id, coalesce(o.sold_at, s.sold_at)
      FROM sale_lines s
      LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
        AND o.product_id = s.product_id AND o.arrival <= \(horizon)
        AND \(Withdrawals.stands("o", at: horizon))
      WHERE s.product_id = \(product) AND s.arrival <= \(horizon) AND s.sold_at < \(cutOff)
        AND \(Withdrawals.stands("s", at: horizon))
      """,
      as: (
        String, String, String, String, String, String, Int64, Int64, Int64, Int64, String?, Int64?,
        String, Timestamp, String, String?, Timestamp
      ).self)
    return try rows.map { row in
      RecountReplay.Line(
        source: row.0, id: row.1, ownChannel: row.2, channel: row.3, territory: row.4,
        format: row.5, quantity: row.6, unitPrice: row.7, discount: row.8, allowance: row.9,
        named: try named(row.10), listPrice: row.11, currency: row.12,
        soldAt: row.13.microseconds, referral: row.14, saleID: row.15,
        governedAt: row.16.microseconds)
    }
  }

  /// Deductions by name, in nanos.
  private static func named(_ text: String?) throws -> [String: Int64] {
    guard let text else { return [:] }
    let members = try JSON.parse(Array(text.utf8)).object?.members ?? []
    return Dictionary(
      members.map { ($0.key, $0.value.int ?? 0) }, uniquingKeysWith: { first, _ in first })
  }
}
