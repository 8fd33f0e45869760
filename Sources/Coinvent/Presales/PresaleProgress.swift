import Postgres

/// A presale as everybody may see it.
public struct PresaleProgress: Sendable {
  public let presale: Presale
  public let tiers: [PresaleTier]
  public let extensions: [PresaleExtension]
  /// Who has committed and not cancelled.
  public let members: Int64
  /// Units that are paid for and not sent back.
  public let capturedUnits: Int64

  /// The last presale of a product. Let the transaction be repeatable-read for one moment's view.
  public static func latest(of product: ProductID, in db: some Queryable) async throws
    -> PresaleProgress?
  {
    guard let presale = try await Presale.latest(of: product, in: db) else { return nil }
    let (members, captured) = try await db.one(
      """
      SELECT count(DISTINCT member_id) FILTER (WHERE state <> 'cancelled'),
        coalesce(sum(units) FILTER (WHERE state IN ('captured', 'refund_due', 'refunding')),
                 0)::bigint
      FROM commitments WHERE product_id = \(product.uuid) AND presale = \(presale.number)
      """, as: (Int64, Int64).self)
    return PresaleProgress(
      presale: presale, tiers: try await PresaleTier.all(of: presale, in: db),
      extensions: try await PresaleExtension.all(of: presale, in: db), members: members,
      capturedUnits: captured)
  }
}
