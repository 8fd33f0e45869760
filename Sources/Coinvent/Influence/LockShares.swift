import Postgres

/// What became of a request to lock, the idempotent repeat first.
public enum LockSharesOutcome: Sendable, Equatable {
  case alreadyLocked(version: Int)
  case locked(version: Int)
  case unknownProduct
  case nothingProposed
  case disputeWindowOpen(until: Timestamp)
  /// Another recipe has come into force since they were proposed, and would govern their start.
  case recipeChanged(version: Int)
  /// Somebody has to answer it first.
  case disputeOpen(DisputeID)
  /// They were found wrong: propose them again.
  case disputeUpheld(DisputeID)
}

/// Locks the proposed shares of a product; from then on money moves on them.
public enum LockShares {
  public static func run(product: ProductID, by: MemberID?, in tx: Transaction) async throws
    -> LockSharesOutcome
  {
    try await SettlementGate.pass(in: tx)
    let exists = try await tx.first(
      "SELECT id FROM products WHERE id = \(product.uuid) FOR UPDATE", as: UUID.self)
    guard exists != nil else { return .unknownProduct }
    let latest = try await tx.first(
      """
      SELECT version, state, dispute_until, clock_timestamp(), recipe_version
      FROM share_versions
      WHERE product_id = \(product.uuid) ORDER BY version DESC LIMIT 1
      """, as: (Int32, String, Timestamp, Timestamp, Int32).self)
    guard let (version, state, disputeUntil, now, recipe) = latest else { return .nothingProposed }
    if state == "locked" { return .alreadyLocked(version: Int(version)) }
    if now < disputeUntil { return .disputeWindowOpen(until: disputeUntil) }
    let governing = try await ReadInfluence.governing(product, at: now, in: tx)
    if let governing, governing.version != Int(recipe) {
      return .recipeChanged(version: governing.version)
    }
    if let dispute = try await Dispute.obstacle(to: Int(version), of: product, in: tx) {
      return dispute.isOpen ? .disputeOpen(dispute.id) : .disputeUpheld(dispute.id)
    }
    // The first locked shares have no start: they govern every earlier sale too.
    try await tx.execute(
      """
      UPDATE share_versions v SET state = 'locked', locked_at = \(now), locked_by = \(by?.uuid),
        starts_at = CASE WHEN EXISTS (
            SELECT 1 FROM share_versions o
            WHERE o.product_id = v.product_id AND o.state = 'locked')
          THEN greatest(v.starts_at, \(now)) ELSE '-infinity' END
      WHERE v.product_id = \(product.uuid) AND v.version = \(version)
      """)
    return .locked(version: Int(version))
  }
}
