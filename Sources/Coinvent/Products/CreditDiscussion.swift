import Postgres

/// Credits members whose comments were marked helpful: one equal part for each such comment,
/// however many have marked it. An event has the id of its comment, so that there is never a
/// second one.
enum CreditDiscussion {
  /// What stands at acceptance. What its author or a curator has taken out of sight is no evidence
  /// and earns nothing.
  static func run(idea: IdeaID, product: ProductID, in tx: Transaction) async throws {
    let claims = try await tx.all(
      """
      SELECT c.id, c.author_id, min(m.marked_at)
      FROM comments c JOIN helpful_marks m ON m.idea_id = c.idea_id AND m.comment_id = c.id
      WHERE c.idea_id = \(idea.uuid) AND c.state = 'visible'
      GROUP BY c.id, c.author_id
      """, as: (UUID, UUID, Timestamp).self)
    for (id, author, markedAt) in claims {
      try await RecordContribution.insert(
        id: id, product: product, member: MemberID(uuid: author), slice: .ideaDiscussion,
        weight: 1, evidence: CommentID(uuid: id).description, occurredAt: markedAt, by: nil,
        in: tx)
    }
  }

  enum Outcome {
    /// Now, or by an earlier mark.
    case credited
    case sharesFrozen
    case noSlice
  }

  /// A comment that is marked when the idea is a product already.
  static func later(
    _ comment: Comment, by marker: MemberID, at now: Timestamp, in tx: Transaction
  ) async throws -> Outcome {
    let product = ProductID(uuid: comment.idea.uuid)
    // A snapshot in the making waits for this event, or this event for the snapshot.
    try await tx.execute("SELECT 1 FROM products WHERE id = \(product.uuid) FOR SHARE")
    let (isCredited, isFrozen, hasSlice) = try await tx.one(
      """
      SELECT EXISTS (SELECT FROM influence_events
                     WHERE product_id = \(product.uuid) AND id = \(comment.id.uuid)),
        EXISTS (SELECT FROM share_versions
                WHERE product_id = \(product.uuid) AND state <> 'superseded'),
        EXISTS (SELECT FROM recipe_slices
                WHERE product_id = \(product.uuid) AND slice = \(Slice.ideaDiscussion.rawValue))
      """, as: (Bool, Bool, Bool).self)
    if isCredited { return .credited }
    if isFrozen { return .sharesFrozen }
    guard hasSlice else { return .noSlice }
    try await RecordContribution.insert(
      id: comment.id.uuid, product: product, member: comment.author, slice: .ideaDiscussion,
      weight: 1, evidence: comment.id.description, occurredAt: now, by: marker, in: tx)
    return .credited
  }
}
