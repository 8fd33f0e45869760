import Postgres

/// What each member's events weigh in each part of a recipe, added up by the database.
enum RecountWeights {
  struct Row {
    let holder: UUID
    /// Among the part's holders: by their earliest events, then by their ids.
    let place: Int
    let weight: UInt128
  }

  /// By the position of the part; holders in the order of their places.
  static func run(
    _ product: ProductID, recipe: Int32, horizon: Int64, in tx: Transaction
  ) async throws -> [Int32: [Row]] {
    let rows = try await tx.all(
      """
      WITH RECURSIVE part AS (
        SELECT position, slice, role, policy, step, tolerance_ppm FROM recipe_slices
        WHERE product_id = \(product.uuid) AND version = \(recipe)
      ), \(heads(product, horizon)), standing AS (
        SELECT coalesce(head.holder, influence_events.member_id) AS member_id, slice, role,
          occurred_at, weight, spread, place, value, target
        FROM influence_events LEFT JOIN head ON head.member_id = influence_events.member_id
        WHERE product_id = \(product.uuid) AND arrival <= \(horizon) AND revokes IS NULL
          AND id NOT IN (
            SELECT revokes FROM influence_events
            WHERE product_id = \(product.uuid) AND arrival <= \(horizon) AND revokes IS NOT NULL)
      ), counted AS (
        SELECT p.position, p.policy, p.tolerance_ppm, e.*,
          CASE p.policy WHEN 'selective' THEN coalesce(e.spread, e.weight)
            WHEN 'early_weighted' THEN (coalesce(e.place, 1) - 1) / p.step + 1 END AS n
        FROM standing e JOIN LATERAL (
          SELECT * FROM part
          WHERE part.slice = e.slice
            AND part.role IN (e.role, '', CASE e.role WHEN '' THEN 'entry' END)
          ORDER BY part.role = e.role DESC, part.role LIMIT 1) p ON true
      ), number AS (
        SELECT position, n, row_number() OVER (PARTITION BY position ORDER BY n) AS nth
        FROM (SELECT DISTINCT position, n FROM counted WHERE n IS NOT NULL) AS d
      ), multiple (position, nth, value) AS (
        SELECT DISTINCT position, 0::bigint, 1::numeric FROM number
        UNION ALL
        SELECT m.position, d.nth, lcm(m.value, d.n)
        FROM multiple m JOIN number d ON d.position = m.position AND d.nth = m.nth + 1
        WHERE m.value <= 1e22
      ), unit AS (
        SELECT position, least(max(value), 1e22) AS value FROM multiple GROUP BY position
      )
      SELECT c.position, c.member_id,
        row_number() OVER (
          PARTITION BY c.position ORDER BY min(c.occurred_at), c.member_id),
        sum(CASE c.policy
          WHEN 'equal' THEN 1
          WHEN 'selective' THEN div(u.value, c.n)
          WHEN 'early_weighted' THEN div(u.value, c.n)
          WHEN 'accuracy' THEN greatest(0,
            c.target::numeric * c.tolerance_ppm - abs(c.target::numeric - c.value) * 1000000)
          ELSE c.weight END)::numeric
      FROM counted c LEFT JOIN unit u USING (position)
      GROUP BY c.position, c.member_id ORDER BY 1, 3
      """, as: (Int32, UUID, Int64, Int128).self)
    return Dictionary(grouping: rows, by: \.0).mapValues { rows in
      rows.map { Row(holder: $0.1, place: Int($0.2), weight: UInt128($0.3)) }
    }
  }

  /// Two tables of a statement: who stands for each merged account.
  static func heads(_ product: ProductID, _ horizon: Int64) -> Query {
    """
    merged AS (
      SELECT from_member, to_member FROM (
        SELECT DISTINCT ON (from_member) from_member, to_member, kind FROM holding_changes
        WHERE product_id = \(product.uuid) AND arrival <= \(horizon)
          AND kind IN ('merge', 'unmerge')
        ORDER BY from_member, arrival DESC) AS last
      WHERE kind = 'merge'
    ), path (member_id, holder) AS (
      SELECT from_member, to_member FROM merged
      UNION
      SELECT path.member_id, merged.to_member
      FROM path JOIN merged ON merged.from_member = path.holder
    ), head AS (
      SELECT member_id, holder FROM path
      WHERE holder NOT IN (SELECT from_member FROM merged)
    )
    """
  }
}
