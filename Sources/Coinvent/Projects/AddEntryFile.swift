import Postgres

/// Takes a file that is to be part of an entry. It is its uploader's until an entry uses it.
public enum AddEntryFile {
  /// What was sent, once it has been looked at.
  public enum Content: Sendable {
    case image(ImageProgram.Picture)
    case file(FileType, [UInt8])
  }

  /// What a field asks for.
  public enum Wanted: Sendable, Equatable {
    case image
    case file(types: [FileType], mostBytes: Int)
  }

  public enum Refusal: Sendable {
    case unknown
    case notTaken(Project)
    /// The form has no such field, or the field asks for something else.
    case noFileField
    /// The member holds as many as may be held.
    case tooMany
  }

  public enum Foresight: Sendable {
    case take(Wanted)
    case refuse(Refusal)
  }

  /// What can be said before the bytes are looked at.
  /// - Throws: `Banned`.
  public static func foresee(
    field name: String, in id: ProjectID, of product: ProductID, by uploader: MemberID,
    at now: Timestamp = .now, tx: Transaction
  ) async throws -> Foresight {
    try await Ban.refuse(uploader, .ideas, at: now, in: tx)
    guard let project = try await Project.find(id, of: product, in: tx), project.state != .draft
    else { return .refuse(.unknown) }
    guard project.takesEntries(at: now) else { return .refuse(.notTaken(project)) }
    let wanted: Wanted? =
      switch try EntryForm(project.form).field(name)?.kind {
      case .image: .image
      case .file(let types, let most): .file(types: types, mostBytes: most)
      case .text, .number, .units, .choice, nil: nil
      }
    guard let wanted else { return .refuse(.noFileField) }
    let held = try await tx.one(
      """
      SELECT count(*) FROM entry_files
      WHERE product_id = \(product.uuid) AND project_id = \(id.uuid)
        AND uploader_id = \(uploader.uuid) AND entry_id IS NULL
      """, as: Int64.self)
    return held < Int64(EntryFile.mostHeld) ? .take(wanted) : .refuse(.tooMany)
  }

  /// - Precondition: `foresee` has just said that such a content is taken, in this transaction.
  public static func run(
    _ content: Content, sha256: [UInt8], field: String, in project: ProjectID,
    of product: ProductID, by uploader: MemberID, at now: Timestamp = .now, tx: Transaction
  ) async throws -> EntryFile {
    let id = EntryFileID.new(at: now)
    let (type, forms, size) = parts(of: content)
    let file = try await tx.one(
      """
      INSERT INTO entry_files (product_id, id, project_id, uploader_id, field, media_type, sha256,
                               byte_count, width, height, uploaded_at, unused_since)
      VALUES (\(product.uuid), \(id.uuid), \(project.uuid), \(uploader.uuid), \(field), \(type),
              \(sha256), \(Int32(forms[0].bytes.count)), \(size?.width), \(size?.height), \(now),
              \(now))
      RETURNING \(EntryFile.columns)
      """, of: EntryFile.self)
    for (side, bytes) in forms {
      try await tx.execute(
        """
        INSERT INTO entry_file_bytes (product_id, file_id, side, bytes)
        VALUES (\(product.uuid), \(id.uuid), \(side.rawValue), \(bytes))
        """)
    }
    return file
  }

  private typealias Form = (side: IdeaImage.Side, bytes: [UInt8])

  private static func parts(of content: Content) -> (
    type: String, forms: [Form], size: (width: Int32, height: Int32)?
  ) {
    switch content {
    case .file(let type, let bytes): (type.rawValue, [(.whole, bytes)], nil)
    case .image(let picture):
      (
        picture.type.mediaType,
        [(.whole, picture.cleaned), (.large, picture.large), (.small, picture.small)],
        (Int32(picture.width), Int32(picture.height))
      )
    }
  }
}

/// Deletes files that no entry has used for a day.
public enum ForgetFiles {
  /// - Parameter limit: files in one go; call again while the answer is not 0.
  public static func run(at now: Timestamp = .now, limit: Int = 100, in pool: Pool) async throws
    -> Int
  {
    try await pool.execute(
      """
      DELETE FROM entry_files WHERE (product_id, id) IN (
        SELECT product_id, id FROM entry_files
        WHERE entry_id IS NULL AND unused_since < \(now - EntryFile.heldFor)
        ORDER BY unused_since LIMIT \(limit) FOR UPDATE SKIP LOCKED)
      """)
  }
}
