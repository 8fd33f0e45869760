import Postgres

/// Everything that statements are made of belongs to one, and there are as many as were made: no
/// foreign key says so (Schema/0053).
enum VerifyStatementRows {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    var finding = try await comparing(publications, in: tx)
    if finding == nil { finding = try await comparing(members, in: tx) }
    return Verify.Check(
      name: "no statement is missing",
      rows: try await VerifyPostings.count("statement_balances", in: tx),
      finding: finding)
  }

  /// Tables that were written a moment ago have no statistics: the planner takes them for a few
  /// rows, and would compare each of them with each.
  static func comparing(
    _ look: (Transaction) async throws -> Finding?, in tx: Transaction
  ) async throws -> Finding? {
    try await tx.execute("SET LOCAL enable_nestloop = off")
    let finding = try await look(tx)
    try await tx.execute("SET LOCAL enable_nestloop = on")
    return finding
  }

  private static func publications(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT coalesce(p.name, u.period_id::text), version, what
      FROM (
        SELECT period_id, version, 'counts other statements than there are' AS what
        FROM publications u LEFT JOIN (
          SELECT period_id, version, count(DISTINCT member_id) AS told
          FROM statement_balances GROUP BY period_id, version
        ) AS b USING (period_id, version)
        WHERE done_at IS NOT NULL AND made <> coalesce(told, 0)
        UNION ALL
        SELECT period_id, version, 'says wrongly whether all statements are sealed'
        FROM publications u LEFT JOIN (
          SELECT period_id, version, count(*) AS hashes
          FROM statement_seals GROUP BY period_id, version
        ) AS s USING (period_id, version)
        WHERE CASE WHEN sealed THEN made <> coalesce(hashes, 0)
                   ELSE made < coalesce(hashes, 0) OR done_at IS NULL AND hashes > 0 END
        UNION ALL
        SELECT period_id, version, 'has other steps than were done'
        FROM publications u LEFT JOIN (
          SELECT period_id, version, count(*) AS steps, min(step) AS first, max(step) AS last,
            sum(statements) AS made
          FROM publication_steps GROUP BY period_id, version
        ) AS s USING (period_id, version)
        WHERE u.done_at IS NOT NULL
          AND (u.steps, u.made, 0, u.steps - 1)
            IS DISTINCT FROM (s.steps, s.made, s.first, s.last)
          AND NOT (u.steps IS NULL AND s.steps IS NULL)
        UNION ALL
        SELECT period_id, version, 'follows no version before it'
        FROM (
          SELECT period_id, version,
            row_number() OVER (PARTITION BY period_id ORDER BY version) AS place
          FROM publications
        ) AS numbered WHERE version <> place
        UNION ALL
        SELECT period_id, version, 'has parts, and was never made'
        FROM (
          SELECT period_id, version FROM statement_balances
          UNION SELECT period_id, version FROM statement_seals
          UNION SELECT period_id, version FROM statement_products
          UNION SELECT period_id, statement_version FROM settlements
          WHERE statement_version IS NOT NULL
        ) AS part
        WHERE NOT EXISTS (SELECT FROM publications u
                          WHERE (u.period_id, u.version) = (part.period_id, part.version))
      ) AS u LEFT JOIN periods p ON p.id = u.period_id
      ORDER BY 1, 2 LIMIT 1
      """, as: (String, Int32, String).self)
    return row.map {
      Finding(check: "statements", detail: "version \($0.1) of \($0.0) \($0.2)")
    }
  }

  private static func members(in tx: Transaction) async throws -> Finding? {
    let row = try await tx.first(
      """
      SELECT member_id, coalesce(p.name, period_id::text), version, what
      FROM (
        SELECT member_id, period_id, version, 'has parts and is gone' AS what
        FROM (SELECT member_id, period_id, version FROM statement_seals
              UNION SELECT member_id, period_id, version FROM statement_movements) AS part
        WHERE NOT EXISTS (
          SELECT FROM statement_balances b
          WHERE (b.member_id, b.period_id, b.version)
            = (part.member_id, part.period_id, part.version))
        UNION ALL
        SELECT n.member_id, n.period_id, n.version, 'leaves out ' || b.currency
        FROM statement_balances b
        JOIN (
          SELECT member_id, period_id, version,
            lag(version) OVER (PARTITION BY period_id, member_id ORDER BY version) AS earlier
          FROM (
            SELECT DISTINCT member_id, period_id, version FROM statement_balances
            WHERE period_id IN (SELECT period_id FROM publications WHERE version > 1)
          ) AS told
        ) AS n ON (n.member_id, n.period_id, n.earlier) = (b.member_id, b.period_id, b.version)
        JOIN publications u ON (u.period_id, u.version) = (n.period_id, n.version)
          AND u.format > 2
        WHERE NOT EXISTS (
          SELECT FROM statement_balances s
          WHERE (s.member_id, s.period_id, s.version, s.currency)
            = (n.member_id, n.period_id, n.version, b.currency))
        UNION ALL
        SELECT member_id, period_id, version, 'is of nobody' FROM statement_balances b
        WHERE NOT EXISTS (SELECT FROM members m WHERE m.id = b.member_id)
      ) AS told LEFT JOIN periods p ON p.id = period_id
      ORDER BY 1, 2, 3 LIMIT 1
      """, as: (UUID, String, Int32, String).self)
    return row.map {
      Finding(
        check: "statements",
        detail: "version \($0.2) of \(MemberID(uuid: $0.0)) for \($0.1) \($0.3)")
    }
  }
}
