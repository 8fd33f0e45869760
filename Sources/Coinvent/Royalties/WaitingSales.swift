import Ledger
import Postgres

/// Sales that are recorded but move no money yet, because nobody has locked the product's shares.
public struct WaitingSales: Sendable, Equatable {
  public let product: ProductID
  public let currency: Currency
  public let lines: Int64
  /// Gross revenue, in nanos.
  public let gross: Int64

  /// Those of before the last plan are counted already; only what came since is read.
  static func all(in db: some Queryable) async throws -> [WaitingSales] {
    let horizon = try await LifetimePools.Scope.counted(in: db)?.horizon ?? -1
    let rows = try await db.all(
      """
      WITH unlocked AS MATERIALIZED (
        SELECT id FROM products p WHERE NOT EXISTS (
          SELECT FROM share_versions v WHERE v.product_id = p.id AND v.state = 'locked')
      )
      SELECT product_id, currency, sum(lines)::bigint, sum(gross)::bigint
      FROM (
        SELECT product_id, currency, lines, gross FROM waiting_sales
        UNION ALL
        SELECT product_id, currency, 1, gross FROM sale_lines WHERE arrival > \(horizon)
        UNION ALL
        SELECT product_id, currency, -1, -gross
        FROM \(Withdrawals.lines(after: horizon)) AS s
      ) AS part
      JOIN unlocked ON unlocked.id = product_id
      GROUP BY product_id, currency HAVING sum(lines) > 0 ORDER BY product_id, currency
      """, as: (UUID, String, Int64, Int64).self)
    return rows.compactMap { product, code, lines, gross in
      Currency(code).map {
        WaitingSales(
          product: ProductID(uuid: product), currency: $0, lines: lines, gross: gross)
      }
    }
  }

  /// Counts what arrived between two plans, and forgets products whose shares are locked now.
  static func store(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, in tx: Transaction
  ) async throws {
    let locked: Query = """
      SELECT product_id FROM share_versions
      WHERE state = 'locked' AND locked_at <= \(scope.plannedAt)
      """
    try await tx.execute("DELETE FROM waiting_sales WHERE product_id IN (\(locked))")
    try await tx.execute(
      """
      WITH unlocked AS MATERIALIZED (
        SELECT id FROM products WHERE id NOT IN (\(locked))
      )
      INSERT INTO waiting_sales AS w (product_id, currency, lines, gross)
      SELECT product_id, currency, sum(lines), sum(gross)
      FROM (
        SELECT product_id, currency, 1 AS lines, gross FROM sale_lines
        WHERE arrival > \(counted?.horizon ?? -1) AND arrival <= \(scope.horizon)
        UNION ALL
        SELECT product_id, currency, -1, -gross
        FROM \(Withdrawals.lines(after: counted?.horizon ?? -1, through: scope.horizon)) AS s
      ) AS part JOIN unlocked ON unlocked.id = product_id
      GROUP BY product_id, currency
      ON CONFLICT (product_id, currency)
        DO UPDATE SET lines = w.lines + excluded.lines, gross = w.gross + excluded.gross
      """)
  }
}
