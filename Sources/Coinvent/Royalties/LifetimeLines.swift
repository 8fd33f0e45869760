import Postgres

/// Which sale lines a plan adds up, and the rules that govern them.
///
/// A return is governed by the versions of the sale that it points at, and has its referrer,
/// wherever that sale is known.
enum LifetimeLines {
  /// A query of (product_id, channel, currency, units, gross, net, governed_at, referral): every
  /// line that counts or, after an earlier plan, every change of what counts.
  ///
  /// After an earlier plan it needs the temporary table `recounted`.
  static func query(in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?) -> Query {
    guard let counted else {
      return lines("", in: scope, where: "TRUE")
    }
    let isNew: Query = """
      (s.arrival > \(counted.horizon) OR s.sold_at >= \(counted.cutOff))
        AND NOT EXISTS (SELECT FROM recounted n WHERE n.product_id = s.product_id)
      """
    return """
      \(lines("", in: scope, where: isNew))
      UNION ALL
      \(lines("JOIN recounted n ON n.product_id = s.product_id", in: scope, where: "TRUE"))
      UNION ALL
      \(moved(in: scope, since: counted))
      """
  }

  /// Starts up to which lines are grouped before they meet their terms.
  private static let fewStarts = 256

  /// The same for everything that counts, without referrals: lines of one channel between two
  /// starts of any versions are one row, for they have the same terms. So all processors can add
  /// up, and few rows are left to look at. With many starts there is little to group, and lines
  /// stay alone.
  static func grouped(in scope: LifetimePools.Scope, in tx: Transaction) async throws -> Query {
    let starts = try await tx.all(
      """
      SELECT starts_at FROM contracts WHERE version > 1 AND created_at <= \(scope.plannedAt)
      UNION
      SELECT starts_at FROM share_versions
      WHERE state = 'locked' AND locked_at <= \(scope.plannedAt) AND starts_at > '-infinity'
      ORDER BY starts_at LIMIT \(Int64(fewStarts + 1))
      """, as: Timestamp.self)
    if starts.count > fewStarts { return query(in: scope, since: nil) }
    func group(_ lines: Query) -> Query {
      let between: Query =
        starts.isEmpty ? "" : ", width_bucket(governed_at, \(starts)::timestamptz[])"
      return """
        SELECT product_id, channel, currency, sum(units) AS units, sum(gross) AS gross,
          sum(net) AS net, min(governed_at) AS governed_at
        FROM (\(lines)) AS line
        GROUP BY product_id, channel, currency\(between)
        """
    }
    return """
      \(group(sales("", in: scope, where: "TRUE")))
      UNION ALL
      \(group(returns("", in: scope, where: "TRUE")))
      """
  }

  private static func lines(_ join: Query, in scope: LifetimePools.Scope, where condition: Query)
    -> Query
  {
    """
    \(sales(join, in: scope, where: condition))
    UNION ALL
    \(returns(join, in: scope, where: condition))
    """
  }

  private static func sales(_ join: Query, in scope: LifetimePools.Scope, where condition: Query)
    -> Query
  {
    """
    SELECT s.product_id, s.channel, s.currency, s.quantity AS units, s.gross, s.net,
      s.sold_at AS governed_at, s.referral
    FROM sale_lines s \(join)
    WHERE s.return_of IS NULL AND s.arrival <= \(scope.horizon) AND s.sold_at < \(scope.cutOff)
      AND \(Withdrawals.standAll("s", at: scope.horizon)) AND \(condition)
    """
  }

  private static func returns(_ join: Query, in scope: LifetimePools.Scope, where condition: Query)
    -> Query
  {
    """
    SELECT s.product_id, s.channel, s.currency, s.quantity AS units, s.gross, s.net,
      coalesce(o.sold_at, s.sold_at) AS governed_at,
      CASE WHEN o.external_id IS NULL THEN s.referral ELSE o.referral END AS referral
    FROM sale_lines s \(join)
    LEFT JOIN sale_lines o ON o.source = s.source AND o.external_id = s.return_of
      AND o.product_id = s.product_id AND o.arrival <= \(scope.horizon)
      AND \(Withdrawals.stands("o", at: scope.horizon))
    WHERE s.return_of IS NOT NULL AND s.arrival <= \(scope.horizon)
      AND s.sold_at < \(scope.cutOff) AND \(Withdrawals.stands("s", at: scope.horizon))
      AND \(condition)
    """
  }

  /// Returns that were counted before their sale arrived: taken out of the versions of their own
  /// day and put into those of the sale's.
  private static func moved(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope
  ) -> Query {
    """
    SELECT s.product_id, s.channel, s.currency, sign * s.quantity, sign * s.gross, sign * s.net,
      CASE sign WHEN 1 THEN o.sold_at ELSE s.sold_at END,
      CASE sign WHEN 1 THEN o.referral ELSE s.referral END
    FROM sale_lines o
    JOIN sale_lines s ON s.source = o.source AND s.return_of = o.external_id
      AND s.product_id = o.product_id
    CROSS JOIN (VALUES (-1::bigint), (1::bigint)) AS side (sign)
    WHERE o.arrival > \(counted.horizon) AND o.arrival <= \(scope.horizon)
      AND s.return_of IS NOT NULL AND s.arrival <= \(counted.horizon)
      AND s.sold_at < \(counted.cutOff)
      AND \(Withdrawals.stands("o", at: scope.horizon))
      AND \(Withdrawals.stands("s", at: scope.horizon))
      AND NOT EXISTS (SELECT FROM recounted n WHERE n.product_id = s.product_id)
    """
  }

  /// The common table expressions `contract_spans`, `share_spans` and `terms`: what holds for the
  /// lines of a channel that are governed at a moment. Products with a contract that has terms have
  /// none. A version ends where any later one starts, and never starts when that was before.
  static func terms(in scope: LifetimePools.Scope) -> Query {
    """
    contract_spans AS (
      SELECT product_id, version, base, referral_ppm, starts_at,
        coalesce(min(starts_at) OVER later, 'infinity') AS ends_at,
        bool_and(terms IS NULL) OVER (PARTITION BY product_id) AS is_plain
      FROM contracts WHERE version = 1 OR created_at <= \(scope.plannedAt)
      WINDOW later AS (PARTITION BY product_id ORDER BY version
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
    ), share_spans AS (
      SELECT product_id, version, starts_at,
        coalesce(min(starts_at) OVER later, 'infinity') AS ends_at
      FROM share_versions WHERE state = 'locked' AND locked_at <= \(scope.plannedAt)
      WINDOW later AS (PARTITION BY product_id ORDER BY version
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
    ), terms AS (
      SELECT c.product_id, r.channel, c.version AS contract_version, v.version AS share_version,
        c.base, r.rate_ppm, c.referral_ppm, greatest(c.starts_at, v.starts_at) AS starts_at,
        least(c.ends_at, v.ends_at) AS ends_at
      FROM contract_spans c
      JOIN contract_rates r ON r.product_id = c.product_id AND r.version = c.version
      JOIN share_spans v ON v.product_id = c.product_id
        AND v.starts_at < c.ends_at AND c.starts_at < v.ends_at
      WHERE c.is_plain
    )
    """
  }
}
