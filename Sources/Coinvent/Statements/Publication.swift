import Postgres

/// The making of a period's statements, and how far it has come.
struct Publication: Sendable {
  let version: Int
  /// See `Statement.format`.
  let format: Int
  /// See `MemberSteps`.
  let steps: Int

  /// The one that is not finished; nil when there is none.
  static func open(of period: Period, in db: some Queryable) async throws -> Publication? {
    let row = try await db.first(
      """
      SELECT version, format, steps FROM publications
      WHERE period_id = \(period.id.uuid) AND done_at IS NULL
      """, as: (Int32, Int16, Int32).self)
    return row.map { Publication(version: Int($0.0), format: Int($0.1), steps: Int($0.2)) }
  }

  /// Fixes which settlements it tells of, and what products are called.
  static func begin(_ period: Period, by: MemberID?, at now: Timestamp, in tx: Transaction)
    async throws -> Publication
  {
    let format = Statement.newestFormat
    let (version, steps) = try await tx.one(
      """
      INSERT INTO publications (period_id, version, format, steps, begun_by, begun_at, made)
      SELECT \(period.id.uuid), coalesce(max(version), 0) + 1, \(Int16(format)),
        \(MemberSteps.number(for: "SELECT count(*) FROM balances")),
        \(by?.uuid), \(now), 0
      FROM publications WHERE period_id = \(period.id.uuid)
      RETURNING version, steps
      """, as: (Int32, Int32).self)
    // Settlements from before there were periods are told with the first one.
    try await tx.execute(
      """
      UPDATE settlements SET period_id = \(period.id.uuid)
      WHERE period_id IS NULL AND state = 'done'
      """)
    try await tx.execute(
      """
      UPDATE settlements SET statement_version = \(version)
      WHERE period_id = \(period.id.uuid) AND statement_version IS NULL AND state = 'done'
      """)
    try await tx.execute(
      """
      INSERT INTO statement_products (product_id, period_id, version, name)
      SELECT p.id, \(period.id.uuid), \(version), p.name FROM products p
      WHERE p.id IN (
        SELECT c.product_id FROM (
          SELECT product_id, settlement_id FROM pool_changes
          UNION SELECT product_id, settlement_id FROM settlement_lines
          UNION SELECT product_id, settlement_id FROM settlement_terms
        ) AS c JOIN settlements s ON s.id = c.settlement_id
        WHERE s.period_id = \(period.id.uuid) AND s.statement_version = \(version))
      """)
    try await SettlementSales.keep(period, version: version, in: tx)
    return Publication(version: Int(version), format: format, steps: Int(steps))
  }

  /// The steps that are not done.
  func left(of period: Period, in db: some Queryable) async throws -> [Int] {
    let done = try await db.all(
      """
      SELECT step FROM publication_steps
      WHERE period_id = \(period.id.uuid) AND version = \(Int32(version))
      """, as: Int32.self)
    return (0..<steps).filter { !done.contains(Int32($0)) }
  }

  /// Writes down that a step is done; a second time it fails, and so does what came with it.
  func finish(_ step: Int, of period: Period, statements: Int64, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO publication_steps (period_id, version, step, statements)
      VALUES (\(period.id.uuid), \(Int32(version)), \(Int32(step)), \(statements))
      """)
  }
}
