import Postgres

/// What became of a contribution.
public enum RecordContributionOutcome: Sendable {
  case recorded(UUID)
  case unknownProduct
  case unknownMember
  /// The product's recipe has no such slice, so that nothing could ever be earned.
  case sliceNotInRecipe
}

/// Adds one influence event: something a member did was adopted into the product.
public enum RecordContribution {
  public static func run(
    product: ProductID, member: MemberID, slice: Slice, weight: Int64, evidence: String,
    by: MemberID?, at: Timestamp, in tx: Transaction
  ) async throws -> RecordContributionOutcome {
    // A snapshot in the making waits for this event, or this event for the snapshot.
    try await tx.execute("SELECT 1 FROM products WHERE id = \(product.uuid) FOR SHARE")
    let known = try await tx.one(
      """
      SELECT EXISTS (SELECT 1 FROM products WHERE id = \(product.uuid)),
        EXISTS (SELECT 1 FROM members WHERE id = \(member.uuid)),
        EXISTS (SELECT 1 FROM recipe_slices
                WHERE product_id = \(product.uuid) AND slice = \(slice.rawValue))
      """, as: (Bool, Bool, Bool).self)
    guard known.0 else { return .unknownProduct }
    guard known.1 else { return .unknownMember }
    guard known.2 else { return .sliceNotInRecipe }
    let id = UUID.v7(now: at)
    try await insert(
      id: id, product: product, member: member, slice: slice, weight: weight, evidence: evidence,
      occurredAt: at, by: by, in: tx)
    return .recorded(id)
  }

  static func insert(
    id: UUID, product: ProductID, member: MemberID, slice: Slice, weight: Int64, evidence: String,
    occurredAt: Timestamp, by: MemberID?, in tx: Transaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO influence_events
        (product_id, id, member_id, slice, weight, evidence, occurred_at, recorded_by)
      VALUES (\(product.uuid), \(id), \(member.uuid), \(slice.rawValue), \(weight), \(evidence),
              \(occurredAt), \(by?.uuid))
      """)
  }
}
