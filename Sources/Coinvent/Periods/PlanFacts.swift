import Ledger
import Postgres

/// A settlement's plan as it stands in its rows: what a preview keeps, and an approval compares.
struct PlanFacts {
  struct Pool {
    let product: UUID
    let contractVersion: Int32
    let shareVersion: Int32
    let currency: String
    let before: Int64
    let after: Int64
  }

  /// Over all rows of the plan, as `sha256(in:)` says.
  let sha256: [UInt8]
  let pools: [Pool]
  /// By how much pools change, up or down.
  let totals: [Currency: Int64]

  /// - Parameter settlement: planned in the caller's transaction; nothing of it: an empty plan.
  static func of(_ settlement: UUID, in tx: Transaction) async throws -> PlanFacts {
    let rows = try await tx.all(
      """
      SELECT product_id, contract_version, share_version, currency, before, after
      FROM pool_changes WHERE settlement_id = \(settlement)
      ORDER BY product_id, contract_version, share_version, currency
      """, as: (UUID, Int32, Int32, String, Int64, Int64).self)
    return PlanFacts(
      sha256: try await sha256(settlement, in: tx),
      pools: rows.map {
        Pool(
          product: $0.0, contractVersion: $0.1, shareVersion: $0.2, currency: $0.3, before: $0.4,
          after: $0.5)
      },
      totals: try await totals(settlement, in: tx))
  }

  static func totals(_ settlement: UUID, in tx: Transaction) async throws -> [Currency: Int64] {
    let rows = try await tx.all(
      """
      SELECT currency,
        least(sum(abs(after::numeric - before::numeric)), 9223372036854775807)::bigint
      FROM pool_changes WHERE settlement_id = \(settlement) GROUP BY currency
      """, as: (String, Int64).self)
    return Dictionary(
      rows.compactMap { code, total in Currency(code).map { ($0, total) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// A digest for each product over its lines, and one over all those: no text grows with the
  /// number of products.
  static func sha256(_ settlement: UUID, in tx: Transaction) async throws -> [UInt8] {
    try await tx.one(
      """
      SELECT sha256(coalesce(string_agg(digest, ''::bytea ORDER BY product_id), ''::bytea))
      FROM (
        SELECT product_id, sha256(convert_to(
          string_agg(line, E'\\n' ORDER BY line COLLATE "C"), 'UTF8')) AS digest
        FROM (
          SELECT product_id, concat_ws('/', 'pool', contract_version, share_version, currency,
            before, after, referred_before, referred_after) AS line
          FROM pool_changes WHERE settlement_id = \(settlement)
          UNION ALL
          SELECT product_id, concat_ws('/', 'refer', contract_version, share_version, currency,
            member_id, before, after)
          FROM referral_changes WHERE settlement_id = \(settlement)
          UNION ALL
          SELECT product_id, concat_ws('/', 'line', contract_version, share_version, currency,
            channel, territory, format, rate_ppm, units, trim_scale(base), trim_scale(earned))
          FROM settlement_lines WHERE settlement_id = \(settlement)
          UNION ALL
          SELECT product_id, concat_ws('/', 'terms', contract_version, share_version, currency,
            earned, reserved, recouped, advanced, guaranteed, released)
          FROM settlement_terms WHERE settlement_id = \(settlement)
        ) AS line GROUP BY product_id
      ) AS product
      """, as: [UInt8].self)
  }
}
