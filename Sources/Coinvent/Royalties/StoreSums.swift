import Postgres

/// Stores the sums of a plan, and how it changed them, in the plan's transaction.
enum StoreSums {
  /// Whether `sums` are not as they are stored.
  static func differ(in tx: Transaction) async throws -> Bool {
    try await tx.one("SELECT EXISTS (\(differences))", as: Bool.self)
  }

  /// Writes how products in `summed` have changed, for members to read.
  static func explain(_ settlement: UUID, in tx: Transaction) async throws {
    try await tx.execute(
      """
      INSERT INTO settlement_lines
        (settlement_id, product_id, contract_version, share_version, currency, channel, territory,
         format, rate_ppm, units, base, earned)
      SELECT \(settlement), d.* FROM (\(differences)) AS d
      """)
  }

  private static let differences: Query = """
    SELECT product_id, contract_version, share_version, currency, channel, territory, format,
      rate_ppm, sum(units)::bigint AS units, sum(base) AS base, sum(earned) AS earned
    FROM (
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, units, base, earned
      FROM sums
      UNION ALL
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, -units, -base, -earned
      FROM earned_sums JOIN summed USING (product_id)
    ) AS side
    GROUP BY product_id, contract_version, share_version, currency, channel, territory, format,
      rate_ppm
    HAVING sum(units) <> 0 OR sum(base) <> 0 OR sum(earned) <> 0
    """

  /// Replaces the stored sums of products in `summed`, and says what was counted.
  static func replace(
    in scope: LifetimePools.Scope, since counted: LifetimePools.Scope?, refers: Bool,
    in tx: Transaction
  ) async throws {
    try await replaceEarned(in: tx)
    if refers { try await replaceReferrals(in: tx) }
    try await WaitingSales.store(in: scope, since: counted, in: tx)
    try await CountedRules.store(in: scope, in: tx)
    try await scope.store(in: tx)
  }

  private static func replaceEarned(in tx: Transaction) async throws {
    try await tx.execute(
      """
      DELETE FROM earned_sums e USING summed d
      WHERE d.product_id = e.product_id AND NOT EXISTS (
        SELECT FROM sums s
        WHERE (s.product_id, s.contract_version, s.share_version, s.currency, s.channel,
               s.territory, s.format, s.rate_ppm, s.month)
          = (e.product_id, e.contract_version, e.share_version, e.currency, e.channel,
             e.territory, e.format, e.rate_ppm, e.month))
      """)
    try await tx.execute(
      """
      INSERT INTO earned_sums AS e
        (product_id, contract_version, share_version, currency, channel, territory, format,
         rate_ppm, month, units, base, earned)
      SELECT product_id, contract_version, share_version, currency, channel, territory, format,
        rate_ppm, month, units, base, earned
      FROM sums
      ON CONFLICT (product_id, contract_version, share_version, currency, channel, territory,
                   format, rate_ppm, month)
        DO UPDATE SET units = excluded.units, base = excluded.base, earned = excluded.earned
        WHERE (e.units, e.base, e.earned) <> (excluded.units, excluded.base, excluded.earned)
      """)
  }

  private static func replaceReferrals(in tx: Transaction) async throws {
    try await tx.execute(
      """
      DELETE FROM referral_sums e USING summed d
      WHERE d.product_id = e.product_id AND NOT EXISTS (
        SELECT FROM part_sums s
        WHERE (s.product_id, s.contract_version, s.share_version, s.currency, s.member_id)
          = (e.product_id, e.contract_version, e.share_version, e.currency, e.member_id))
      """)
    try await tx.execute(
      """
      INSERT INTO referral_sums AS e
        (product_id, contract_version, share_version, currency, member_id, part)
      SELECT product_id, contract_version, share_version, currency, member_id, part FROM part_sums
      ON CONFLICT (product_id, contract_version, share_version, currency, member_id)
        DO UPDATE SET part = excluded.part WHERE e.part <> excluded.part
      """)
  }
}
