import Postgres

/// The lifetime sums that everything else follows from.
enum LifetimePools {
  /// What a plan has seen: lines up to an arrival, sold before a moment, under the rules of
  /// another.
  struct Scope {
    let horizon: Int64
    let cutOff: Timestamp
    let plannedAt: Timestamp
  }

  /// A query of (product_id, contract_version, share_version, currency, before, after): every pool
  /// whose lifetime sum is not what is posted. Sums are exact and truncated once.
  ///
  /// A return is governed by the versions of the sale that it points at, wherever that is known.
  static func changes(in scope: Scope) -> Query {
    """
    WITH contract_spans AS (
      SELECT product_id, version, base, starts_at, lead(starts_at, 1, 'infinity')
        OVER (PARTITION BY product_id ORDER BY version) AS ends_at
      FROM contracts WHERE version = 1 OR created_at <= \(scope.plannedAt)
    ), share_spans AS (
      SELECT product_id, version, starts_at, lead(starts_at, 1, 'infinity')
        OVER (PARTITION BY product_id ORDER BY version) AS ends_at
      FROM share_versions WHERE state = 'locked' AND locked_at <= \(scope.plannedAt)
    ), terms AS (
      SELECT c.product_id, r.channel, c.version AS contract_version, v.version AS share_version,
        c.base, r.rate_ppm, greatest(c.starts_at, v.starts_at) AS starts_at,
        least(c.ends_at, v.ends_at) AS ends_at
      FROM contract_spans c
      JOIN contract_rates r ON r.product_id = c.product_id AND r.version = c.version
      JOIN share_spans v ON v.product_id = c.product_id
        AND v.starts_at < c.ends_at AND c.starts_at < v.ends_at
    ), lines AS (
      SELECT product_id, channel, currency, gross, net, sold_at AS governed_at
      FROM sale_lines
      WHERE return_of IS NULL AND arrival <= \(scope.horizon) AND sold_at < \(scope.cutOff)
      UNION ALL
      SELECT s.product_id, s.channel, s.currency, s.gross, s.net,
        coalesce(o.sold_at, s.sold_at) AS governed_at
      FROM sale_lines s
      LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
        AND o.product_id = s.product_id AND o.arrival <= \(scope.horizon)
      WHERE s.return_of IS NOT NULL AND s.arrival <= \(scope.horizon)
        AND s.sold_at < \(scope.cutOff)
    ), sums AS (
      SELECT l.product_id, t.contract_version, t.share_version, l.currency,
        t.rate_ppm * sum(CASE t.base WHEN 'gross' THEN l.gross ELSE l.net END) AS millionths
      FROM lines l
      JOIN terms t ON t.product_id = l.product_id AND t.channel = l.channel
        AND l.governed_at >= t.starts_at AND l.governed_at < t.ends_at
      GROUP BY l.product_id, t.contract_version, t.share_version, l.currency, t.rate_ppm
    ), lifetime AS (
      SELECT product_id, contract_version, share_version, currency,
        div(sum(millionths), 1000000)::bigint AS pool
      FROM sums GROUP BY product_id, contract_version, share_version, currency
    )
    SELECT product_id, contract_version, share_version, currency,
      coalesce(p.settled, 0) AS before, coalesce(l.pool, 0) AS after
    FROM lifetime l
    FULL JOIN pools p USING (product_id, contract_version, share_version, currency)
    WHERE coalesce(p.settled, 0) <> coalesce(l.pool, 0)
    """
  }
}
