import Ledger
import Postgres

/// Makes a product of an accepted idea: its rules, and the influence that the idea has earned.
public enum OpenProduct {
  /// Opens the product, records its first recipe and contract, and credits the inventor and every
  /// member whose vote stood when the idea was accepted.
  /// - Parameter openedAt: when voting began; votes since then tell how far a member spread them.
  @discardableResult
  public static func run(
    idea: IdeaID, name: String, inventor: MemberID, openedAt: Timestamp, recipe: Recipe,
    contract: ContractTerms, decidedAt: Timestamp, in tx: Transaction
  ) async throws -> ProductID {
    let product = ProductID(uuid: idea.uuid)
    try await tx.execute(
      """
      INSERT INTO products (id, name, inventor_id, created_at)
      VALUES (\(product.uuid), \(name), \(inventor.uuid), \(decidedAt))
      """)
    try await ProductStage.begin(product, at: decidedAt, in: tx)
    try await StoreRecipe.run(
      recipe, of: product, version: 1, reason: "", by: nil, at: decidedAt, in: tx)
    try await StoreContract.run(contract, of: product, version: 1, at: decidedAt, in: tx)
    let invention = InfluenceEvent(
      id: UUID.v7(now: decidedAt), member: inventor, slice: .inventor, occurredAt: openedAt)
    try await AddEvents.run([(invention, idea.description)], to: product, by: nil, in: tx)
    try await creditVotes(
      idea: idea, product: product, openedAt: openedAt, decidedAt: decidedAt, in: tx)
    try await CreditDiscussion.run(idea: idea, product: product, in: tx)
    if recipe.parts.contains(where: { $0.slice == .catalyst }) {
      try await CreditCatalysts.run(idea: idea, product: product, in: tx)
    }
    return product
  }

  /// One event a standing vote, with how many votes the member spread over the idea's window.
  private static func creditVotes(
    idea: IdeaID, product: ProductID, openedAt: Timestamp, decidedAt: Timestamp,
    in tx: Transaction
  ) async throws {
    let votes = try await tx.all(
      """
      SELECT v.member_id, v.cast_at,
        (SELECT count(*) FROM votes o
         WHERE o.member_id = v.member_id AND o.cast_at >= \(openedAt) AND o.cast_at <= \(decidedAt))
      FROM votes v WHERE v.idea_id = \(idea.uuid)
      """, as: (UUID, Timestamp, Int64).self)
    let events = votes.map { member, castAt, spread in
      InfluenceEvent(
        id: UUID.v7(now: castAt), member: MemberID(uuid: member), slice: .ideaVotes,
        spread: max(1, spread), occurredAt: castAt)
    }
    try await AddEvents.run(
      events.map { ($0, "vote for \(idea)") }, to: product, by: nil, in: tx)
  }
}
