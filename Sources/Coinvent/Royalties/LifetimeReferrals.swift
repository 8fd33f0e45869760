import Postgres

/// The lifetime parts of referrers. Like pools they are sums over all lines that count, exact and
/// truncated once, so that the order and the cuts of settlements do not matter.
enum LifetimeReferrals {
  /// Whether any contract gives referrers a part; contracts are never changed or deleted.
  static func exist(in db: some Queryable) async throws -> Bool {
    try await db.one(
      "SELECT EXISTS (SELECT FROM contracts WHERE referral_ppm > 0)", as: Bool.self)
  }

  /// A query of (product_id, contract_version, share_version, currency, member_id, before, after):
  /// every referrer's part of a pool that is not what is posted.
  ///
  /// A return has the referrer of the sale that it points at, wherever that is known.
  static func changes(in scope: LifetimePools.Scope) -> Query {
    """
    WITH contract_spans AS (
      SELECT product_id, version, base, referral_ppm, starts_at, lead(starts_at, 1, 'infinity')
        OVER (PARTITION BY product_id ORDER BY version) AS ends_at
      FROM contracts WHERE version = 1 OR created_at <= \(scope.plannedAt)
    ), share_spans AS (
      SELECT product_id, version, starts_at, lead(starts_at, 1, 'infinity')
        OVER (PARTITION BY product_id ORDER BY version) AS ends_at
      FROM share_versions WHERE state = 'locked' AND locked_at <= \(scope.plannedAt)
    ), terms AS (
      SELECT c.product_id, r.channel, c.version AS contract_version, v.version AS share_version,
        c.base, r.rate_ppm * c.referral_ppm AS part,
        greatest(c.starts_at, v.starts_at) AS starts_at, least(c.ends_at, v.ends_at) AS ends_at
      FROM contract_spans c
      JOIN contract_rates r ON r.product_id = c.product_id AND r.version = c.version
      JOIN share_spans v ON v.product_id = c.product_id
        AND v.starts_at < c.ends_at AND c.starts_at < v.ends_at
      WHERE c.referral_ppm > 0
    ), lines AS (
      SELECT product_id, channel, currency, gross, net, sold_at AS governed_at, referral
      FROM sale_lines
      WHERE return_of IS NULL AND referral IS NOT NULL AND arrival <= \(scope.horizon)
        AND sold_at < \(scope.cutOff)
      UNION ALL
      SELECT s.product_id, s.channel, s.currency, s.gross, s.net,
        coalesce(o.sold_at, s.sold_at) AS governed_at,
        CASE WHEN o.external_id IS NULL THEN s.referral ELSE o.referral END AS referral
      FROM sale_lines s
      LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
        AND o.product_id = s.product_id AND o.arrival <= \(scope.horizon)
      WHERE s.return_of IS NOT NULL AND s.arrival <= \(scope.horizon)
        AND s.sold_at < \(scope.cutOff)
        AND CASE WHEN o.external_id IS NULL THEN s.referral ELSE o.referral END IS NOT NULL
    ), sums AS (
      SELECT l.product_id, t.contract_version, t.share_version, l.currency, r.member_id,
        t.part * sum(CASE t.base WHEN 'gross' THEN l.gross ELSE l.net END) AS part
      FROM lines l
      JOIN referrals r ON r.product_id = l.product_id AND r.code = l.referral
      JOIN terms t ON t.product_id = l.product_id AND t.channel = l.channel
        AND l.governed_at >= t.starts_at AND l.governed_at < t.ends_at
      GROUP BY l.product_id, t.contract_version, t.share_version, l.currency, r.member_id, t.part
    ), lifetime AS (
      SELECT product_id, contract_version, share_version, currency, member_id,
        div(sum(part), 1000000000000)::bigint AS due
      FROM sums GROUP BY product_id, contract_version, share_version, currency, member_id
    )
    SELECT product_id, contract_version, share_version, currency, member_id,
      coalesce(d.settled, 0) AS before, coalesce(l.due, 0) AS after
    FROM lifetime l
    FULL JOIN referral_dues d
      USING (product_id, contract_version, share_version, currency, member_id)
    WHERE coalesce(d.settled, 0) <> coalesce(l.due, 0)
    """
  }
}
