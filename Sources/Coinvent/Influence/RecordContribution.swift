import Postgres

/// What became of a contribution.
public enum RecordContributionOutcome: Sendable {
  case recorded(UUID)
  case unknownProduct
  case unknownMember
  /// The product's recipes have no such slice, or not for that role: nothing could ever be earned.
  case sliceNotInRecipe
}

/// Adds one influence event: something a member did was adopted into the product.
public enum RecordContribution {
  public static func run(
    product: ProductID, member: MemberID, slice: Slice, role: ContributionRole = .any,
    weight: Int64 = 1, spread: Int64? = nil, place: Int64? = nil,
    guess: InfluenceEvent.Guess? = nil, evidence: String, by: MemberID?, at: Timestamp,
    in tx: Transaction
  ) async throws -> RecordContributionOutcome {
    guard try await AddEvents.hold(product, in: tx) else { return .unknownProduct }
    let known = try await tx.one(
      """
      SELECT EXISTS (SELECT 1 FROM members WHERE id = \(member.uuid)),
        EXISTS (SELECT 1 FROM recipe_slices
                WHERE product_id = \(product.uuid) AND slice = \(slice.rawValue)
                  AND (role = '' OR role = coalesce(nullif(\(role.rawValue), ''), 'entry')))
      """, as: (Bool, Bool).self)
    guard known.0 else { return .unknownMember }
    guard known.1 else { return .sliceNotInRecipe }
    let event = InfluenceEvent(
      id: UUID.v7(now: at), member: member, slice: slice, role: role, weight: weight,
      spread: spread, place: place, guess: guess, occurredAt: at)
    try await AddEvents.run([(event, evidence)], to: product, by: by, in: tx)
    return .recorded(event.id)
  }
}
