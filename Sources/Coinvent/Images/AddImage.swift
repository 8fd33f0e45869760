import Postgres

/// Adds a picture to an idea; the same bytes again are the same image.
public enum AddImage {
  public enum Outcome: Sendable {
    case alreadyThere(IdeaImage)
    case added(IdeaImage)
    /// The idea has as many as it may.
    case full
    case refused(ImageRefusal)
  }

  /// What can be said before the image is read; nil when it is to be read.
  /// - Parameter sha256: of the bytes that were sent.
  /// - Throws: `Banned`.
  public static func foresee(
    _ sha256: [UInt8], idea: IdeaID, by author: MemberID, at now: Timestamp = .now,
    in tx: Transaction
  ) async throws -> Outcome? {
    try await Ban.refuse(author, .ideas, at: now, in: tx)
    if let refusal = try await ImageRefusal.of(idea, to: author, in: tx) {
      return .refused(refusal)
    }
    if let image = try await IdeaImage.find(sha256: sha256, of: idea, in: tx) {
      return .alreadyThere(image)
    }
    return try await count(of: idea, in: tx) < IdeaImage.most ? nil : .full
  }

  /// - Parameter description: what it shows; has no fault.
  public static func run(
    _ picture: ImageProgram.Picture, sha256: [UInt8], description: String?, idea: IdeaID,
    by author: MemberID, at now: Timestamp = .now, in tx: Transaction
  ) async throws -> Outcome {
    if let outcome = try await foresee(sha256, idea: idea, by: author, at: now, in: tx) {
      return outcome
    }
    let id = ImageID.new(at: now)
    let place = Int32(try await count(of: idea, in: tx) + 1)
    let image = try await tx.one(
      """
      INSERT INTO idea_images (idea_id, id, sha256, type, width, height, frames, byte_count,
                               description, place, added_at)
      VALUES (\(idea.uuid), \(id.uuid), \(sha256), \(picture.type), \(Int32(picture.width)),
              \(Int32(picture.height)), \(Int32(picture.frames)), \(Int32(picture.cleaned.count)),
              \(description?.trimmed), \(place), \(now))
      RETURNING \(IdeaImage.columns)
      """, of: IdeaImage.self)
    let forms = [
      (IdeaImage.Side.whole, picture.cleaned), (.large, picture.large), (.small, picture.small),
    ]
    for (side, bytes) in forms {
      try await tx.execute(
        """
        INSERT INTO image_bytes (idea_id, image_id, side, bytes)
        VALUES (\(idea.uuid), \(id.uuid), \(side.rawValue), \(bytes))
        """)
    }
    return .added(image)
  }

  private static func count(of idea: IdeaID, in tx: Transaction) async throws -> Int {
    let count = try await tx.one(
      "SELECT count(*) FROM idea_images WHERE idea_id = \(idea.uuid) AND deleted_at IS NULL",
      as: Int64.self)
    return Int(count)
  }
}
