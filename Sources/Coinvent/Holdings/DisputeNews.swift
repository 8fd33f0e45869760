import Postgres

/// Tells those whom a dispute concerns what has become of it.
enum DisputeNews {
  /// The statement that finds who is told.
  typealias Audience = @Sendable (ProductID, DisputeID) -> Query

  static let inventorAndCurators: Audience = { product, _ in
    """
    SELECT inventor_id FROM products WHERE id = \(product.uuid)
    UNION SELECT id FROM members WHERE role = 'curator'
    """
  }

  static let inventorAndDisputant: Audience = { product, dispute in
    """
    SELECT inventor_id FROM products WHERE id = \(product.uuid)
    UNION SELECT member_id FROM disputes
      WHERE product_id = \(product.uuid) AND id = \(dispute.uuid)
    """
  }

  static func post(
    _ line: String, about dispute: DisputeID, of product: ProductID, by actor: MemberID,
    to audience: Audience, at now: Timestamp, in tx: Transaction
  ) async throws {
    let members = try await tx.all(audience(product, dispute), as: UUID.self)
    try await Notify.post(
      .dispute, about: IdeaID(uuid: product.uuid), subject: dispute.uuid, detail: line, by: actor,
      to: .members(members.map(MemberID.init(uuid:))), at: now, in: tx)
  }
}
