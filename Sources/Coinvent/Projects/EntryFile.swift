import Postgres

/// A file or an image of an entry, without its bytes.
public struct EntryFile: Sendable, RowDecodable {
  public let product: ProductID
  public let id: EntryFileID
  public let project: ProjectID
  public let uploader: MemberID
  public let field: String
  public let mediaType: String
  public let byteCount: Int64
  /// Of an image.
  public let width: Int64?
  public let height: Int64?
  public let uploadedAt: Timestamp
  /// The entry that uses it.
  public let entry: EntryID?

  /// The most that a member holds in a project without using them.
  public static let mostHeld = 20
  /// How long one that nobody uses is kept.
  public static let heldFor = Duration.seconds(86_400)

  public var isImage: Bool { width != nil }

  /// How its name ends.
  public var ending: String {
    FileType(rawValue: mediaType)?.ending ?? String(mediaType.drop { $0 != "/" }.dropFirst())
  }

  static let columns: Query =
    """
    product_id, id, project_id, uploader_id, field, media_type, byte_count, width, height,
    uploaded_at, entry_id
    """

  public init(row: inout RowReader) throws {
    product = ProductID(uuid: try row.next())
    id = EntryFileID(uuid: try row.next())
    project = ProjectID(uuid: try row.next())
    uploader = MemberID(uuid: try row.next())
    field = try row.next()
    mediaType = try row.next()
    byteCount = Int64(try row.next(Int32.self))
    width = try row.next(Int32?.self).map(Int64.init)
    height = try row.next(Int32?.self).map(Int64.init)
    uploadedAt = try row.next()
    entry = try row.next(UUID?.self).map(EntryID.init(uuid:))
  }

  public static func find(_ id: EntryFileID, of product: ProductID, in db: some Queryable)
    async throws -> EntryFile?
  {
    try await db.first(
      """
      SELECT \(columns) FROM entry_files WHERE product_id = \(product.uuid) AND id = \(id.uuid)
      """, of: EntryFile.self)
  }

  /// Those that entries use.
  public static func of(_ entries: [ProjectEntry], in db: some Queryable) async throws
    -> [EntryFile]
  {
    if entries.isEmpty { return [] }
    return try await db.all(
      """
      SELECT \(columns) FROM entry_files
      WHERE product_id = ANY(\(Array(Set(entries.map(\.product.uuid)))))
        AND entry_id = ANY(\(entries.map(\.id.uuid)))
      ORDER BY id
      """, of: EntryFile.self)
  }

  /// Nil for a form that it does not have.
  public func bytes(_ side: IdeaImage.Side, in db: some Queryable) async throws -> [UInt8]? {
    try await db.first(
      """
      SELECT bytes FROM entry_file_bytes
      WHERE product_id = \(product.uuid) AND file_id = \(id.uuid) AND side = \(side.rawValue)
      """, as: [UInt8].self)
  }
}
