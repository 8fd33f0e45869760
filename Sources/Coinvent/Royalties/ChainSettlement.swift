import Postgres

/// Chains a settlement that is done: the hash of its pools and of what members were credited.
enum ChainSettlement {
  /// In the transaction that ends the settlement; again it changes nothing.
  static func run(_ id: SettlementID, in tx: Transaction) async throws {
    guard let (moment, content) = try await content(of: id, in: tx) else { return }
    try await AppendToChain.run(
      ChainEntry(kind: .settlement, thing: id.uuid, step: 0, content: content, moment: moment),
      in: tx)
  }

  /// When it ended, and the hash of its text; nil unless it is done. However many pools it has,
  /// some thousand are in memory.
  static func content(of id: SettlementID, in tx: Transaction) async throws
    -> (moment: Timestamp, hash: [UInt8])?
  {
    let row = try await tx.first(
      """
      SELECT horizon, cut_off, planned_at, done_at FROM settlements
      WHERE id = \(id.uuid) AND done_at IS NOT NULL
      """, as: (Int64, Timestamp, Timestamp, Timestamp).self)
    guard let (horizon, cutOff, planned, done) = row else { return nil }
    var hash = Digest.Stream()
    hash.add(
      """
      coinvent settlement v1
      settlement \(id)
      horizon \(horizon)
      cut-off \(cutOff)
      planned \(planned)
      done \(done)

      """)
    try await addPools(of: id, to: &hash, in: tx)
    try await addCredits(of: id, to: &hash, in: tx)
    return (done, hash.hash)
  }

  private static func addPools(
    of id: SettlementID, to hash: inout Digest.Stream, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      DECLARE chained_pools NO SCROLL CURSOR FOR
      SELECT product_id, contract_version, share_version, currency, before, after,
        referred_before, referred_after
      FROM pool_changes WHERE settlement_id = \(id.uuid)
      ORDER BY product_id, contract_version, share_version, currency COLLATE "C"
      """)
    while true {
      let pools = try await tx.all(
        "FETCH 4000 FROM chained_pools",
        as: (UUID, Int32, Int32, String, Int64, Int64, Int64, Int64).self)
      if pools.isEmpty { break }
      for (product, contract, share, currency, before, after, referredBefore, referredAfter)
        in pools
      {
        let amounts = [before, after, referredBefore, referredAfter].map(NineDigits.text)
        hash.add(
          "pool \(ProductID(uuid: product)) \(contract) \(share) \(currency) "
            + amounts.joined(separator: " ") + "\n")
      }
    }
    try await tx.execute("CLOSE chained_pools")
  }

  private static func addCredits(
    of id: SettlementID, to hash: inout Digest.Stream, in tx: Transaction
  ) async throws {
    let credits = try await tx.all(
      """
      SELECT currency, sum(members)::bigint, sum(credited)::bigint FROM deliveries
      WHERE settlement_id = \(id.uuid) GROUP BY currency ORDER BY currency COLLATE "C"
      """, as: (String, Int64, Int64).self)
    for (currency, members, credited) in credits {
      hash.add("credited \(currency) \(members) \(NineDigits.text(credited))\n")
    }
  }
}
