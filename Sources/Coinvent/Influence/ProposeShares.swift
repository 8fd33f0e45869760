import Postgres

/// What became of a proposal.
public enum ProposeSharesOutcome: Sendable {
  case proposed(version: Int, disputeUntil: Timestamp)
  case unknownProduct
}

/// Freezes a product's shares as they stand and opens the window in which they may be disputed.
/// A proposal that was not locked yet is superseded.
public enum ProposeShares {
  /// Days of the dispute window when the caller names none.
  public static let defaultDays: Int64 = 14

  public static func run(
    product: ProductID, disputeDays: Int64, by: MemberID?, in tx: Transaction
  ) async throws -> ProposeSharesOutcome {
    try await tx.execute("SELECT 1 FROM products WHERE id = \(product.uuid) FOR UPDATE")
    let (now, last) = try await tx.one(
      """
      SELECT clock_timestamp(), coalesce(max(version), 0)
      FROM share_versions WHERE product_id = \(product.uuid)
      """, as: (Timestamp, Int32).self)
    try await RecordChanges.followAll(in: product, at: now, tx: tx)
    guard let snapshot = try await Snapshot.now(of: product, at: now, in: tx) else {
      return .unknownProduct
    }
    try await tx.execute(
      """
      UPDATE share_versions SET state = 'superseded'
      WHERE product_id = \(product.uuid) AND state = 'proposed'
      """)
    let version = Int(last) + 1
    let disputeUntil = now + .seconds(disputeDays * 86_400)
    try await insert(
      snapshot, product: product, version: version, at: now, disputeUntil: disputeUntil, by: by,
      in: tx)
    return .proposed(version: version, disputeUntil: disputeUntil)
  }

  private static func insert(
    _ snapshot: Snapshot, product: ProductID, version: Int, at now: Timestamp,
    disputeUntil: Timestamp, by: MemberID?, in tx: Transaction
  ) async throws {
    let shares = snapshot.shares
    let totals = snapshot.totals
    try await tx.execute(
      """
      INSERT INTO share_versions
        (product_id, version, state, recipe_version, starts_at, horizon, sha256, total_ppb,
         proposed_at, proposed_by, dispute_until)
      VALUES (\(product.uuid), \(version)::bigint, 'proposed',
              \(snapshot.recipeVersion)::bigint, \(now), \(snapshot.horizon),
              \(snapshot.sha256), \(totals.reduce(0) { $0 + $1.ppb }), \(now),
              \(by?.uuid), \(disputeUntil))
      """)
    try await tx.execute(
      """
      INSERT INTO shares (product_id, version, slice, role, member_id, ppb, reason)
      SELECT \(product.uuid), \(version)::bigint, slice, role, member_id, ppb, reason
      FROM unnest(\(shares.map(\.slice))::text[], \(shares.map(\.role.rawValue))::text[],
                  \(shares.map { $0.member?.uuid ?? UUID.zero })::uuid[],
                  \(shares.map(\.ppb))::bigint[], \(shares.map(\.reason))::text[])
        AS share (slice, role, member_id, ppb, reason)
      """)
    try await tx.execute(
      """
      INSERT INTO share_totals (product_id, version, member_id, ppb)
      SELECT \(product.uuid), \(version)::bigint, member_id, ppb
      FROM unnest(\(totals.map(\.holder))::uuid[], \(totals.map(\.ppb))::bigint[])
        AS total (member_id, ppb)
      """)
  }
}
