import Postgres

/// Says anew what an image shows, or where among the idea's images it stands.
public enum ChangeImage {
  public enum Outcome: Sendable {
    case changed(IdeaImage)
    case refused(ImageRefusal)
  }

  /// - Parameters:
  ///   - description: nil leaves it, an empty one takes it away; has no fault otherwise.
  ///   - place: from 1; beyond the last it becomes the last. The others make room.
  public static func run(
    _ id: ImageID, description: String?, place: Int32?, by author: MemberID, in tx: Transaction
  ) async throws -> Outcome {
    guard let found = try await IdeaImage.find(id, in: tx) else { return .refused(.unknown) }
    if let refusal = try await ImageRefusal.of(found.idea, to: author, in: tx) {
      return .refused(refusal)
    }
    // Where it stands is sure only now that the idea is locked.
    guard let image = try await IdeaImage.find(id, in: tx), let from = image.place else {
      return .refused(.unknown)
    }
    if let description {
      let text = description.trimmed
      try await tx.execute(
        """
        UPDATE idea_images SET description = \(text.isEmpty ? nil : text)
        WHERE idea_id = \(image.idea.uuid) AND id = \(id.uuid)
        """)
    }
    if let place { try await move(image, from: from, to: place, in: tx) }
    guard let changed = try await IdeaImage.find(id, in: tx) else { return .refused(.unknown) }
    return .changed(changed)
  }

  private static func move(
    _ image: IdeaImage, from: Int32, to wish: Int32, in tx: Transaction
  ) async throws {
    let last = Int32(try await IdeaImage.all(of: image.idea, in: tx).count)
    let place = min(wish, last)
    let step: Int32 = place < from ? 1 : -1
    try await tx.execute(
      """
      UPDATE idea_images
      SET place = CASE WHEN id = \(image.id.uuid) THEN \(place) ELSE place + \(step) END
      WHERE idea_id = \(image.idea.uuid)
        AND place BETWEEN \(min(from, place)) AND \(max(from, place))
      """)
  }
}
