import Postgres

/// Publications that ended have every statement that they made: a statement that was taken away
/// leaves nothing behind that the others would miss.
enum VerifyPublications {
  static func run(in tx: Transaction) async throws -> Verify.Check {
    let rows = try await tx.all(
      """
      SELECT p.name, u.version, u.made, coalesce(s.there, 0), coalesce(s.told, 0)
      FROM publications u JOIN periods p ON p.id = u.period_id
      LEFT JOIN (
        SELECT period_id, version, count(*) AS there,
          count(*) FILTER (WHERE EXISTS (
            SELECT FROM statement_balances b
            WHERE b.member_id = s.member_id AND b.period_id = s.period_id
              AND b.version = s.version)) AS told
        FROM statements s GROUP BY period_id, version
      ) AS s USING (period_id, version)
      WHERE u.done_at IS NOT NULL ORDER BY p.number, u.version
      """, as: (String, Int32, Int64, Int64, Int64).self)
    let wrong = rows.first { $0.2 != $0.3 || $0.3 != $0.4 }
    return Verify.Check(
      name: "publications have all statements that they made", rows: rows.count,
      finding: wrong.map { name, version, made, there, told in
        Finding(
          check: "publications",
          detail: made == there
            ? "\(there - told) statements of \(name), version \(version), have no balances"
            : "version \(version) of \(name) was published with \(made) statements; there are "
              + "\(there)")
      })
  }
}
