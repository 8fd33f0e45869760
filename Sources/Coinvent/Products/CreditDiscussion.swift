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
    let events = claims.map { id, author, markedAt in
      (event(id, by: MemberID(uuid: author), at: markedAt), CommentID(uuid: id).description)
    }
    try await AddEvents.run(events, to: product, by: nil, in: tx)
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
    _ = try await AddEvents.hold(product, in: tx)
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
    let event = event(comment.id.uuid, by: comment.author, at: now)
    try await AddEvents.run(
      [(event, comment.id.description)], to: product, by: marker, in: tx)
    return .credited
  }

  private static func event(_ id: UUID, by author: MemberID, at: Timestamp) -> InfluenceEvent {
    InfluenceEvent(id: id, member: author, slice: .ideaDiscussion, occurredAt: at)
  }
}
