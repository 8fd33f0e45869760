import Postgres

/// Deletes an image: its bytes go, its row says that it was there.
public enum DeleteImage {
  public enum Outcome: Sendable, Equatable {
    /// It is gone, now or already.
    case deleted
    case refused(ImageRefusal)
  }

  public static func run(
    _ id: ImageID, by author: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    guard let found = try await IdeaImage.find(id, in: tx) else { return .refused(.unknown) }
    if let refusal = try await ImageRefusal.of(found.idea, to: author, in: tx) {
      return .refused(refusal)
    }
    guard let place = try await IdeaImage.find(id, in: tx)?.place else { return .deleted }
    try await tx.execute(
      """
      UPDATE idea_images SET place = NULL, description = NULL, deleted_at = \(now)
      WHERE idea_id = \(found.idea.uuid) AND id = \(id.uuid)
      """)
    try await tx.execute(
      """
      UPDATE idea_images SET place = place - 1
      WHERE idea_id = \(found.idea.uuid) AND place > \(place)
      """)
    try await tx.execute(
      "DELETE FROM image_bytes WHERE idea_id = \(found.idea.uuid) AND image_id = \(id.uuid)")
    return .deleted
  }

  /// All of an idea whose words go too.
  static func all(of idea: IdeaID, at now: Timestamp, in tx: Transaction) async throws {
    try await tx.execute(
      """
      UPDATE idea_images SET place = NULL, description = NULL, deleted_at = \(now)
      WHERE idea_id = \(idea.uuid) AND deleted_at IS NULL
      """)
    try await tx.execute("DELETE FROM image_bytes WHERE idea_id = \(idea.uuid)")
  }
}
