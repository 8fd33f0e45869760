import Postgres

/// Pools that a settlement has lines or terms of and did not change: what sales earned went into
/// the reserve, or paid back an advance.
enum SilentPools {
  /// The keys of pools, of every settlement.
  static let query: Query = """
    SELECT product_id, settlement_id, contract_version, share_version, currency
    FROM settlement_lines l
    WHERE NOT EXISTS (\(change("l")))
    UNION
    SELECT product_id, settlement_id, contract_version, share_version, currency
    FROM settlement_terms t
    WHERE NOT EXISTS (\(change("t")))
    """

  private static func change(_ alias: StaticString) -> Query {
    let row: Query = "\(unsafeSQL: "\(alias)")"
    return """
      SELECT FROM pool_changes c
      WHERE c.product_id = \(row).product_id AND c.settlement_id = \(row).settlement_id
        AND c.contract_version = \(row).contract_version
        AND c.share_version = \(row).share_version AND c.currency = \(row).currency
      """
  }
}
