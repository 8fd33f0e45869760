import Postgres

/// The making of a period's statements, and how far it has come.
struct Publication: Sendable {
  let version: Int
  let after: UUID
  let made: Int64

  /// The one that is not finished; nil when there is none.
  static func open(of period: Period, in db: some Queryable) async throws -> Publication? {
    let row = try await db.first(
      """
      SELECT version, after, made FROM publications
      WHERE period_id = \(period.id.uuid) AND done_at IS NULL
      """, as: (Int32, UUID, Int64).self)
    return row.map { Publication(version: Int($0.0), after: $0.1, made: $0.2) }
  }

  /// Fixes which settlements it tells of, and what products are called.
  static func begin(_ period: Period, by: MemberID?, at now: Timestamp, in tx: Transaction)
    async throws -> Publication
  {
    let version = try await tx.one(
      """
      INSERT INTO publications (period_id, version, format, begun_by, begun_at, after, made)
      SELECT \(period.id.uuid), coalesce(max(version), 0) + 1, \(Int16(Statement.newestFormat)),
        \(by?.uuid), \(now), \(UUID.zero), 0
      FROM publications WHERE period_id = \(period.id.uuid)
      RETURNING version
      """, as: Int32.self)
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
    return Publication(version: Int(version), after: .zero, made: 0)
  }

  /// Members who have a balance and not this version of the statement, in the order of their ids:
  /// those up to `through`.
  struct Round: Sendable {
    let through: UUID
    let members: [UUID]
  }

  /// Of the next so many with a balance; nil when there are none. Of a round that was killed some
  /// members may have theirs.
  func next(_ count: Int64, of period: Period, in db: some Queryable) async throws -> Round? {
    let through = try await db.first(
      """
      SELECT owner FROM (
        SELECT DISTINCT owner FROM balances WHERE owner > \(after) ORDER BY owner LIMIT \(count)
      ) AS next ORDER BY owner DESC LIMIT 1
      """, as: UUID.self)
    guard let through else { return nil }
    // The same span of every table: so none is read from its beginning.
    let members = try await db.all(
      """
      SELECT DISTINCT b.owner FROM balances b JOIN members m ON m.id = b.owner
      WHERE b.owner > \(after) AND b.owner <= \(through) AND m.id > \(after) AND m.id <= \(through)
        AND NOT EXISTS (
          SELECT FROM statements s
          WHERE s.member_id = b.owner AND s.member_id > \(after) AND s.member_id <= \(through)
            AND s.period_id = \(period.id.uuid) AND s.version = \(Int32(version)))
      ORDER BY b.owner
      """, as: UUID.self)
    return Round(through: through, members: members)
  }

  /// Writes down how far it has come.
  func keep(of period: Period, in db: some Queryable) async throws {
    try await db.execute(
      """
      UPDATE publications SET after = \(after), made = \(made)
      WHERE period_id = \(period.id.uuid) AND version = \(Int32(version))
      """)
  }
}
