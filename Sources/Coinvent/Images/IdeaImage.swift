import Postgres

/// A picture of an idea, without its bytes.
public struct IdeaImage: Sendable, RowDecodable {
  public let id: ImageID
  public let idea: IdeaID
  public let type: ImageType
  public let width: Int32
  public let height: Int32
  public let frames: Int32
  /// Of the image itself, as it is sent.
  public let byteCount: Int32
  /// What it shows, for who cannot see it.
  public let description: String?
  /// From 1; nil when it is deleted.
  public let place: Int32?
  public let addedAt: Timestamp

  /// The most that an idea has.
  public static let most = 8

  /// The forms it is sent in; a thumbnail fits into a square of so many pixels.
  public enum Side: Int32, Sendable, CaseIterable {
    case whole = 0
    case small = 320
    case large = 1280
  }

  /// What is wrong with a description; nil when nothing is.
  public static func fault(description: String) -> String? { description.trimmed.fault(1...200) }

  /// The columns that `init(row:)` reads, in its order.
  static let columns: Query =
    "id, idea_id, type, width, height, frames, byte_count, description, place, added_at"

  public init(row: inout RowReader) throws {
    id = ImageID(uuid: try row.next(UUID.self))
    idea = IdeaID(uuid: try row.next(UUID.self))
    type = try row.next(ImageType.self)
    width = try row.next(Int32.self)
    height = try row.next(Int32.self)
    frames = try row.next(Int32.self)
    byteCount = try row.next(Int32.self)
    description = try row.next(String?.self)
    place = try row.next(Int32?.self)
    addedAt = try row.next(Timestamp.self)
  }

  /// All of an idea, in their order.
  public static func all(of idea: IdeaID, in db: some Queryable) async throws -> [IdeaImage] {
    try await db.all(
      """
      SELECT \(columns) FROM idea_images WHERE idea_id = \(idea.uuid) AND deleted_at IS NULL
      ORDER BY place
      """, of: IdeaImage.self)
  }

  /// Deleted ones too. A fan-out over ideas, by index: the address of an image is its id alone.
  public static func find(_ id: ImageID, in db: some Queryable) async throws -> IdeaImage? {
    try await db.first(
      "SELECT \(columns) FROM idea_images WHERE id = \(id.uuid)", of: IdeaImage.self)
  }

  static func find(sha256: [UInt8], of idea: IdeaID, in db: some Queryable) async throws
    -> IdeaImage?
  {
    try await db.first(
      """
      SELECT \(columns) FROM idea_images
      WHERE idea_id = \(idea.uuid) AND sha256 = \(sha256) AND deleted_at IS NULL
      """, of: IdeaImage.self)
  }

  /// Nil when it was deleted.
  public func bytes(_ side: Side, in db: some Queryable) async throws -> [UInt8]? {
    try await db.first(
      """
      SELECT bytes FROM image_bytes
      WHERE idea_id = \(idea.uuid) AND image_id = \(id.uuid) AND side = \(side.rawValue)
      """, as: [UInt8].self)
  }
}

public struct ImageID: EntityID {
  public static let prefix = "img"
  public let uuid: UUID
  public init(uuid: UUID) { self.uuid = uuid }
}

extension ImageType: PostgresEncodable, PostgresDecodable {}

/// Why the images of an idea stay as they are.
public enum ImageRefusal: Sendable, Equatable {
  case unknown
  /// The idea belongs to somebody else.
  case notAuthor
  /// It is past the states whose texts may change.
  case frozen(Idea.State)

  /// Locks the idea. Nil for who may change its images.
  static func of(_ idea: IdeaID, to member: MemberID, in tx: Transaction) async throws
    -> ImageRefusal?
  {
    let held = try await tx.first(
      "SELECT author_id, state FROM ideas WHERE id = \(idea.uuid) FOR NO KEY UPDATE",
      as: (UUID, Idea.State).self)
    guard let (author, state) = held else { return .unknown }
    guard author == member.uuid else { return state.isHidden ? .unknown : .notAuthor }
    return state.isEditable ? nil : .frozen(state)
  }
}
